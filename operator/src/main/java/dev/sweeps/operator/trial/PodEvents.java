package dev.sweeps.operator.trial;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sweeps.operator.cluster.Refusal;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the cluster says of a Pod in events and nowhere else: why there is none, and why one that has a node does not start. */
@ApplicationScoped
public class PodEvents {
    private static final String FAILED_CREATE = "FailedCreate";

    /** Reasons of events of the kubelet and the attach/detach controller (pkg/kubelet/events/event.go of Kubernetes). */
    private static final Set<String> OBSTACLES = Set.of(
            "FailedMount",
            "FailedAttachVolume",
            "FailedMapVolume",
            "FailedCreatePodSandBox",
            "FailedPrepareDynamicResources",
            "NetworkNotReady");

    /** How long the refusals of a namespace are kept. */
    private static final Duration KEPT = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final Cache<String, Map<String, List<Event>>> refusals =
            Caffeine.newBuilder().expireAfterWrite(KEPT).maximumSize(1_000).build();

    public PodEvents(KubernetesClient client) {
        this.client = client;
    }

    /**
     * What the API server last answered the Job controller since then: a quota, Pod Security, a LimitRange, a ServiceAccount that does not
     * exist. Empty if it refused nothing. One list call for all Jobs of a namespace that wait, every {@link #KEPT}.
     */
    public Optional<Refusal> whyThereIsNoPod(Job job, Instant since) {
        String name = job.getMetadata().getName();
        return refusals
                .get(job.getMetadata().getNamespace(), this::refusals)
                .getOrDefault(job.getMetadata().getUid(), List.of())
                .stream()
                .map(event -> new Refusal(FAILED_CREATE, withoutPodName(name, message(event)), at(event)))
                .filter(refusal -> !refusal.at().isBefore(since))
                .max(Comparator.comparing(Refusal::at));
    }

    /** By the uid of what was refused. */
    private Map<String, List<Event>> refusals(String namespace) {
        return events(namespace, Map.of("reason", FAILED_CREATE)).stream()
                .collect(Collectors.groupingBy(
                        event -> String.valueOf(event.getInvolvedObject().getUid())));
    }

    /**
     * What keeps a Pod that has a node from starting: a volume that cannot be mounted, a network that cannot be made. Empty if the last
     * thing that happened to it is nothing of the kind: then its image is being pulled, for example. One list call.
     */
    public Optional<Refusal> whyThePodDoesNotStart(String namespace, String pod) {
        return lastObstacle(events(namespace, Map.of("involvedObject.kind", "Pod", "involvedObject.name", pod)));
    }

    /** Other warnings (MissingClusterDNS, FailedToRetrieveImagePullSecret) keep no Pod from starting, and are passed over. */
    static Optional<Refusal> lastObstacle(List<Event> events) {
        return events.stream()
                .filter(event -> "Normal".equals(event.getType()) || OBSTACLES.contains(event.getReason()))
                .max(Comparator.comparing(PodEvents::at))
                .filter(event -> OBSTACLES.contains(event.getReason()))
                .map(event -> new Refusal(event.getReason(), message(event), at(event)));
    }

    private List<Event> events(String namespace, Map<String, String> fields) {
        return client.v1()
                .events()
                .inNamespace(namespace)
                .withFields(fields)
                .list()
                .getItems();
    }

    private static String message(Event event) {
        return String.valueOf(event.getMessage());
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
