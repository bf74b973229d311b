package dev.sweeps.operator.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.operator.cluster.Refusal;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrialObservationTest {
    private static final String RUNNING_JOB = "{metadata: {name: t}, spec: {}, status: {active: 1}}";

    private static final String FAILED_JOB =
            "{metadata: {name: t}, spec: {}, status: {conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded, message: Job has reached the specified backoff limit}]}}";

    @Test
    void aJobWithoutAPodIsPending() {
        TrialObservation seen = TrialObservation.of(job(RUNNING_JOB), List.of());
        assertThat(seen.state()).isEqualTo(State.PENDING);
        assertThat(seen.reason()).isNull();
    }

    @Test
    void aSuspendedJobIsQueued() {
        assertThat(TrialObservation.of(job("{metadata: {name: t}, spec: {suspend: true}}"), List.of())
                        .state())
                .isEqualTo(State.QUEUED);
    }

    @Test
    void aPodThatFindsNoNodeTellsTheSchedulersWords() {
        TrialObservation seen = TrialObservation.of(
                job(RUNNING_JOB),
                List.of(
                        pod(
                                "p1",
                                "conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: 0/1 nodes are available}]")));
        assertThat(seen.state()).isEqualTo(State.PENDING);
        assertThat(seen.reason()).isEqualTo("Unschedulable");
        assertThat(seen.message()).isEqualTo("0/1 nodes are available");
    }

    @Test
    void anImageThatCannotBePulledIsTold() {
        TrialObservation seen = TrialObservation.of(
                job(RUNNING_JOB),
                List.of(pod("p1", container("waiting: {reason: ImagePullBackOff, message: no such image}"))));
        assertThat(seen.reason()).isEqualTo("ImagePullBackOff");
    }

    @Test
    void theTwoWordsForAnImageThatCannotBePulledAreOne() {
        assertThat(TrialObservation.of(
                                job(RUNNING_JOB), List.of(pod("p1", container("waiting: {reason: ErrImagePull}"))))
                        .reason())
                .isEqualTo("ImagePullBackOff");
    }

    /** By the time the Job says so too, the Pod may be deleted. */
    @Test
    void aPodThatSucceededIsASuccessBeforeItsJobSaysSo() {
        TrialObservation seen = TrialObservation.of(
                job(RUNNING_JOB),
                List.of(pod(
                        "p1", "phase: Succeeded, " + container("terminated: {exitCode: 0, message: '{\"m\": 1}'}"))));
        assertThat(seen.state()).isEqualTo(State.SUCCEEDED);
        assertThat(seen.pod().termination().metrics().values()).containsKey("m");
    }

    @Test
    void aTrialWaitsForAPodBeforeTheFirstAndBetweenTwo() {
        assertThat(TrialObservation.of(job(RUNNING_JOB), List.of()).waitsForAPod())
                .isTrue();
        TrialObservation retrying = TrialObservation.of(
                job(RUNNING_JOB), List.of(pod("p1", container("terminated: {exitCode: 3, message: boom}"))));
        assertThat(retrying.waitsForAPod()).isTrue();
        assertThat(TrialObservation.of(job(RUNNING_JOB), List.of(pod("p1", "phase: Pending")))
                        .waitsForAPod())
                .isFalse();
        TrialObservation refused =
                retrying.refused(new Refusal("FailedCreate", "exceeded quota", Instant.parse("2026-01-01T00:00:00Z")));
        assertThat(refused.reason()).isEqualTo("FailedCreate");
        assertThat(refused.message())
                .isEqualTo("exceeded quota (attempt 1 failed, another follows; exit code 3: boom)");
    }

    @Test
    void aContainerThatIsBeingCreatedIsNothingToTell() {
        assertThat(TrialObservation.of(
                                job(RUNNING_JOB), List.of(pod("p1", container("waiting: {reason: ContainerCreating}"))))
                        .reason())
                .isNull();
    }

    @Test
    void aRunningContainerIsRunning() {
        TrialObservation seen = TrialObservation.of(
                job(RUNNING_JOB), List.of(pod("p1", container("running: {startedAt: '2026-01-01T00:00:00Z'}"))));
        assertThat(seen.state()).isEqualTo(State.RUNNING);
        assertThat(seen.pod().startTime()).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void anAttemptThatFailedIsToldWhileTheNextIsAwaited() {
        TrialObservation seen = TrialObservation.of(
                job(RUNNING_JOB),
                List.of(pod("p1", container("terminated: {exitCode: 3, reason: Error, message: boom}"))));
        assertThat(seen.state()).isEqualTo(State.PENDING);
        assertThat(seen.message()).isEqualTo("attempt 1 failed, another follows; exit code 3: boom");
    }

    @Test
    void aFailedJobTellsTheTrialsOwnReason() {
        TrialObservation seen = TrialObservation.of(
                job(
                        "{metadata: {name: t}, spec: {}, status: {conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]}}"),
                List.of(
                        pod(
                                "p1",
                                container(
                                        "terminated: {exitCode: 3, reason: Error, message: '{\"reason\": \"Diverged\", \"error\": \"the loss became NaN\"}'}"))));
        assertThat(seen.state()).isEqualTo(State.FAILED);
        assertThat(seen.reason()).isEqualTo("Diverged");
        assertThat(seen.message()).isEqualTo("exit code 3: the loss became NaN");
    }

    @Test
    void outOfMemoryIsCalledByItsName() {
        TrialObservation seen = TrialObservation.of(
                job(
                        "{metadata: {name: t}, spec: {}, status: {conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]}}"),
                List.of(pod("p1", container("terminated: {exitCode: 137, reason: OOMKilled}"))));
        assertThat(seen.reason()).isEqualTo("OOMKilled");
        assertThat(seen.message()).isEqualTo("exit code 137; the trial left no message and no log");
    }

    /** Of a Pod that the node ended: the exit code of the trial would say nothing. */
    @Test
    void whatTheNodeSaysOfAPodComesFirst() {
        TrialObservation seen = TrialObservation.of(
                job(FAILED_JOB),
                List.of(pod(
                        "p1",
                        "phase: Failed, reason: DeadlineExceeded, message: Pod was active on the node longer than the specified deadline, "
                                + container("terminated: {exitCode: 137, reason: Error}"))));
        assertThat(seen.reason()).isEqualTo("DeadlineExceeded");
        assertThat(seen.message()).isEqualTo("Pod was active on the node longer than the specified deadline");
        assertThat(seen.pod().exitCode()).isEqualTo(137);
    }

    /** The GPUs of a node can be gone by the time the kubelet hands them out; no container has then a status. */
    @Test
    void aPodThatTheNodeDoesNotTakeIsToldInItsWords() {
        String refused =
                "phase: Failed, reason: UnexpectedAdmissionError, message: Allocate failed due to requested number of devices unavailable for nvidia.com/gpu";
        TrialObservation retried = TrialObservation.of(job(RUNNING_JOB), List.of(pod("p1", refused)));
        assertThat(retried.message())
                .isEqualTo("attempt 1 failed, another follows; Allocate failed due to requested number of devices"
                        + " unavailable for nvidia.com/gpu");
        TrialObservation failed = TrialObservation.of(job(FAILED_JOB), List.of(pod("p1", refused)));
        assertThat(failed.reason()).isEqualTo("UnexpectedAdmissionError");
    }

    @Test
    void aContainerThatFailsBeforeTheTrialIsNamed() {
        TrialObservation seen = TrialObservation.of(
                job(FAILED_JOB),
                List.of(pod(
                        "p1",
                        "phase: Failed, initContainerStatuses: [{name: download, state: {terminated: {exitCode: 6, reason: Error}}}], "
                                + container("waiting: {reason: PodInitializing}"))));
        assertThat(seen.reason()).isEqualTo("Error");
        assertThat(seen.message())
                .isEqualTo(
                        "container download: exit code 6; it left no message; with terminationMessagePolicy: FallbackToLogsOnError the end of its log would stand here");
    }

    @Test
    void aDeadlineIsToldInTheJobsWords() {
        TrialObservation seen = TrialObservation.of(
                job(
                        "{metadata: {name: t}, spec: {}, status: {conditions: [{type: Failed, status: 'True', reason: DeadlineExceeded, message: Job was active longer than specified deadline}]}}"),
                List.of());
        assertThat(seen.reason()).isEqualTo("DeadlineExceeded");
        assertThat(seen.message()).isEqualTo("Job was active longer than specified deadline");
        assertThat(seen.sawTheEnd()).isFalse();
    }

    @Test
    void theLastOfSeveralPodsCounts() {
        TrialObservation seen = TrialObservation.of(
                job("{metadata: {name: t}, spec: {}, status: {conditions: [{type: Complete, status: 'True'}]}}"),
                List.of(
                        pod("p2", container("terminated: {exitCode: 0, message: '{\"eval_acc\": 0.6}'}"))
                                .edit()
                                .editMetadata()
                                .withCreationTimestamp("2026-01-01T00:00:09Z")
                                .endMetadata()
                                .build(),
                        pod("p1", container("terminated: {exitCode: 1, message: boom}"))));
        assertThat(seen.state()).isEqualTo(State.SUCCEEDED);
        assertThat(seen.attempts().pods()).isEqualTo(2);
        assertThat(seen.pod().termination().metrics().values()).containsKey("eval_acc");
    }

    private static Job job(String yaml) {
        return read(yaml, Job.class);
    }

    private static Pod pod(String name, String status) {
        return read(
                "{metadata: {name: " + name
                        + ", creationTimestamp: '2026-01-01T00:00:00Z'}, spec: {nodeName: n}, status: {" + status
                        + "}}",
                Pod.class);
    }

    private static <T> T read(String yaml, Class<T> type) {
        try {
            return new YAMLMapper().readValue(yaml, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(yaml, e);
        }
    }

    private static String container(String state) {
        return "containerStatuses: [{name: trainer, state: {" + state + "}}]";
    }
}
