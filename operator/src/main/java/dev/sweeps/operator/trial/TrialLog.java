package dev.sweeps.operator.trial;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.metrics.MetricLine;
import dev.sweeps.metrics.Metrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** Reads the metric lines of a trial's log through the API server. */
@ApplicationScoped
public class TrialLog {
    /** Lines read at the end of a trial; a trainer that reports more often than this keeps its latest. */
    private static final int TAIL = 5_000;

    /** Bytes read of one log, whatever it holds. */
    private static final int MAX_BYTES = 4 << 20;

    private static final Logger LOG = Logger.getLogger(TrialLog.class);

    private final KubernetesClient client;

    public TrialLog(KubernetesClient client) {
        this.client = client;
    }

    /** The reports in the last lines of the log, in order; empty if the log is gone. */
    public List<Metrics> reports(String namespace, String pod) {
        List<Metrics> reports = new ArrayList<>();
        try (Reader log = client.pods()
                        .inNamespace(namespace)
                        .withName(pod)
                        .inContainer(Api.TRAINER_CONTAINER)
                        .limitBytes(MAX_BYTES)
                        .tailingLines(TAIL)
                        .getLogReader();
                BufferedReader lines = new BufferedReader(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Metrics report = MetricLine.parse(line);
                if (!report.isEmpty()) {
                    reports.add(report);
                }
            }
        } catch (KubernetesClientException | IOException e) {
            LOG.debugf(e, "log of pod %s/%s not read", namespace, pod);
        }
        return reports;
    }
}
