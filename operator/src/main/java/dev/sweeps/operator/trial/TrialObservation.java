package dev.sweeps.operator.trial;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.metrics.TerminationMessage;
import dev.sweeps.operator.cluster.Refusal;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the cluster shows of a trial, put together from its Job and Pods. A pure function of both: nothing is remembered.
 *
 * @param state what the Job says; a trial that the Job calls a success may still lack the metric
 * @param reason one word, null when there is nothing to explain
 * @param message the cluster's own words, null when there are none
 * @param pod name of the Pod that was started last, null before the first
 * @param exitCode of the trainer container, null while it has none
 * @param attempts Pods started, those of earlier attempts included, as far as they are still there
 * @param failures Pods that the Job counts as failed; a disrupted one is not
 * @param completionTime when the last Pod ended, null while it has not
 * @param termination what the trainer container left
 */
record TrialObservation(
        State state,
        String reason,
        String message,
        String pod,
        String node,
        Integer exitCode,
        int attempts,
        int failures,
        String startTime,
        String completionTime,
        TerminationMessage termination) {

    static final String IMAGE_PULL_BACK_OFF = "ImagePullBackOff";

    /** The kubelet takes turns with these two. */
    private static final List<String> IMAGE_PULL = List.of("ErrImagePull", IMAGE_PULL_BACK_OFF);

    private static final String RETRYING = "Retrying";

    /** Observes the Job and those of the Pods that belong to it. */
    static TrialObservation of(Job job, Collection<Pod> pods) {
        List<Pod> byAge = pods.stream()
                .sorted(Comparator.comparing((Pod pod) -> pod.getMetadata().getCreationTimestamp())
                        .thenComparing(pod -> pod.getMetadata().getName()))
                .toList();
        Pod last = byAge.isEmpty() ? null : byAge.get(byAge.size() - 1);
        Attempts attempts = new Attempts(byAge.size(), failures(job));
        Optional<JobCondition> failed = condition(job, "Failed");
        if (failed.isPresent()) {
            return ended(State.FAILED, last, attempts, failed.get());
        }
        Optional<JobCondition> complete = condition(job, "Complete");
        // The Job will say so too, but by then the Pod may be deleted.
        boolean podSucceeded =
                last != null && "Succeeded".equals(last.getStatus().getPhase());
        if (complete.isPresent() || podSucceeded) {
            return ended(State.SUCCEEDED, last, attempts, complete.orElseGet(JobCondition::new));
        }
        return Boolean.TRUE.equals(job.getSpec().getSuspend())
                ? waiting(State.QUEUED, null, null, last, attempts)
                : unfinished(last, attempts);
    }

    /** Pods seen, and how many of them count as failed. */
    private record Attempts(int pods, int failures) {}

    /** This observation of a trial that has no Pod, with the reason for it. */
    TrialObservation refused(Refusal refusal) {
        return new TrialObservation(
                state,
                refusal.reason(),
                reason == null ? refusal.message() : refusal.message() + " (" + message + ")",
                pod,
                node,
                exitCode,
                attempts,
                failures,
                startTime,
                completionTime,
                termination);
    }

    /** This observation of a trial whose last Pod ended then. */
    private TrialObservation since(String completion) {
        return new TrialObservation(
                state, reason, message, pod, node, exitCode, attempts, failures, startTime, completion, termination);
    }

    /** Whether the Job has to make a Pod, the first or the next. */
    boolean waitsForAPod() {
        return state == State.PENDING && (pod == null || RETRYING.equals(reason));
    }

    /** Whether the trainer container's end was seen, and with it the termination message. */
    boolean sawTheEnd() {
        return exitCode != null;
    }

    private static TrialObservation ended(State state, Pod pod, Attempts attempts, JobCondition condition) {
        Optional<ContainerStateTerminated> end = terminated(pod);
        TerminationMessage termination = end.map(ContainerStateTerminated::getMessage)
                .map(TerminationMessage::parse)
                .orElse(TerminationMessage.NONE);
        boolean failed = state == State.FAILED;
        return new TrialObservation(
                state,
                failed ? reasonOfFailure(condition, end, termination) : null,
                failed ? messageOfFailure(condition, end, termination) : null,
                name(pod),
                node(pod),
                end.map(ContainerStateTerminated::getExitCode).orElse(null),
                attempts.pods,
                attempts.failures,
                end.flatMap(TrialObservation::started).orElse(null),
                end.map(ContainerStateTerminated::getFinishedAt).orElse(condition.getLastTransitionTime()),
                termination);
    }

    /** The trial's own word first, then the runtime's (OOMKilled, StartError), then the Job's (DeadlineExceeded). */
    private static String reasonOfFailure(
            JobCondition condition, Optional<ContainerStateTerminated> end, TerminationMessage termination) {
        if (condition.getReason() != null && condition.getReason().equals("DeadlineExceeded")) {
            return condition.getReason();
        }
        return termination
                .reason()
                .or(() -> end.map(ContainerStateTerminated::getReason))
                .orElse(condition.getReason());
    }

    private static String messageOfFailure(
            JobCondition condition, Optional<ContainerStateTerminated> end, TerminationMessage termination) {
        return end.filter(container -> !"DeadlineExceeded".equals(condition.getReason()))
                .map(container -> exit(container, termination))
                .orElse(condition.getMessage());
    }

    private static String exit(ContainerStateTerminated container, TerminationMessage termination) {
        String exit = "exit code " + container.getExitCode();
        String said = termination.error().orElse(termination.metrics().isEmpty() ? "" : container.getMessage());
        return said.isBlank() ? exit + "; the trial left no message and no log" : exit + ": " + said;
    }

    private static TrialObservation unfinished(Pod pod, Attempts attempts) {
        if (pod == null) {
            return waiting(State.PENDING, null, null, null, attempts);
        }
        Optional<ContainerStateTerminated> end = terminated(pod);
        if (end.isPresent() && end.get().getExitCode() != 0) {
            String why = exit(end.get(), TerminationMessage.parse(end.get().getMessage()));
            return waiting(
                            State.PENDING,
                            RETRYING,
                            "attempt " + attempts.pods + " failed, another follows; " + why,
                            pod,
                            attempts)
                    .since(end.get().getFinishedAt());
        }
        Optional<ContainerState> state = trainer(pod).map(ContainerStatus::getState);
        Optional<String> startedAt = state.map(ContainerState::getRunning)
                .map(running -> running.getStartedAt())
                .or(() -> end.flatMap(TrialObservation::started));
        if (startedAt.isPresent()) {
            return new TrialObservation(
                    State.RUNNING,
                    null,
                    null,
                    name(pod),
                    node(pod),
                    null,
                    attempts.pods,
                    attempts.failures,
                    startedAt.get(),
                    null,
                    TerminationMessage.NONE);
        }
        return pending(pod, attempts);
    }

    /** Why a Pod does not run: the scheduler's words, or what keeps a container (a failed image pull, a bad config) from starting. */
    private static TrialObservation pending(Pod pod, Attempts attempts) {
        Optional<PodCondition> unscheduled = pod.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("PodScheduled")
                        && condition.getStatus().equals("False"))
                .findFirst();
        if (unscheduled.isPresent()) {
            return waiting(
                    State.PENDING,
                    unscheduled.get().getReason(),
                    unscheduled.get().getMessage(),
                    pod,
                    attempts);
        }
        return Stream.concat(
                        pod.getStatus().getInitContainerStatuses().stream(),
                        pod.getStatus().getContainerStatuses().stream())
                .map(status ->
                        status.getState() == null ? null : status.getState().getWaiting())
                .filter(waiting -> waiting != null && !ORDINARY.contains(waiting.getReason()))
                .findFirst()
                .map(waiting -> waiting(
                        State.PENDING,
                        IMAGE_PULL.contains(waiting.getReason()) ? IMAGE_PULL_BACK_OFF : waiting.getReason(),
                        waiting.getMessage(),
                        pod,
                        attempts))
                .orElseGet(() -> waiting(State.PENDING, null, null, pod, attempts));
    }

    /** What every Pod passes through; nothing to tell a user. */
    private static final List<String> ORDINARY = List.of("ContainerCreating", "PodInitializing");

    private static TrialObservation waiting(State state, String reason, String message, Pod pod, Attempts attempts) {
        return new TrialObservation(
                state,
                reason,
                message,
                name(pod),
                node(pod),
                null,
                attempts.pods,
                attempts.failures,
                null,
                null,
                TerminationMessage.NONE);
    }

    private static int failures(Job job) {
        return job.getStatus() == null || job.getStatus().getFailed() == null
                ? 0
                : job.getStatus().getFailed();
    }

    /** Of container statuses what is read here. */
    static List<ContainerStatus> states(List<ContainerStatus> statuses) {
        return statuses.stream()
                .map(status -> new ContainerStatusBuilder()
                        .withName(status.getName())
                        .withState(status.getState())
                        .build())
                .toList();
    }

    private static Optional<JobCondition> condition(Job job, String type) {
        return job.getStatus() == null
                ? Optional.empty()
                : job.getStatus().getConditions().stream()
                        .filter(condition -> condition.getType().equals(type)
                                && condition.getStatus().equals("True"))
                        .findFirst();
    }

    private static Optional<ContainerStateTerminated> terminated(Pod pod) {
        return trainer(pod).map(ContainerStatus::getState).map(ContainerState::getTerminated);
    }

    private static Optional<ContainerStatus> trainer(Pod pod) {
        return pod == null
                ? Optional.empty()
                : pod.getStatus().getContainerStatuses().stream()
                        .filter(status -> status.getName().equals(Api.TRAINER_CONTAINER))
                        .findFirst();
    }

    /** A container that could not be started "started" at the beginning of Unix time. */
    private static Optional<String> started(ContainerStateTerminated container) {
        return Optional.ofNullable(container.getStartedAt()).filter(time -> !time.startsWith("1970-"));
    }

    private static String name(Pod pod) {
        return pod == null ? null : pod.getMetadata().getName();
    }

    private static String node(Pod pod) {
        return pod == null ? null : pod.getSpec().getNodeName();
    }
}
