package dev.sweeps.operator.trial;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.operator.cluster.Labels;
import dev.sweeps.operator.cluster.TrimmingItemStore;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The Pods of trials. One that is deleted the moment it ends is remembered for a while: what it left may be the result. Also remembered is
 * what came first, the end of the trainer or the request to end it: times of the node and of the API server cannot be compared to the second.
 */
final class TrialPods extends InformerEventSource<Pod, Trial> {
    private static final String BY_TRIAL = "trial";

    /** By then its Job has ended too, and the result is recorded. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private static final EndOrder ORDER = new EndOrder();

    /** By trial. */
    private final Cache<ResourceID, List<Pod>> deleted = Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumSize(10_000)
            .build();

    TrialPods(InformerEventSourceConfiguration.Builder<Pod> configuration, EventSourceContext<Trial> context) {
        super(
                configuration
                        .withItemStore(new TrimmingItemStore<>(pod -> ORDER.seen(trimmed(pod))))
                        .build(),
                context);
        addIndexers(Map.of(
                BY_TRIAL,
                pod -> Labels.trialOf(pod).stream().map(ResourceID::toString).toList()));
    }

    /** The Pods of a trial by its name, deleted ones and those of an earlier trial of the same name among them. */
    List<Pod> of(ResourceID trial) {
        Map<String, Pod> byUid = new HashMap<>();
        List<Pod> remembered = deleted.getIfPresent(trial);
        Stream.concat(
                        remembered == null ? Stream.empty() : remembered.stream(),
                        byIndex(BY_TRIAL, trial.toString()).stream())
                .forEach(pod -> byUid.put(pod.getMetadata().getUid(), pod));
        return List.copyOf(byUid.values());
    }

    @Override
    public synchronized void onDelete(Pod pod, boolean finalStateUnknown) {
        Labels.trialOf(pod)
                .forEach(trial -> deleted.asMap().merge(trial, List.of(ORDER.seen(trimmed(pod))), TrialPods::joined));
        super.onDelete(pod, finalStateUnknown);
    }

    /** Pods that were read from the API server, with what is remembered of them. */
    static List<Pod> asSeen(List<Pod> pods) {
        return pods.stream().map(pod -> ORDER.seen(trimmed(pod))).toList();
    }

    private static List<Pod> joined(List<Pod> earlier, List<Pod> later) {
        return Stream.concat(earlier.stream(), later.stream()).toList();
    }

    /** What {@link TrialObservation} reads. */
    static Pod trimmed(Pod pod) {
        return new PodBuilder()
                .withMetadata(TrimmingItemStore.metadata(pod.getMetadata()))
                .withNewSpec()
                .withNodeName(pod.getSpec().getNodeName())
                .endSpec()
                .withNewStatus()
                .withPhase(pod.getStatus().getPhase())
                .withReason(pod.getStatus().getReason())
                .withMessage(pod.getStatus().getMessage())
                .withConditions(pod.getStatus().getConditions().stream()
                        .filter(condition -> "PodScheduled".equals(condition.getType())
                                || PodDisruption.CONDITION.equals(condition.getType()))
                        .toList())
                .withInitContainerStatuses(
                        TrialObservation.states(pod.getStatus().getInitContainerStatuses()))
                .withContainerStatuses(TrialObservation.states(pod.getStatus().getContainerStatuses()))
                .endStatus()
                .build();
    }
}
