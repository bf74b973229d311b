package dev.sweeps.operator.trial;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.operator.cluster.Refusal;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateRunning;
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
 * @param attempts Pods so far
 * @param pod the last of them
 */
record TrialObservation(State state, String reason, String message, Attempts attempts, LastPod pod) {
    /**
     * Pods of a trial.
     *
     * @param pods that were started, those of earlier attempts included, as far as they are still there
     * @param failures how many of them the Job counts as failed; a disrupted one is not
     */
    record Attempts(int pods, int failures) {}

    /** The trial ran longer than it may. */
    static final String DEADLINE_EXCEEDED = "DeadlineExceeded";

    static final String IMAGE_PULL_BACK_OFF = "ImagePullBackOff";

    /** The kubelet takes turns with these two. */
    private static final List<String> IMAGE_PULL = List.of("ErrImagePull", IMAGE_PULL_BACK_OFF);

    /** What every Pod passes through; nothing to tell a user. */
    private static final List<String> ORDINARY = List.of("ContainerCreating", "PodInitializing");

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
        if (PodFailure.of(last)
                .filter(failure -> DEADLINE_EXCEEDED.equals(failure.reason()))
                .isPresent()) {
            return ended(State.FAILED, last, attempts, new JobCondition()); // It would run out of its time again.
        }
        return Boolean.TRUE.equals(job.getSpec().getSuspend())
                ? unexplained(State.QUEUED, LastPod.of(last), attempts)
                : unfinished(last, attempts);
    }

    /** An observation that needs no explanation. */
    static TrialObservation unexplained(State state, LastPod pod, Attempts attempts) {
        return new TrialObservation(state, null, null, attempts, pod);
    }

    /** This observation of a trial that has no Pod, or one that does not start, with the reason for it. */
    TrialObservation refused(Refusal refusal) {
        return new TrialObservation(
                state,
                refusal.reason(),
                reason == null ? refusal.message() : refusal.message() + " (" + message + ")",
                attempts,
                pod);
    }

    /** Whether the Job has to make a Pod, the first or the next. */
    boolean waitsForAPod() {
        return state == State.PENDING && (pod.name() == null || RETRYING.equals(reason));
    }

    /** Whether a Pod that has its node has not started yet, and does not say why. */
    boolean waitsOnItsNode() {
        return state == State.PENDING && pod.node() != null && reason == null;
    }

    /** Whether the trainer container's end was seen, and with it the termination message. */
    boolean sawTheEnd() {
        return pod.exitCode() != null;
    }

    private static TrialObservation ended(State state, Pod pod, Attempts attempts, JobCondition condition) {
        LastPod last = trainer(pod)
                .flatMap(PodFailure::terminated)
                .map(end -> LastPod.of(pod).ended(end, PodFailure.termination(end)))
                .orElseGet(() -> LastPod.of(pod).until(condition.getLastTransitionTime()));
        if (state != State.FAILED) {
            return unexplained(state, last, attempts);
        }
        PodFailure ofTheJob = new PodFailure(condition.getReason(), condition.getMessage());
        PodFailure failure = DEADLINE_EXCEEDED.equals(condition.getReason())
                ? ofTheJob
                : PodFailure.of(pod).orElse(ofTheJob);
        return new TrialObservation(state, failure.reason(), failure.message(), attempts, last);
    }

    private static TrialObservation unfinished(Pod pod, Attempts attempts) {
        Optional<ContainerStateTerminated> end = trainer(pod).flatMap(PodFailure::terminated);
        Optional<PodFailure> failure = PodFailure.of(pod);
        if (failure.isPresent()) {
            return new TrialObservation(
                    State.PENDING,
                    RETRYING,
                    "attempt " + attempts.pods + " failed, another follows; "
                            + failure.get().message(),
                    attempts,
                    LastPod.of(pod)
                            .until(end.map(ContainerStateTerminated::getFinishedAt)
                                    .orElse(null)));
        }
        Optional<String> startTime = trainer(pod)
                .map(ContainerStatus::getState)
                .map(ContainerState::getRunning)
                .map(ContainerStateRunning::getStartedAt)
                .or(() -> end.flatMap(LastPod::startTime));
        return startTime
                .map(time -> unexplained(State.RUNNING, LastPod.of(pod).started(time), attempts))
                .orElseGet(() -> pending(pod, attempts));
    }

    /** Why a Pod does not run: the scheduler's words, or what keeps a container (a failed image pull, a bad config) from starting. */
    private static TrialObservation pending(Pod pod, Attempts attempts) {
        TrialObservation pending = unexplained(State.PENDING, LastPod.of(pod), attempts);
        if (pod == null) {
            return pending;
        }
        Optional<PodCondition> unscheduled = pod.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("PodScheduled")
                        && condition.getStatus().equals("False"))
                .findFirst();
        if (unscheduled.isPresent()) {
            return pending.because(
                    unscheduled.get().getReason(), unscheduled.get().getMessage());
        }
        return Stream.concat(
                        pod.getStatus().getInitContainerStatuses().stream(),
                        pod.getStatus().getContainerStatuses().stream())
                .map(status ->
                        status.getState() == null ? null : status.getState().getWaiting())
                .filter(waiting -> waiting != null && !ORDINARY.contains(waiting.getReason()))
                .findFirst()
                .map(waiting -> pending.because(
                        IMAGE_PULL.contains(waiting.getReason()) ? IMAGE_PULL_BACK_OFF : waiting.getReason(),
                        waiting.getMessage()))
                .orElse(pending);
    }

    private TrialObservation because(String why, String words) {
        return new TrialObservation(state, why, words, attempts, pod);
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

    static Optional<ContainerStatus> trainer(Pod pod) {
        return pod == null
                ? Optional.empty()
                : pod.getStatus().getContainerStatuses().stream()
                        .filter(status -> status.getName().equals(Api.TRAINER_CONTAINER))
                        .findFirst();
    }
}
