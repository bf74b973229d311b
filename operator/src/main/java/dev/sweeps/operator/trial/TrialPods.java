package dev.sweeps.operator.trial;

import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.operator.cluster.Labels;
import dev.sweeps.operator.cluster.TrimmingItemStore;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Pods of trials. One that is deleted the moment it ends is remembered for a while: what it left may be the result. Also remembered is
 * what came first, the end of the trainer or the request to end it: times of the node and of the API server cannot be compared to the second.
 */
final class TrialPods extends InformerEventSource<Pod, Trial> {
    private static final String BY_TRIAL = "trial";

    private static final Set<String> CONDITIONS = Set.of("PodScheduled", PodDisruption.CONDITION, LastPod.PREPARED);

    private static final EndOrder ORDER = new EndOrder();

    private final DeletedPods deleted = new DeletedPods();

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

    /** Returns the Pods of a trial by its name, including deleted ones and those of an earlier trial of the same name. */
    List<Pod> of(ResourceID trial) {
        return deleted.and(trial, byIndex(BY_TRIAL, trial.toString()));
    }

    @Override
    public synchronized void onDelete(Pod pod, boolean finalStateUnknown) {
        deleted.add(ORDER.seen(trimmed(pod)));
        super.onDelete(pod, finalStateUnknown);
    }

    /** Returns Pods from the API server, with what is remembered of them. */
    static List<Pod> asSeen(List<Pod> pods) {
        return pods.stream().map(pod -> ORDER.seen(trimmed(pod))).toList();
    }

    /** Returns the parts of a Pod that {@link TrialObservation} uses. */
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
                        .filter(condition -> CONDITIONS.contains(condition.getType()))
                        .toList())
                .withInitContainerStatuses(
                        TrialObservation.states(pod.getStatus().getInitContainerStatuses()))
                .withContainerStatuses(TrialObservation.states(pod.getStatus().getContainerStatuses()))
                .endStatus()
                .build();
    }
}
