package dev.sweeps.operator.sweep;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.plan.SweepPlan.StopTrial;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;

/** Requests that trials end early. The reconciler of the trial ends it and keeps what it had reported. */
final class TrialStops {
    private final KubernetesClient client;

    TrialStops(KubernetesClient client) {
        this.client = client;
    }

    /** Trials for which a request was sent, so that it is sent once. */
    void request(List<StopTrial> stops) {
        for (StopTrial stop : stops) {
            if (!isRequested(stop.trial())) {
                annotate(stop);
            }
        }
    }

    static boolean isRequested(Trial trial) {
        Map<String, String> annotations = trial.getMetadata().getAnnotations();
        return annotations != null && annotations.containsKey(Api.STOP_ANNOTATION);
    }

    /** Sends a request. A trial that is gone, or a later one of its name, needs none: the patch contains the uid. */
    private void annotate(StopTrial stop) {
        Map<String, String> why =
                Map.of(Api.STOP_ANNOTATION, stop.reason(), Api.STOP_MESSAGE_ANNOTATION, stop.message());
        String change = Serialization.asJson(
                Map.of("metadata", Map.of("uid", stop.trial().getMetadata().getUid(), "annotations", why)));
        try {
            client.resource(stop.trial()).patch(PatchContext.of(PatchType.JSON_MERGE), change);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND && e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }
}
