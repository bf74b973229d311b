package dev.sweeps.operator.cluster;

import dev.sweeps.api.v1alpha1.Api;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the owner of an object from its labels. {@link Owned} checks the real owner. */
public final class Labels {
    private Labels() {}

    /** Returns the Sweep of a Trial, Job or Pod; empty if it has no such label. */
    public static Set<ResourceID> sweepOf(HasMetadata made) {
        return named(made, Api.SWEEP_LABEL);
    }

    /** Returns the Trial of a Job or Pod; empty if it has no such label. */
    public static Set<ResourceID> trialOf(HasMetadata made) {
        return named(made, Api.TRIAL_LABEL);
    }

    /** Returns the labels that are used. */
    static Map<String, String> ours(Map<String, String> all) {
        Map<String, String> ours = new HashMap<>();
        for (String label : List.of(Api.SWEEP_LABEL, Api.TRIAL_LABEL)) {
            if (all != null && all.containsKey(label)) {
                ours.put(label, all.get(label));
            }
        }
        return ours;
    }

    private static Set<ResourceID> named(HasMetadata made, String label) {
        Map<String, String> labels = made.getMetadata().getLabels();
        String name = labels == null ? null : labels.get(label);
        return name == null
                ? Set.of()
                : Set.of(new ResourceID(name, made.getMetadata().getNamespace()));
    }
}
