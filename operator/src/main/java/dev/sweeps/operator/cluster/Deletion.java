package dev.sweeps.operator.cluster;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Set;

/** Deletes exactly one object, and not a later one of the same name. The deletions of the client contain no uid. */
public final class Deletion {
    private static final Set<Integer> GONE = Set.of(HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_CONFLICT);

    private Deletion() {}

    /**
     * Deletes the resource and in the background what it owns.
     *
     * @throws KubernetesClientException if the server refuses
     */
    public static void of(KubernetesClient client, HasMetadata resource) {
        DeleteOptions options = new DeleteOptionsBuilder()
                .withPropagationPolicy("Background")
                .withNewPreconditions()
                .withUid(resource.getMetadata().getUid())
                .endPreconditions()
                .build();
        String path = "/apis/" + resource.getApiVersion() + "/namespaces/"
                + resource.getMetadata().getNamespace() + "/" + resource.getPlural() + "/"
                + resource.getMetadata().getName();
        try {
            client.raw(path, "DELETE", options);
        } catch (KubernetesClientException e) {
            if (!GONE.contains(e.getCode())) {
                throw e;
            }
        }
    }
}
