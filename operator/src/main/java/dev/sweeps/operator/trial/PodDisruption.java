package dev.sweeps.operator.trial;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Why a Pod was ended by someone other than its trainer: it was deleted, evicted, preempted, or its node would not run it. Whatever exit code
 * the trainer leaves then, also 0, is no result.
 *
 * @param message a sentence
 * @param since when the Pod was asked to end; null if its node refused it
 */
record PodDisruption(String message, Instant since) {
    /** Annotation, in memory only, of a Pod that was asked to end while its trainer ran, see {@link TrialPods}. */
    static final String ASKED_TO_END = "sweeps.dev/asked-to-end";

    static final String CONDITION = "DisruptionTarget";

    /**
     * Maximum difference between the clocks of a node and the API server, and the time that an update of a status takes. A trainer that ended so
     * shortly before its Pod was asked to end may have ended because of it.
     */
    private static final Duration UNCERTAINTY = Duration.ofSeconds(10);

    /**
     * Reasons of a failed Pod that its node decided on: at admission, when it is shut down, or when it is lost (pkg/kubelet and
     * pkg/controller/podgc of Kubernetes). DeadlineExceeded is none of them.
     */
    private static final Set<String> OF_THE_NODE = Set.of(
            "Evicted",
            "NodeAffinity",
            "NodeLost",
            "NodeShutdown",
            "Preempting",
            "Shutdown",
            "Terminated",
            "UnexpectedAdmissionError",
            "PodAdmissionFailed",
            "InitContainerRestartForbidden",
            "PodSecurityNotAvailable");

    /** Prefix of a reason, followed by the exhausted resource of the node, such as nvidia.com/gpu. */
    private static final String OUT_OF = "OutOf";

    /** Returns why the Pod was disrupted; empty if the trainer continues or ended by itself. */
    static Optional<PodDisruption> of(Pod pod) {
        if (pod == null) {
            return Optional.empty();
        }
        return Stream.of(asked(pod), ofTheNode(pod)).flatMap(Optional::stream).findFirst();
    }

    private static Optional<PodDisruption> asked(Pod pod) {
        Optional<PodDisruption> request = Stream.of(condition(pod), deletion(pod))
                .flatMap(Optional::stream)
                .min(Comparator.comparing(PodDisruption::since));
        boolean seenRunning = pod.getMetadata().getAnnotations() != null
                && pod.getMetadata().getAnnotations().containsKey(ASKED_TO_END);
        return request.filter(asked -> seenRunning || !endedBefore(asked.since.minus(UNCERTAINTY), pod));
    }

    private static boolean endedBefore(Instant time, Pod pod) {
        return TrialObservation.trainer(pod)
                .flatMap(PodFailure::terminated)
                .map(ContainerStateTerminated::getFinishedAt)
                .filter(end -> Instant.parse(end).isBefore(time))
                .isPresent();
    }

    private static Optional<PodDisruption> condition(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .filter(condition -> CONDITION.equals(condition.getType()) && "True".equals(condition.getStatus()))
                .findFirst()
                .map(condition -> new PodDisruption(words(pod, condition), time(pod, condition)));
    }

    private static String words(Pod pod, PodCondition condition) {
        String message = condition.getMessage() == null ? "" : ": " + condition.getMessage();
        return "Pod " + pod.getMetadata().getName() + " was disrupted (" + condition.getReason() + message + ")";
    }

    private static Instant time(Pod pod, PodCondition condition) {
        String time = condition.getLastTransitionTime();
        return Instant.parse(time == null ? pod.getMetadata().getCreationTimestamp() : time);
    }

    /** Returns the deletion of a Pod. A deletion timestamp is the end of the grace period. */
    private static Optional<PodDisruption> deletion(Pod pod) {
        String end = pod.getMetadata().getDeletionTimestamp();
        if (end == null) {
            return Optional.empty();
        }
        Long grace = pod.getMetadata().getDeletionGracePeriodSeconds();
        return Optional.of(new PodDisruption(
                "Pod " + pod.getMetadata().getName() + " was deleted",
                Instant.parse(end).minusSeconds(grace == null ? 0 : grace)));
    }

    private static Optional<PodDisruption> ofTheNode(Pod pod) {
        String reason = pod.getStatus().getReason();
        boolean isOfTheNode = "Failed".equals(pod.getStatus().getPhase())
                && reason != null
                && (OF_THE_NODE.contains(reason) || reason.startsWith(OUT_OF));
        return isOfTheNode
                ? Optional.of(new PodDisruption(
                        "node " + pod.getSpec().getNodeName() + " failed Pod "
                                + pod.getMetadata().getName() + " (" + reason
                                + (pod.getStatus().getMessage() == null
                                        ? ""
                                        : ": " + pod.getStatus().getMessage())
                                + ")",
                        null))
                : Optional.empty();
    }

    /** Whether the trainer has ended and another container of the Pod has not. Sidecars among the init containers are ended by the kubelet. */
    static boolean lingers(Pod pod) {
        return TrialObservation.trainer(pod).flatMap(PodFailure::terminated).isPresent()
                && pod.getStatus().getContainerStatuses().stream().anyMatch(PodDisruption::goesOn);
    }

    private static boolean goesOn(ContainerStatus container) {
        return container.getState() != null && container.getState().getRunning() != null;
    }
}
