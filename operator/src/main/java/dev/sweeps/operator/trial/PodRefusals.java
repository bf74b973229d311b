package dev.sweeps.operator.trial;

import dev.sweeps.operator.cluster.Refusal;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Why a Job has no Pod: what the API server answered the Job controller (a quota, Pod Security, a LimitRange, a ServiceAccount that does
 * not exist) stands in events of the Job and nowhere else.
 */
@ApplicationScoped
public class PodRefusals {
    private static final String FAILED_CREATE = "FailedCreate";

    private final KubernetesClient client;

    public PodRefusals(KubernetesClient client) {
        this.client = client;
    }

    /** The last refusal since then; empty if there is none. One list call. */
    public Optional<Refusal> last(Job job, Instant since) {
        return client
                .v1()
                .events()
                .inNamespace(job.getMetadata().getNamespace())
                .withFields(Map.of("involvedObject.uid", job.getMetadata().getUid(), "reason", FAILED_CREATE))
                .list()
                .getItems()
                .stream()
                .map(event -> refusal(job, event))
                .filter(refusal -> !refusal.at().isBefore(since))
                .max(Comparator.comparing(Refusal::at));
    }

    private static Refusal refusal(Job job, Event event) {
        return new Refusal(
                FAILED_CREATE,
                withoutPodName(job.getMetadata().getName(), String.valueOf(event.getMessage())),
                at(event));
    }

    /** Each try has another generated name, and would be another message. */
    private static String withoutPodName(String job, String message) {
        return message.replaceAll(Pattern.quote(job) + "-[a-z0-9]{5}\\b", job);
    }

    private static Instant at(Event event) {
        if (event.getLastTimestamp() != null) {
            return Instant.parse(event.getLastTimestamp());
        }
        return event.getEventTime() != null
                ? Instant.parse(event.getEventTime().getTime())
                : Instant.parse(event.getMetadata().getCreationTimestamp());
    }
}
