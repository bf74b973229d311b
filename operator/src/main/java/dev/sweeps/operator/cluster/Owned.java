package dev.sweeps.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;

/** Owner references. Deletion follows them and is done by the garbage collector of Kubernetes, not by the operator. */
public final class Owned {
    private Owned() {}

    /** Returns an owner reference, with which deletion of the owner deletes the dependent and foreground deletion waits for it. */
    public static OwnerReference by(HasMetadata owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }

    /** Whether the dependent was made for this very owner, and not for an earlier one of the same name. */
    public static boolean isBy(HasMetadata owner, HasMetadata dependent) {
        return dependent.getMetadata().getOwnerReferences().stream()
                .anyMatch(reference ->
                        reference.getUid().equals(owner.getMetadata().getUid()));
    }
}
