package dev.sweeps.operator.trial;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.metrics.MetricLine;
import dev.sweeps.metrics.Metrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Set;

/** Reads the metric lines of a trial's log through the API server. */
@ApplicationScoped
public class TrialLog {
    /** Lines read at the end of a trial; a trainer that reports more often than this keeps its latest. */
    private static final int TAIL = 5_000;

    /** Bytes read of one log, whatever it holds. */
    private static final int MAX_BYTES = 4 << 20;

    /** The server's answer where there is no Pod, or no container that has started. */
    private static final Set<Integer> NO_LOG =
            Set.of(HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_BAD_REQUEST);

    private final KubernetesClient client;

    public TrialLog(KubernetesClient client) {
        this.client = client;
    }

    /**
     * The reports in the last lines of the log, in order; empty if the Pod or its log is gone.
     *
     * @throws KubernetesClientException if the log could not be read: that a trial reported nothing is said only of a log that was read
     */
    public List<Metrics> reports(String namespace, String pod) {
        try {
            // Not as a stream: closing one closes a connection that fabric8 may have given to another request already.
            String text = client.pods()
                    .inNamespace(namespace)
                    .withName(pod)
                    .inContainer(Api.TRAINER_CONTAINER)
                    .withReadyWaitTimeout(0) // Else fabric8 watches the Pod until it is ready, each time.
                    .limitBytes(MAX_BYTES)
                    .tailingLines(TAIL)
                    .getLog();
            return text.lines()
                    .map(MetricLine::parse)
                    .filter(report -> !report.isEmpty())
                    .toList();
        } catch (KubernetesClientException e) {
            if (NO_LOG.contains(e.getCode())) {
                return List.of();
            }
            throw e;
        }
    }
}
