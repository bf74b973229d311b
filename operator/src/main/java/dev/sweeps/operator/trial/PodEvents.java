package dev.sweeps.operator.trial;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sweeps.operator.cluster.Refusal;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventList;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads what the cluster reports only in events: why a Job has no Pod, and why a Pod on a node does not start. */
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

    /** Reasons of frequent warnings about Pods that are not obstacles; the API server filters them out. */
    private static final List<String> OTHERS = List.of("BackOff", "Failed", "FailedScheduling", "Unhealthy");

    /** How long the events of a namespace are cached. */
    private static final Duration KEPT = Duration.ofSeconds(5);

    /** Maximum age of an obstacle. The kubelet retries, and reports again, at least every 2 minutes and 2 seconds. */
    private static final Duration REPEATED = Duration.ofMinutes(3);

    private final KubernetesClient client;
    private final Clock clock;

    /** FailedCreate events by namespace and uid of the Job. */
    private final Cache<String, Map<String, List<Event>>> refusals = cache();

    /** Warnings by namespace and name of the Pod. */
    private final Cache<String, Map<String, List<Event>>> warnings = cache();

    public PodEvents(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    private static Cache<String, Map<String, List<Event>>> cache() {
        return Caffeine.newBuilder().expireAfterWrite(KEPT).maximumSize(1_000).build();
    }

    /**
     * What the API server last answered the Job controller since then: a quota, Pod Security, a LimitRange, a ServiceAccount that does not
     * exist. Empty if it refused nothing. One list call for all Jobs of a namespace that wait, every {@link #KEPT}.
     */
    public Optional<Refusal> whyThereIsNoPod(Job job, Instant since) {
        String name = job.getMetadata().getName();
        return refusals
                .get(
                        job.getMetadata().getNamespace(),
                        namespace -> grouped(in(namespace).withField("reason", FAILED_CREATE), ObjectReference::getUid))
                .getOrDefault(job.getMetadata().getUid(), List.of())
                .stream()
                .map(event -> new Refusal(FAILED_CREATE, withoutPodName(name, message(event)), at(event)))
                .filter(refusal -> !refusal.at().isBefore(since))
                .max(Comparator.comparing(Refusal::at));
    }

    /**
     * Returns the reason why the node of a Pod cannot prepare it, for example a volume that cannot be mounted. Empty if no obstacle is reported.
     * All waiting Pods of a namespace share one list call every {@link #KEPT}.
     */
    public Optional<Refusal> whyThePodDoesNotStart(String namespace, String pod) {
        List<Event> ofThePod = warnings.get(namespace, this::warnings).getOrDefault(pod, List.of());
        return lastObstacle(ofThePod, clock.instant().minus(REPEATED));
    }

    private Map<String, List<Event>> warnings(String namespace) {
        FilterWatchListDeletable<Event, EventList, Resource<Event>> events =
                in(namespace).withField("involvedObject.kind", "Pod").withField("type", "Warning");
        for (String other : OTHERS) {
            events = events.withoutField("reason", other);
        }
        return grouped(events, ObjectReference::getName);
    }

    /** Returns the latest obstacle since a time. Other warnings, such as MissingClusterDNS, do not keep a Pod from starting. */
    static Optional<Refusal> lastObstacle(List<Event> events, Instant since) {
        return events.stream()
                .filter(event -> OBSTACLES.contains(event.getReason()))
                .map(event -> new Refusal(event.getReason(), message(event), at(event)))
                .filter(refusal -> !refusal.at().isBefore(since))
                .max(Comparator.comparing(Refusal::at));
    }

    private NonNamespaceOperation<Event, EventList, Resource<Event>> in(String namespace) {
        return client.v1().events().inNamespace(namespace);
    }

    private static Map<String, List<Event>> grouped(
            FilterWatchListDeletable<Event, EventList, Resource<Event>> events, Function<ObjectReference, String> key) {
        return events.list().getItems().stream()
                .collect(Collectors.groupingBy(event -> String.valueOf(key.apply(event.getInvolvedObject()))));
    }

    private static String message(Event event) {
        return String.valueOf(event.getMessage());
    }

    /** Removes the generated name, with which each attempt would have another message. */
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
