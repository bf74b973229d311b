package dev.sweeps.operator.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.Set;

/** Asks the API server whether it would accept an object, without creating it. */
@ApplicationScoped
public class ServerDryRun {
    /** Status codes with which the server rejects the object itself, and would do so again. */
    private static final Set<Integer> INVALID = Set.of(HttpURLConnection.HTTP_BAD_REQUEST, 422);

    private final KubernetesClient client;

    public ServerDryRun(KubernetesClient client) {
        this.client = client;
    }

    /**
     * The server's own words if it finds the resource invalid, unknown fields included; empty if it would take it, or does not take it
     * now for a reason that is not in the resource (a quota that is used up, a right that is missing): that is said when it is made.
     *
     * @throws KubernetesClientException if the server could not decide, for example because a webhook does not answer
     */
    public Optional<String> problem(GenericKubernetesResource resource) {
        try {
            client.resource(resource)
                    .dryRun()
                    .fieldValidation(Validation.STRICT)
                    .create();
            return Optional.empty();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return Optional.empty();
            }
            if (!INVALID.contains(e.getCode())) {
                throw e;
            }
            return Optional.of(
                    e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage());
        }
    }
}
