package dev.sweeps.operator.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.operator.cluster.Refusal;
import dev.sweeps.operator.trial.TrialObservation.JobEnd;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrialObservationTest {
    private static final String RUNNING_JOB = "{metadata: {name: t}, spec: {}, status: {active: 1}}";

    private static final String FAILED_JOB =
            "{metadata: {name: t}, spec: {}, status: {conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded, message: Job has reached the specified backoff limit}]}}";

    private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");

    /** Of what the caches keep, which must be enough to see the same. */
    private static TrialObservation observed(Job job, List<Pod> pods) {
        TrialObservation ofAll = TrialObservation.of(job, pods, NOW);
        TrialObservation ofKept = TrialObservation.of(
                TrialReconciler.trimmed(job),
                pods.stream().map(TrialObservationTest::kept).toList(),
                NOW);
        assertThat(ofKept).isEqualTo(ofAll);
        return ofKept;
    }

    /** {@link EndOrder} makes its mark on what is kept. */
    private static Pod kept(Pod pod) {
        return new PodBuilder(TrialPods.trimmed(pod))
                .editMetadata()
                .withAnnotations(pod.getMetadata().getAnnotations())
                .endMetadata()
                .build();
    }

    @Test
    void aJobWithoutAPodIsPending() {
        TrialObservation seen = observed(job(RUNNING_JOB), List.of());
        assertThat(seen.state()).isEqualTo(State.PENDING);
        assertThat(seen.reason()).isNull();
    }

    @Test
    void aSuspendedJobIsQueued() {
        assertThat(observed(job("{metadata: {name: t}, spec: {suspend: true}}"), List.of())
                        .state())
                .isEqualTo(State.QUEUED);
    }

    @Test
    void aPodThatFindsNoNodeTellsTheSchedulersWords() {
        TrialObservation seen = observed(
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
        TrialObservation seen = observed(
                job(RUNNING_JOB),
                List.of(pod("p1", container("waiting: {reason: ImagePullBackOff, message: no such image}"))));
        assertThat(seen.reason()).isEqualTo("ImagePullBackOff");
    }

    @Test
    void theTwoWordsForAnImageThatCannotBePulledAreOne() {
        assertThat(observed(job(RUNNING_JOB), List.of(pod("p1", container("waiting: {reason: ErrImagePull}"))))
                        .reason())
                .isEqualTo("ImagePullBackOff");
    }

    /** By the time the Job says so too, the Pod may be deleted. */
    @Test
    void aPodThatSucceededIsASuccessBeforeItsJobSaysSo() {
        TrialObservation seen = observed(
                job(RUNNING_JOB),
                List.of(pod(
                        "p1", "phase: Succeeded, " + container("terminated: {exitCode: 0, message: '{\"m\": 1}'}"))));
        assertThat(seen.state()).isEqualTo(State.SUCCEEDED);
        assertThat(seen.pod().termination().metrics().values()).containsKey("m");
    }

    @Test
    void aResultInATerminationMessageWaitsForTheLogAsLongAsARequestMayTake() {
        String end = "phase: Succeeded, "
                + container("terminated: {exitCode: 0, finishedAt: '2026-01-01T00:00:00Z', message: '{\"m\": 1}'}");
        TrialObservation seen = observed(job(RUNNING_JOB), List.of(pod("p1", end)));
        assertThat(seen.waitsForItsLog(metric("m"), Instant.parse("2026-01-01T00:00:09Z")))
                .isTrue();
        assertThat(seen.waitsForItsLog(metric("m"), Instant.parse("2026-01-01T00:00:10Z")))
                .isFalse();
        assertThat(seen.waitsForItsLog(metric("another"), Instant.parse("2026-01-01T01:00:00Z")))
                .as("a result that only the log can have")
                .isTrue();
        TrialObservation running = observed(job(RUNNING_JOB), List.of(pod("p1", container("running: {}"))));
        assertThat(running.waitsForItsLog(metric("m"), Instant.parse("2026-01-01T00:00:00Z")))
                .isFalse();
    }

    @Test
    void aTrialWaitsForAPodBeforeTheFirstAndBetweenTwo() {
        assertThat(observed(job(RUNNING_JOB), List.of()).waitsForAPod()).isTrue();
        TrialObservation retrying =
                observed(job(RUNNING_JOB), List.of(pod("p1", container("terminated: {exitCode: 3, message: boom}"))));
        assertThat(retrying.waitsForAPod()).isTrue();
        assertThat(observed(job(RUNNING_JOB), List.of(pod("p1", "phase: Pending")))
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
        assertThat(observed(job(RUNNING_JOB), List.of(pod("p1", container("waiting: {reason: ContainerCreating}"))))
                        .reason())
                .isNull();
    }

    @Test
    void aRunningContainerIsRunning() {
        TrialObservation seen = observed(
                job(RUNNING_JOB), List.of(pod("p1", container("running: {startedAt: '2026-01-01T00:00:00Z'}"))));
        assertThat(seen.state()).isEqualTo(State.RUNNING);
        assertThat(seen.pod().startTime()).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void anAttemptThatFailedIsToldWhileTheNextIsAwaited() {
        TrialObservation seen = observed(
                job(RUNNING_JOB),
                List.of(pod("p1", container("terminated: {exitCode: 3, reason: Error, message: boom}"))));
        assertThat(seen.state()).isEqualTo(State.PENDING);
        assertThat(seen.message()).isEqualTo("attempt 1 failed, another follows; exit code 3: boom");
    }

    @Test
    void aFailedJobTellsTheTrialsOwnReason() {
        TrialObservation seen = observed(
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
        TrialObservation seen = observed(
                job(
                        "{metadata: {name: t}, spec: {}, status: {conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]}}"),
                List.of(pod("p1", container("terminated: {exitCode: 137, reason: OOMKilled}"))));
        assertThat(seen.reason()).isEqualTo("OOMKilled");
        assertThat(seen.message()).isEqualTo("exit code 137; the trial left no message and no log");
    }

    /** Of a Pod that the node ended: the exit code of the trial would say nothing. */
    @Test
    void whatTheNodeSaysOfAPodComesFirst() {
        TrialObservation seen = observed(
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
        TrialObservation retried = observed(job(RUNNING_JOB), List.of(pod("p1", refused)));
        assertThat(retried.message())
                .isEqualTo(
                        "node n failed Pod p1 (UnexpectedAdmissionError: Allocate failed due to requested number of devices"
                                + " unavailable for nvidia.com/gpu); the trial runs again in another Pod");
        TrialObservation replaced = observed(job(FAILED_JOB), List.of(pod("p1", refused)));
        assertThat(replaced.job()).isEqualTo(JobEnd.REPLACED);
    }

    @Test
    void aContainerThatFailsBeforeTheTrialIsNamed() {
        TrialObservation seen = observed(
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
        TrialObservation seen = observed(
                job(
                        "{metadata: {name: t}, spec: {}, status: {conditions: [{type: Failed, status: 'True', reason: DeadlineExceeded, message: Job was active longer than specified deadline}]}}"),
                List.of());
        assertThat(seen.reason()).isEqualTo("DeadlineExceeded");
        assertThat(seen.message()).isEqualTo("Job was active longer than specified deadline");
        assertThat(seen.sawTheEnd()).isFalse();
    }

    @Test
    void theLastOfSeveralPodsCounts() {
        TrialObservation seen = observed(
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
        assertThat(seen.attempts().pods()).hasSize(2);
        assertThat(seen.pod().termination().metrics().values()).containsKey("eval_acc");
    }

    /** The node's GPUs are free only then. */
    @Test
    void aTrialEndsWhenItsPodHasEnded() {
        assertThat(observed(job(RUNNING_JOB), List.of(pod("p1", "phase: Running, " + container(EXIT_0))))
                        .state())
                .isEqualTo(State.RUNNING);
        assertThat(observed(job(RUNNING_JOB), List.of(pod("p1", "phase: Succeeded, " + container(EXIT_0))))
                        .state())
                .isEqualTo(State.SUCCEEDED);
        assertThat(observed(job(COMPLETE_JOB), List.of(pod("p1", "phase: Running, " + container(EXIT_0))))
                        .state())
                .isEqualTo(State.SUCCEEDED);
    }

    private static final String EXIT_0 =
            "terminated: {exitCode: 0, finishedAt: '2026-01-01T00:05:00Z', message: '{\"m\": 1}'}";
    private static final String COMPLETE_JOB =
            "{metadata: {name: t}, spec: {}, status: {conditions: [{type: Complete, status: 'True'}]}}";

    /** A program that catches SIGTERM, saves its work and exits with 0. */
    @Test
    void aProgramThatWasAskedToEndHasNoResult() {
        for (String request : List.of(
                "deletionTimestamp: '2026-01-01T00:05:30Z', deletionGracePeriodSeconds: 30",
                "deletionTimestamp: '2026-01-01T00:05:00Z', deletionGracePeriodSeconds: 0",
                "deletionTimestamp: '2026-01-01T00:05:35Z', deletionGracePeriodSeconds: 30", // Clocks differ.
                "deletionTimestamp: '2026-01-01T00:08:00Z', annotations: {sweeps.dev/asked-to-end: 'true'}")) {
            Pod pod = pod("p1", "phase: Succeeded, " + container(EXIT_0), request);
            TrialObservation unfinished = observed(job(RUNNING_JOB), List.of(pod));
            assertThat(unfinished.state()).as(request).isEqualTo(State.PENDING);
            assertThat(unfinished.reason()).isEqualTo("Disrupted");
            assertThat(unfinished.job()).isEqualTo(JobEnd.ORDINARY);
            assertThat(unfinished.attempts().disrupted()).containsExactly("p1");
            assertThat(observed(job(COMPLETE_JOB), List.of(pod)).job()).isEqualTo(JobEnd.REPLACED);
            assertThat(observed(job(FAILED_JOB), List.of(pod)).job()).isEqualTo(JobEnd.REPLACED);
            assertThat(observed(job("{metadata: {name: t}, spec: {suspend: true}}"), List.of(pod))
                            .state())
                    .isEqualTo(State.QUEUED);
        }
    }

    @Test
    void aPodThatIsStillEndingWhenAnotherHasItsPlaceIsLost() {
        Pod ending = pod(
                "p1",
                container("running: {startedAt: '2026-01-01T00:00:00Z'}"),
                "deletionTimestamp: '2026-01-01T00:05:30Z', deletionGracePeriodSeconds: 30");
        assertThat(observed(job(RUNNING_JOB), List.of(ending)).attempts().disrupted())
                .isEmpty();
        Pod next = pod("p2", container("running: {startedAt: '2026-01-01T00:06:00Z'}"))
                .edit()
                .editMetadata()
                .withCreationTimestamp("2026-01-01T00:05:40Z")
                .endMetadata()
                .build();
        assertThat(observed(job(RUNNING_JOB), List.of(ending, next)).attempts().disrupted())
                .containsExactly("p1");
    }

    /** The Pod was deleted while no operator ran, so nobody saw whether it ended by itself. */
    @Test
    void aJobThatEndedWithAPodThatNobodySawIsReplaced() {
        Pod failedBefore = pod("p0", container("terminated: {exitCode: 1, message: boom}"));
        for (TrialObservation seen : List.of(
                observed(job(COMPLETE_JOB), List.of()),
                observed(job(COMPLETE_JOB), List.of(failedBefore)),
                observed(job(FAILED_JOB), List.of()))) {
            assertThat(seen.missesItsPod()).isTrue();
            TrialObservation lost = seen.withoutItsPod("p1");
            assertThat(lost.state()).isEqualTo(State.PENDING);
            assertThat(lost.job()).isEqualTo(JobEnd.REPLACED);
            assertThat(lost.attempts().disrupted()).containsExactly("p1");
            assertThat(lost.message()).startsWith("Pod p1 was deleted before its end was seen");
        }
        TrialObservation complete =
                observed(job(COMPLETE_JOB), List.of(pod("p1", "phase: Succeeded, " + container(EXIT_0))));
        assertThat(complete.missesItsPod()).isFalse();
        assertThat(complete.withoutItsPod("p1")).isSameAs(complete);
    }

    @Test
    void aConditionOfThePodIsARequestToo() {
        String conditions =
                "conditions: [{type: DisruptionTarget, status: 'True', reason: EvictionByEvictionAPI, lastTransitionTime: '2026-01-01T00:04:58Z'}], ";
        TrialObservation seen =
                observed(job(COMPLETE_JOB), List.of(pod("p1", "phase: Succeeded, " + conditions + container(EXIT_0))));
        assertThat(seen.state()).isEqualTo(State.PENDING);
        assertThat(seen.message()).contains("EvictionByEvictionAPI");
    }

    /** Somebody cleans up, and the result stays. */
    @Test
    void aPodThatIsDeletedAfterItsTrainerEndedHasAResult() {
        Pod pod = pod(
                "p1",
                "phase: Succeeded, " + container(EXIT_0),
                "deletionTimestamp: '2026-01-01T00:05:45Z', deletionGracePeriodSeconds: 30");
        assertThat(observed(job(RUNNING_JOB), List.of(pod)).state()).isEqualTo(State.SUCCEEDED);
    }

    @Test
    void whatANodeRefusesOrEndsIsADisruption() {
        for (String reason :
                List.of("UnexpectedAdmissionError", "OutOfnvidia.com/gpu", "NodeAffinity", "Terminated", "Evicted")) {
            TrialObservation seen = observed(
                    job(FAILED_JOB),
                    List.of(pod("p1", "phase: Failed, reason: " + reason + ", message: said the node")));
            assertThat(seen.state()).as(reason).isEqualTo(State.PENDING);
            assertThat(seen.job()).isEqualTo(JobEnd.REPLACED);
            assertThat(seen.message()).contains(reason + ": said the node");
        }
        assertThat(observed(job(FAILED_JOB), List.of(pod("p1", "phase: Failed, reason: DeadlineExceeded")))
                        .state())
                .isEqualTo(State.FAILED);
    }

    @Test
    void aPodThatIsBeingDeletedDoesNotRun() {
        String running = container("running: {startedAt: '2026-01-01T00:00:00Z'}");
        TrialObservation seen = observed(
                job(RUNNING_JOB),
                List.of(pod(
                        "p1", running, "deletionTimestamp: '2026-01-01T00:10:20Z', deletionGracePeriodSeconds: 30")));
        assertThat(seen.state()).isEqualTo(State.PENDING);
        assertThat(seen.reason()).isEqualTo("Terminating");
        TrialObservation overdue = observed(
                job(RUNNING_JOB),
                List.of(pod(
                        "p1", running, "deletionTimestamp: '2026-01-01T00:08:00Z', deletionGracePeriodSeconds: 30")));
        assertThat(overdue.message())
                .contains("should have ended at 2026-01-01T00:08:00Z, but its node n has not ended it")
                .contains("kubectl delete pod p1 -n ns --force");
    }

    @Test
    void aContainerBesideTheTrainerDoesNotKeepTheTrialFromItsEnd() {
        String proxy = ", {name: proxy, state: {running: {startedAt: '2026-01-01T00:00:00Z'}}}]";
        String two = "phase: Running, " + container(EXIT_0).replaceFirst("]$", proxy);
        TrialObservation seen = observed(job(RUNNING_JOB), List.of(pod("p1", two)));
        assertThat(seen.state()).isEqualTo(State.SUCCEEDED);
        assertThat(seen.job()).isEqualTo(JobEnd.LINGERS);
        TrialObservation failed =
                observed(job(RUNNING_JOB), List.of(pod("p1", two.replace("exitCode: 0", "exitCode: 3"))));
        assertThat(failed.state()).isEqualTo(State.FAILED);
        assertThat(failed.withRetries(1, 1).state()).isEqualTo(State.PENDING);
        assertThat(failed.withRetries(1, 1).job()).isEqualTo(JobEnd.REPLACED);
        assertThat(failed.withRetries(2, 1)).isEqualTo(failed);
    }

    /** The Job counts a Pod that somebody deleted as a failure, and the trial does not. */
    @Test
    void aJobThatIsOutOfRetriesIsReplacedWhileTheTrialIsNot() {
        TrialObservation seen = observed(
                job(FAILED_JOB),
                List.of(pod("p1", "phase: Failed, " + container("terminated: {exitCode: 3, message: boom}"))));
        assertThat(seen.withRetries(1, 1).message()).isEqualTo("attempt 1 failed, another follows; exit code 3: boom");
        assertThat(seen.withRetries(2, 1).state()).isEqualTo(State.FAILED);
    }

    @Test
    void whatWasSeenFirstDecidesWhateverTheClocksSay() {
        EndOrder order = new EndOrder();
        String request = "deletionTimestamp: '2026-01-01T00:05:30Z', deletionGracePeriodSeconds: 30";
        Pod ended = pod("p1", "phase: Succeeded, " + container(EXIT_0));
        Pod running =
                pod("p2", "phase: Running, " + container("running: {startedAt: '2026-01-01T00:00:00Z'}"), request);
        order.seen(ended);
        order.seen(running);
        Pod endedThenDeleted = order.seen(pod("p1", "phase: Succeeded, " + container(EXIT_0), request));
        Pod askedThenEnded = order.seen(pod(
                "p2",
                "phase: Succeeded, " + container(EXIT_0),
                "deletionTimestamp: '2026-01-01T00:08:30Z', deletionGracePeriodSeconds: 30"));
        assertThat(observed(job(COMPLETE_JOB), List.of(endedThenDeleted)).state())
                .isEqualTo(State.SUCCEEDED);
        assertThat(observed(job(COMPLETE_JOB), List.of(askedThenEnded)).state()).isEqualTo(State.PENDING);
    }

    private static Job job(String yaml) {
        return read(yaml, Job.class);
    }

    private static Pod pod(String name, String status) {
        return pod(name, status, "labels: {}");
    }

    private static Pod pod(String name, String status, String metadata) {
        return read(
                "{metadata: {name: " + name + ", namespace: ns, uid: " + name
                        + ", creationTimestamp: '2026-01-01T00:00:00Z', " + metadata
                        + "}, spec: {nodeName: n}, status: {"
                        + status + "}}",
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

    private static Metric metric(String name) {
        return new Metric(name, null, null, null);
    }
}
