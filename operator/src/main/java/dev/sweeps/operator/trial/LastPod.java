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
 * @param exitCode of the trainer container, null while the trial goes on
 * @param startTime when the trainer container started, null before
 * @param completionTime when it ended, null while it has not
 * @param termination what the trainer container left
 */
record LastPod(
        String name,
        String node,
        Integer exitCode,
        String startTime,
        String completionTime,
        TerminationMessage termination) {

    static final LastPod NONE = new LastPod(null, null, null, null, null, TerminationMessage.NONE);

    /** One that has not started; {@link #NONE} for null. */
    static LastPod of(Pod pod) {
        return pod == null
                ? NONE
                : NONE.named(pod.getMetadata().getName(), pod.getSpec().getNodeName());
    }

    LastPod named(String name, String node) {
        return new LastPod(name, node, exitCode, startTime, completionTime, termination);
    }

    LastPod started(String startTime) {
        return new LastPod(name, node, exitCode, startTime, completionTime, termination);
    }

    /** This Pod, whose end is not the trial's. */
    LastPod until(String completionTime) {
        return new LastPod(name, node, exitCode, startTime, completionTime, termination);
    }

    /** This Pod, with whose end the trial has ended. */
    LastPod ended(ContainerStateTerminated end, TerminationMessage termination) {
        return new LastPod(
                name, node, end.getExitCode(), startTime(end).orElse(null), end.getFinishedAt(), termination);
    }

    /** A container that could not be started "started" at the beginning of Unix time. */
    static Optional<String> startTime(ContainerStateTerminated container) {
        return Optional.ofNullable(container.getStartedAt()).filter(time -> !time.startsWith("1970-"));
    }
}
