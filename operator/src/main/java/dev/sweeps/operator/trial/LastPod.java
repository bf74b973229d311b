package dev.sweeps.operator.trial;

import dev.sweeps.metrics.TerminationMessage;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/**
 * The Pod of a trial that was made last.
 *
 * @param name null when there is none
 * @param node null until it is scheduled
 * @param isPrepared whether its volumes are mounted and its network is there; false if its node's Kubernetes is older than 1.29
 * @param exitCode of the trainer container, null while the trial goes on
 * @param startTime when the trainer container started, null before
 * @param completionTime when it ended, null while it has not
 * @param termination what the trainer container left
 */
record LastPod(
        String name,
        String node,
        boolean isPrepared,
        Integer exitCode,
        String startTime,
        String completionTime,
        TerminationMessage termination) {

    /** Condition type that reports {@link #isPrepared}. */
    static final String PREPARED = "PodReadyToStartContainers";

    static final LastPod NONE = new LastPod(null, null, false, null, null, null, TerminationMessage.NONE);

    /** Returns a Pod that has not started; {@link #NONE} for null. */
    static LastPod of(Pod pod) {
        return pod == null
                ? NONE
                : new LastPod(
                        pod.getMetadata().getName(),
                        pod.getSpec().getNodeName(),
                        isPrepared(pod),
                        null,
                        null,
                        null,
                        TerminationMessage.NONE);
    }

    private static boolean isPrepared(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(condition -> PREPARED.equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    LastPod named(String name, String node) {
        return new LastPod(name, node, isPrepared, exitCode, startTime, completionTime, termination);
    }

    LastPod started(String startTime) {
        return new LastPod(name, node, isPrepared, exitCode, startTime, completionTime, termination);
    }

    /** Returns this Pod with an end that is not the end of the trial. */
    LastPod until(String completionTime) {
        return new LastPod(name, node, isPrepared, exitCode, startTime, completionTime, termination);
    }

    /** Returns this Pod with the end of the trial. */
    LastPod ended(ContainerStateTerminated end, TerminationMessage termination) {
        return new LastPod(
                name,
                node,
                isPrepared,
                end.getExitCode(),
                startTime(end).orElse(null),
                end.getFinishedAt(),
                termination);
    }

    /** Returns the start time. A container that could not start has the beginning of Unix time. */
    static Optional<String> startTime(ContainerStateTerminated container) {
        return Optional.ofNullable(container.getStartedAt()).filter(time -> !time.startsWith("1970-"));
    }
}
