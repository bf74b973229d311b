package dev.sweeps.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;

/** Creates objects with deterministic names. */
public final class Creation {
    private Creation() {}

    /**
     * Creates the resource, or finds it there: an earlier attempt may have succeeded without our hearing of it, and our caches may be
     * behind. One of this name that was made for another owner is not ours to use; mostly it was made for an earlier owner of the same
     * name, and goes when the garbage collector comes.
     *
     * @return what is on the server
     * @throws NameTaken if the name belongs to something else, for now
     * @throws NamespaceGoing if the namespace is being deleted, and the owner with it
     * @throws KubernetesClientException if the server refuses
     */
    public static <T extends HasMetadata> T createOrFind(HasMetadata owner, Resource<T> resource) {
        try {
            return resource.create();
        } catch (KubernetesClientException e) {
            if (namespaceIsGoing(e)) {
                throw new NamespaceGoing();
            }
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            T found = resource.get();
            if (found == null) {
                throw e; // Deleted between the two calls: the next pass creates it.
            }
            if (!Owned.isBy(owner, found) || found.isMarkedForDeletion()) {
                throw new NameTaken(found, Owned.isBy(owner, found));
            }
            return found;
        }
    }

    private static boolean namespaceIsGoing(KubernetesClientException e) {
        if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
            // Any other 404 means that the server does not know the kind, for example without its definition.
            return e.getStatus() != null
                    && e.getStatus().getDetails() != null
                    && "namespaces".equals(e.getStatus().getDetails().getKind());
        }
        return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                && e.getStatus() != null
                && e.getStatus().getDetails() != null
                && e.getStatus().getDetails().getCauses().stream()
                        .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
    }

    /** The namespace is being deleted. Nothing can be created in it, and nothing needs to be. */
    public static final class NamespaceGoing extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Another object has the name. */
    public static final class NameTaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final boolean isOwn;

        NameTaken(HasMetadata other, boolean isOwn) {
            super((other.isMarkedForDeletion()
                            ? "%s %s was made for an earlier owner and is being deleted; its name is waited for"
                            : "%s %s exists and was not made for this resource; if it was made for an earlier one of the same name it"
                                    + " is deleted soon, else delete it, or give the sweep another name")
                    .formatted(other.getKind(), other.getMetadata().getName()));
            this.isOwn = isOwn;
        }

        /** Whether the owner itself had it made and is waiting for it to go. */
        public boolean isOwn() {
            return isOwn;
        }
    }
}
