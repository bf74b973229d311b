package dev.sweeps.operator.trial;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.metrics.TerminationMessage;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Why a Pod has failed.
 *
 * @param reason one word: the trial's own, the container runtime's (OOMKilled, StartError), or the node's (Evicted, DeadlineExceeded)
 * @param message the same in a sentence; may be null
 */
record PodFailure(String reason, String message) {

    /** Returns the failure; empty if the Pod has not failed or is null. */
    static Optional<PodFailure> of(Pod pod) {
        if (pod == null) {
            return Optional.empty();
        }
        return Stream.of(ofTheNode(pod), ofTheTrainer(pod), ofAnotherContainer(pod))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Returns the failure that the node reports. It takes precedence, because the exit code of a program that the node ended says nothing. */
    private static Optional<PodFailure> ofTheNode(Pod pod) {
        return isFailed(pod) && pod.getStatus().getReason() != null
                ? Optional.of(new PodFailure(
                        pod.getStatus().getReason(),
                        Objects.requireNonNullElse(
                                pod.getStatus().getMessage(), pod.getStatus().getReason())))
                : Optional.empty();
    }

    private static Optional<PodFailure> ofTheTrainer(Pod pod) {
        return TrialObservation.trainer(pod).flatMap(PodFailure::failed).map(end -> {
            TerminationMessage termination = termination(end);
            return new PodFailure(
                    termination.reason().orElse(word(end)),
                    exit(end, termination, "the trial left no message and no log"));
        });
    }

    /** Returns the failure of an init container or a container beside the trainer. */
    private static Optional<PodFailure> ofAnotherContainer(Pod pod) {
        return isFailed(pod)
                ? Stream.concat(
                                pod.getStatus().getInitContainerStatuses().stream(),
                                pod.getStatus().getContainerStatuses().stream())
                        .filter(status -> !status.getName().equals(Api.TRAINER_CONTAINER))
                        .flatMap(status -> failed(status).map(end -> named(status.getName(), end)).stream())
                        .findFirst()
                : Optional.empty();
    }

    private static PodFailure named(String container, ContainerStateTerminated end) {
        return new PodFailure(
                word(end),
                "container " + container + ": "
                        + exit(
                                end,
                                termination(end),
                                "it left no message; with terminationMessagePolicy: FallbackToLogsOnError the end of its log"
                                        + " would stand here"));
    }

    private static String word(ContainerStateTerminated end) {
        return Objects.requireNonNullElse(end.getReason(), "Error");
    }

    private static boolean isFailed(Pod pod) {
        return "Failed".equals(pod.getStatus().getPhase());
    }

    private static Optional<ContainerStateTerminated> failed(ContainerStatus container) {
        return terminated(container).filter(end -> end.getExitCode() != 0);
    }

    /** Returns the end of a container; empty if it has not ended. */
    static Optional<ContainerStateTerminated> terminated(ContainerStatus container) {
        return Optional.ofNullable(container.getState()).map(ContainerState::getTerminated);
    }

    /** Returns the termination message of a container. */
    static TerminationMessage termination(ContainerStateTerminated end) {
        return TerminationMessage.parse(end.getMessage());
    }

    private static String exit(ContainerStateTerminated end, TerminationMessage termination, String otherwise) {
        String exit = "exit code " + end.getExitCode();
        String said = termination.error().orElse(termination.metrics().isEmpty() ? "" : end.getMessage());
        return said.isBlank() ? exit + "; " + otherwise : exit + ": " + said;
    }
}
