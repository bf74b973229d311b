package dev.sweeps.operator.sweep;

import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.SweepSpec;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.context.ApplicationScoped;

/** Finds out why the spec of a sweep could not be read, which the cache does not record. */
@ApplicationScoped
public class UnreadableSpec {
    private final KubernetesClient client;

    public UnreadableSpec(KubernetesClient client) {
        this.client = client;
    }

    /** Returns a sentence for the user, with one get request. */
    public String problem(Sweep sweep) {
        String why = "";
        try {
            GenericKubernetesResource raw = client.genericKubernetesResources(sweep.getApiVersion(), sweep.getKind())
                    .inNamespace(sweep.getMetadata().getNamespace())
                    .withName(sweep.getMetadata().getName())
                    .get();
            if (raw != null) {
                client.getKubernetesSerialization()
                        .convertValue(raw.getAdditionalProperties().get("spec"), SweepSpec.class);
                why = "it is nested too deeply";
            }
        } catch (RuntimeException e) {
            why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        }
        return "spec: cannot be read (" + why + "); correct it, or delete the Sweep";
    }
}
