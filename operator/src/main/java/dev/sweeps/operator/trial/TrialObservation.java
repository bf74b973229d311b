package dev.sweeps.operator.trial;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.Metric;
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
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the cluster shows of a trial, put together from its Job and Pods. A pure function of both: nothing is remembered.
 *
 * @param state what the Job says; a trial that the Job calls a success may still lack the metric
 * @param reason one word, null when there is nothing to explain
 * @param message the cluster's own words, null when there are none
 * @param attempts Pods so far
 * @param pod the last of them
 * @param job what is left to do with the Job
 */
record TrialObservation(State state, String reason, String message, Attempts attempts, LastPod pod, JobEnd job) {
    /** The remaining work with the Job of a trial. */
    enum JobEnd {
        /** Nothing: the Job ends by itself. */
        ORDINARY,
        /** The Job has ended, or never will, without a result of the trial. Another Job takes its place. */
        REPLACED,
        /** The Job has used up its retries. Whether the trial has, depends on the number of disruptions. */
        OUT_OF_RETRIES,
        /** The trial has ended, and a container beside the trainer continues. */
        LINGERS,
        /** The Job has ended, but the Pod that ended it is not known. */
        UNSEEN
    }

    /** Reason of a trial whose last Pod was disrupted. */
    static final String DISRUPTED = "Disrupted";

    /** Reason of a trial whose Pod is being deleted. */
    static final String TERMINATING = "Terminating";

    /** Time after the grace period from which a Pod that still exists is reported: its node probably does not answer. */
    private static final Duration OVERDUE = Duration.ofSeconds(30);

    /**
     * Pods of a trial.
     *
     * @param pods names of all known Pods of the Job, including those of earlier attempts
     * @param failures how many of them the Job counts as failed
     * @param disrupted names of Pods that ended because of a disruption, or that are still ending although a newer Pod exists
     */
    record Attempts(Set<String> pods, int failures, Set<String> disrupted) {}

    /** Reason of a trial that ran longer than {@code trialTimeout}. */
    static final String DEADLINE_EXCEEDED = "DeadlineExceeded";

    static final String IMAGE_PULL_BACK_OFF = "ImagePullBackOff";

    /** Reasons between which the kubelet alternates. */
    private static final List<String> IMAGE_PULL = List.of("ErrImagePull", IMAGE_PULL_BACK_OFF);

    /** Reasons that every Pod passes through and that need no explanation. */
    private static final List<String> ORDINARY = List.of("ContainerCreating", "PodInitializing");

    private static final String RETRYING = "Retrying";

    /** Observes a Job and its Pods. */
    static TrialObservation of(Job job, Collection<Pod> pods, Instant now) {
        List<Pod> byAge = pods.stream()
                .sorted(Comparator.comparing((Pod pod) -> pod.getMetadata().getCreationTimestamp())
                        .thenComparing(pod -> pod.getMetadata().getName()))
                .toList();
        Pod last = byAge.isEmpty() ? null : byAge.get(byAge.size() - 1);
        Attempts attempts = new Attempts(
                byAge.stream().map(pod -> pod.getMetadata().getName()).collect(Collectors.toSet()),
                failures(job),
                byAge.stream()
                        .filter(pod -> PodDisruption.of(pod).isPresent() && (hasEnded(pod) || pod != last))
                        .map(pod -> pod.getMetadata().getName())
                        .collect(Collectors.toSet()));
        Optional<PodDisruption> disruption = PodDisruption.of(last);
        boolean trainerSucceeded = disruption.isEmpty()
                && !isFailed(last)
                && trainer(last)
                        .flatMap(PodFailure::terminated)
                        .filter(end -> end.getExitCode() == 0)
                        .isPresent();
        if (trainerSucceeded && !isBeingReleased(last)) {
            // The Job will report it too, but by then the Pod may be deleted, or another container continues.
            return ended(State.SUCCEEDED, last, attempts, new JobCondition())
                    .with(PodDisruption.lingers(last) ? JobEnd.LINGERS : JobEnd.ORDINARY);
        }
        Optional<JobCondition> failed = condition(job, "Failed");
        Optional<JobCondition> complete = condition(job, "Complete");
        if (disruption.isPresent()
                && (complete.isPresent()
                        || failed.filter(TrialObservation::byRetries).isPresent())) {
            return disrupted(disruption.get(), last, attempts, now).with(JobEnd.REPLACED);
        }
        if (trainerSucceeded && complete.isEmpty() && failed.isEmpty()) {
            return unexplained(State.RUNNING, LastPod.of(last), attempts);
        }
        if (failed.isPresent()) {
            JobEnd outOfRetries = last == null ? JobEnd.UNSEEN : JobEnd.OUT_OF_RETRIES;
            return ended(State.FAILED, last, attempts, failed.get())
                    .with(byRetries(failed.get()) ? outOfRetries : JobEnd.ORDINARY);
        }
        if (complete.isPresent()) {
            return ended(State.SUCCEEDED, last, attempts, complete.get())
                    .with(trainerSucceeded ? JobEnd.ORDINARY : JobEnd.UNSEEN);
        }
        Optional<PodFailure> failure = PodFailure.of(last);
        if (failure.filter(why -> DEADLINE_EXCEEDED.equals(why.reason())).isPresent()) {
            return ended(State.FAILED, last, attempts, new JobCondition()); // It would run out of its time again.
        }
        if (Boolean.TRUE.equals(job.getSpec().getSuspend())) {
            return unexplained(State.QUEUED, LastPod.of(last), attempts);
        }
        if (disruption.isPresent()) {
            return disrupted(disruption.get(), last, attempts, now);
        }
        if (failure.isPresent() && PodDisruption.lingers(last)) {
            return ended(State.FAILED, last, attempts, new JobCondition()).with(JobEnd.OUT_OF_RETRIES);
        }
        return unfinished(last, attempts);
    }

    /** Whether Kubernetes has ended the Job. */
    static boolean hasEnded(Job job) {
        return condition(job, "Failed").isPresent()
                || condition(job, "Complete").isPresent();
    }

    private static boolean byRetries(JobCondition failed) {
        return "BackoffLimitExceeded".equals(failed.getReason());
    }

    private static boolean hasEnded(Pod pod) {
        return trainer(pod).flatMap(PodFailure::terminated).isPresent() || isFailed(pod);
    }

    /** Whether all has ended and the kubelet will say so within seconds: until then the node's GPUs are not free for another trial. */
    private static boolean isBeingReleased(Pod pod) {
        return "Running".equals(pod.getStatus().getPhase())
                && !PodDisruption.lingers(pod)
                && pod.getMetadata().getDeletionTimestamp() == null;
    }

    private static boolean isFailed(Pod pod) {
        return pod != null && "Failed".equals(pod.getStatus().getPhase());
    }

    /** Returns the observation of a trial whose Pod was asked to end. The trial does not run, and has not ended. */
    private static TrialObservation disrupted(PodDisruption why, Pod pod, Attempts attempts, Instant now) {
        if (hasEnded(pod)) {
            return new TrialObservation(
                    State.PENDING,
                    DISRUPTED,
                    why.message() + "; the trial runs again in another Pod",
                    attempts,
                    LastPod.of(pod),
                    JobEnd.ORDINARY);
        }
        String end = pod.getMetadata().getDeletionTimestamp();
        boolean isOverdue = end != null && Instant.parse(end).plus(OVERDUE).isBefore(now);
        String node = pod.getSpec().getNodeName();
        return new TrialObservation(
                State.PENDING,
                TERMINATING,
                why.message()
                        + (isOverdue
                                ? " and should have ended at " + end + ", but its node " + node
                                        + " has not ended it. If kubectl get node " + node
                                        + " says NotReady, repair or delete the node; or run kubectl delete pod "
                                        + pod.getMetadata().getName() + " -n "
                                        + pod.getMetadata().getNamespace()
                                        + " --force, if you are sure that the program does not run any more"
                                : ", and another follows when it has ended"),
                attempts,
                LastPod.of(pod),
                JobEnd.ORDINARY);
    }

    private TrialObservation with(JobEnd end) {
        return new TrialObservation(state, reason, message, attempts, pod, end);
    }

    /**
     * This observation of a trial whose Job has used up its retries: if the trial itself has not, because Pods were lost to disruptions or
     * because another container keeps the Job from trying again, another Job takes its place.
     *
     * @param ownAttempts Pods that were not disrupted
     */
    TrialObservation withRetries(int ownAttempts, int retries) {
        if (job != JobEnd.OUT_OF_RETRIES || ownAttempts > retries) {
            return this;
        }
        return new TrialObservation(
                State.PENDING,
                RETRYING,
                "attempt " + ownAttempts + " failed, another follows; " + message,
                attempts,
                pod.until(pod.completionTime()),
                JobEnd.REPLACED);
    }

    /**
     * Returns this observation, or, if the Pod that ended the Job is gone, one that replaces the Job. Such a Pod may have been asked to end, for
     * example because its node was drained. Kubernetes counts it as a success if the program exits with 0.
     *
     * @param known name of the last Pod that was seen; null for none
     */
    TrialObservation withoutItsPod(String known) {
        if (job != JobEnd.UNSEEN) {
            return this;
        }
        Set<String> disrupted = new HashSet<>(attempts.disrupted);
        Optional.ofNullable(known).ifPresent(disrupted::add);
        return new TrialObservation(
                State.PENDING,
                DISRUPTED,
                (known == null ? "its Pod" : "Pod " + known)
                        + " was deleted before its end was seen, and may have been asked to end;"
                        + " the trial runs again in another Pod",
                new Attempts(attempts.pods, attempts.failures, disrupted),
                LastPod.NONE.named(known, null),
                JobEnd.REPLACED);
    }

    /** Returns an observation that needs no explanation. */
    static TrialObservation unexplained(State state, LastPod pod, Attempts attempts) {
        return new TrialObservation(state, null, null, attempts, pod, JobEnd.ORDINARY);
    }

    /** Returns this observation with the reason why the trial has no Pod, or why its Pod does not start. */
    TrialObservation refused(Refusal refusal) {
        return new TrialObservation(
                state,
                refusal.reason(),
                reason == null ? refusal.message() : refusal.message() + " (" + message + ")",
                attempts,
                pod,
                job);
    }

    /** Whether the Job has to make a Pod, the first or the next. */
    boolean waitsForAPod() {
        return state == State.PENDING
                && job == JobEnd.ORDINARY
                && (pod.name() == null || RETRYING.equals(reason) || DISRUPTED.equals(reason));
    }

    /** Whether the Pod is bound to a node that has not prepared it yet, and its status does not say why. */
    boolean waitsOnItsNode() {
        return state == State.PENDING && pod.node() != null && !pod.isPrepared() && reason == null;
    }

    /** Whether the Job has ended and its last Pod has to be read from the API server. */
    boolean missesItsPod() {
        return job == JobEnd.UNSEEN || state.ended() && !sawTheEnd();
    }

    /**
     * Whether the trial has ended and its log has to be read before the result is recorded. A termination message that names the metric is a
     * result by itself. The log adds the other metrics and the curve, and is waited for as long as one request to a node may take.
     */
    boolean waitsForItsLog(Metric metric, Instant now) {
        if (!state.ended() || !pod.termination().metrics().names(metric.name())) {
            return state.ended();
        }
        String end = pod.completionTime();
        return end != null && Instant.parse(end).plus(TrialLog.TIMEOUT).isAfter(now);
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
        return new TrialObservation(State.FAILED, failure.reason(), failure.message(), attempts, last, JobEnd.ORDINARY);
    }

    private static TrialObservation unfinished(Pod pod, Attempts attempts) {
        Optional<ContainerStateTerminated> end = trainer(pod).flatMap(PodFailure::terminated);
        Optional<PodFailure> failure = PodFailure.of(pod);
        if (failure.isPresent()) {
            return new TrialObservation(
                    State.PENDING,
                    RETRYING,
                    "attempt " + attempts.pods.size() + " failed, another follows; "
                            + failure.get().message(),
                    attempts,
                    LastPod.of(pod)
                            .until(end.map(ContainerStateTerminated::getFinishedAt)
                                    .orElse(null)),
                    JobEnd.ORDINARY);
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

    /** Returns why a Pod does not run: the message of the scheduler, or what keeps a container from starting, such as a failed image pull. */
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
        return new TrialObservation(state, why, words, attempts, pod, job);
    }

    private static int failures(Job job) {
        return job.getStatus() == null || job.getStatus().getFailed() == null
                ? 0
                : job.getStatus().getFailed();
    }

    /** Returns the parts of container statuses that are used. */
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
