package dev.sweeps.operator.trial;

import static dev.sweeps.operator.Objects.SWEEP;
import static dev.sweeps.operator.Objects.sweep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.metrics.LogDigest;
import dev.sweeps.metrics.Reports;
import dev.sweeps.metrics.TerminationMessage;
import dev.sweeps.operator.Objects;
import dev.sweeps.operator.trial.ReportCounter.Counted;
import dev.sweeps.operator.trial.TrialLog.End;
import dev.sweeps.operator.trial.TrialLog.Extent;
import dev.sweeps.operator.trial.TrialObservation.Attempts;
import dev.sweeps.operator.trial.TrialObservation.JobEnd;
import dev.sweeps.search.Point;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrialStatusFactoryTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Attempts ONE = new Attempts(Set.of("p"), 0, Set.of());
    private static final LastPod POD = LastPod.NONE.named("p", "n");

    @Test
    void theTerminationMessageCountsBeforeTheLog() {
        TrialStatus status = status(SWEEP, "{\"eval_acc\": 0.7}", "{\"step\": 1, \"eval_acc\": 0.6}");
        assertThat(status.value()).isEqualByComparingTo("0.7");
        assertThat(status.state()).isEqualTo(State.SUCCEEDED);
        assertThat(status.columns().value()).isEqualTo("0.7");
        assertThat(status.columns().parameters()).isEqualTo("lr=0.00003");
    }

    @Test
    void theLastValueCountsUnlessTheBestIsAskedFor() {
        String[] log = {"step=1 eval_acc=0.6", "step=2 eval_acc=0.9", "step=3 eval_acc=0.5"};
        assertThat(status(SWEEP, "", log).value()).isEqualByComparingTo("0.5");
        assertThat(status(SWEEP.replace("goal: maximize", "goal: maximize, select: best"), "", log)
                        .value())
                .isEqualByComparingTo("0.9");
    }

    @Test
    void theHistoryHasAPointAStep() {
        assertThat(status(
                                SWEEP,
                                "",
                                "step=1 eval_acc=0.6",
                                "step=2 loss=3",
                                "step=2 eval_acc=0.7",
                                "step=2 eval_acc=0.8")
                        .history())
                .extracting(point -> point.step() + " " + point.value())
                .containsExactly("1 0.6", "2 0.8");
    }

    @Test
    void aSuccessWithoutTheMetricIsAFailure() {
        TrialStatus status = status(SWEEP, "", "loss=1");
        assertThat(status.state()).isEqualTo(State.FAILED);
        assertThat(status.reason()).isEqualTo("MetricMissing");
        assertThat(status.conditions().get(0).getType()).isEqualTo("Failed");
    }

    @Test
    void aMetricThatIsNotANumberHasDiverged() {
        assertThat(status(SWEEP, "", "eval_acc=0.5", "eval_acc=nan").reason()).isEqualTo("Diverged");
    }

    @Test
    void aClassifierThatGivesOneAnswerIsFlaggedAndKeepsItsValue() {
        TrialStatus status = status(SWEEP, "{\"eval_acc\": 0.5271, \"collapsed\": true}");
        assertThat(status.state()).isEqualTo(State.SUCCEEDED);
        assertThat(status.reason()).isEqualTo("Collapsed");
        assertThat(status.message()).endsWith("the learning rate is too high, or too low for the steps it had");
        assertThat(status.value()).isEqualByComparingTo("0.5271");
    }

    @Test
    void theTerminationMessageIsEnoughWhenTheLogCannotBeRead() {
        LogReading forbidden = LogReading.failed("pods/log is forbidden", Counted.NOTHING, false, true, true, NOW);
        TrialStatus status = status(trial(), seen("{\"eval_acc\": 0.7}"), forbidden);
        assertThat(status.state()).isEqualTo(State.SUCCEEDED);
        assertThat(status.value()).isEqualByComparingTo("0.7");
        assertThat(status.reason()).isNull();
    }

    @Test
    void aLogThatIsNeededAndCannotBeReadIsWaitedFor() {
        Trial trial = trial();
        trial.setStatus(running("0.6"));
        TrialStatus status =
                status(trial, seen(""), LogReading.failed("etcd is down", Counted.NOTHING, false, true, true, NOW));
        assertThat(status.state()).isEqualTo(State.RUNNING);
        assertThat(status.reason()).isEqualTo("LogUnreadable");
        assertThat(status.message()).contains("etcd is down");
        assertThat(status.value()).isEqualByComparingTo("0.6");
    }

    @Test
    void aLogThatIsGoneLeavesWhatTheStatusAlreadyHolds() {
        Trial trial = trial();
        trial.setStatus(running("0.6"));
        TrialStatus status = status(
                trial, seen(""), LogReading.failed("pods \"p\" not found", Counted.NOTHING, true, true, true, NOW));
        assertThat(status.state()).isEqualTo(State.SUCCEEDED);
        assertThat(status.value()).isEqualByComparingTo("0.6");
        assertThat(status.history()).hasSize(1);
        assertThat(status.reason()).isEqualTo("LogGone");
    }

    @Test
    void aLogThatIsGoneAndSaidNothingBeforeIsAFailureWithTheWayOut() {
        TrialStatus status =
                status(trial(), seen(""), LogReading.failed("not found", Counted.NOTHING, true, true, true, NOW));
        assertThat(status.state()).isEqualTo(State.FAILED);
        assertThat(status.reason()).isEqualTo("LogGone");
        assertThat(status.message()).endsWith("delete this Trial to run it again");
    }

    /** The kubelet begins another file for a log of more than 10 MB, and the API server shows that one only. */
    @Test
    void aLogThatWasBegunAnewAfterTheLastReportIsTold() {
        Trial trial = trial();
        trial.setStatus(running("0.6"));
        for (Extent extent : List.of(Extent.EMPTY, Extent.WHOLE)) {
            TrialStatus status = status(trial, seen(""), reading(extent, "saved"));
            assertThat(status.state()).isEqualTo(State.SUCCEEDED);
            assertThat(status.value()).isEqualByComparingTo("0.6");
            assertThat(status.reason()).isEqualTo("LogRotated");
            assertThat(status.message()).endsWith("write {\"eval_acc\": ...} to /dev/termination-log at the end");
        }
    }

    @Test
    void aLogThatIsKnownToTheLastReportHasNothingToTell() {
        Trial trial = trial();
        trial.setStatus(running("0.6"));
        assertThat(status(trial, seen(""), reading(Extent.END, "saved")).reason())
                .isNull();
        assertThat(status(trial, seen(""), reading(Extent.WHOLE, "eval_acc=0.7"))
                        .reason())
                .isNull();
        assertThat(status(trial, seen("{\"eval_acc\": 0.7}"), reading(Extent.EMPTY, ""))
                        .reason())
                .isNull();
        assertThat(status(trial, seen(""), reading(Extent.WHOLE, "eval_acc=nan"))
                        .reason())
                .isEqualTo("Diverged");
    }

    @Test
    void ofAnEmptyLogBothCausesAreNamed() {
        TrialStatus status = status(trial(), seen(""), reading(Extent.EMPTY, ""));
        assertThat(status.state()).isEqualTo(State.FAILED);
        assertThat(status.reason()).isEqualTo("MetricMissing");
        assertThat(status.message())
                .contains("it printed nothing")
                .contains("the kubelet began another file")
                .endsWith("write {\"eval_acc\": ...} to /dev/termination-log at the end");
    }

    @Test
    void whatAnotherPodReportedDoesNotCount() {
        Trial trial = trial();
        TrialStatus before = running("0.6");
        trial.setStatus(TrialStatus.builder(State.RUNNING)
                .metrics(before.metrics(), null)
                .attempts(1)
                .ranAs("t", "another", "n")
                .build());
        TrialStatus status = status(
                trial, seen(""), LogReading.of(new End(LogDigest.NOTHING, Extent.END), Counted.NOTHING, true, NOW));
        assertThat(status.reason()).isEqualTo("MetricMissing");
        assertThat(status.attempts()).isEqualTo(2);
    }

    @Test
    void metricsBeyondTheLimitAreCountedAndTheOneOfTheSweepIsKept() {
        StringBuilder log = new StringBuilder("zz=1");
        for (int i = 100; i < 300; i++) {
            log.append(" m").append(i).append("=1");
        }
        TrialStatus status = status(SWEEP.replace("eval_acc", "zz"), "", log.toString());
        assertThat(status.metrics()).hasSize(TrialStatusFactory.MAX_METRICS).containsKey("zz");
        assertThat(status.metricsOmitted()).isEqualTo(201 - TrialStatusFactory.MAX_METRICS);
    }

    @Test
    void aTrialThatIsDisruptedForEverIsGivenUp() {
        Trial trial = trial();
        trial.setStatus(TrialStatus.builder(State.RUNNING)
                .attempts(TrialStatusFactory.MAX_DISRUPTIONS + 1)
                .disruptions(TrialStatusFactory.MAX_DISRUPTIONS, "earlier")
                .ranAs("t", "p", "n")
                .build());
        assertThat(running(trial, Set.of()).state()).isEqualTo(State.RUNNING);
        TrialStatus status = running(trial, Set.of("p"));
        assertThat(status.state()).isEqualTo(State.FAILED);
        assertThat(status.reason()).isEqualTo("DisruptedTooOften");
    }

    /** A Job can stay suspended for days, so the same lost Pod is seen in many passes. */
    @Test
    void aPodIsLostOnce() {
        Trial trial = trial();
        trial.setStatus(running("0.6"));
        for (int pass = 0; pass < 3; pass++) {
            trial.setStatus(status(
                    trial,
                    TrialObservation.unexplained(State.QUEUED, POD, new Attempts(Set.of("p"), 0, Set.of("p"))),
                    null));
            assertThat(trial.getStatus().disruptions()).isEqualTo(1);
            assertThat(trial.getStatus().disruptedPod()).isEqualTo("p");
        }
        TrialObservation next = TrialObservation.unexplained(
                State.RUNNING, LastPod.NONE.named("p2", "n"), new Attempts(Set.of("p", "p2"), 0, Set.of("p", "p2")));
        assertThat(status(trial, next, null).disruptions()).isEqualTo(2);
    }

    @Test
    void aPodThatEndsWithItsTrialIsNotLost() {
        Trial trial = trial();
        trial.setStatus(running("0.6"));
        TrialObservation tooLong = new TrialObservation(
                State.FAILED,
                TrialObservation.DEADLINE_EXCEEDED,
                "too long",
                new Attempts(Set.of("p"), 0, Set.of("p")),
                POD,
                TrialObservation.JobEnd.ORDINARY);
        assertThat(status(trial, tooLong, null).disruptions()).isNull();
        TrialObservation gone = new TrialObservation(
                State.FAILED,
                TrialObservation.DEADLINE_EXCEEDED,
                "too long",
                new Attempts(Set.of(), 0, Set.of()),
                LastPod.NONE,
                TrialObservation.JobEnd.ORDINARY);
        assertThat(status(trial, gone, null).disruptions()).isNull();
    }

    /** The first Pod was deleted while no operator ran. */
    @Test
    void aPodThatIsGoneWithoutAnEndThatWasSeenUsesUpNoRetry() {
        Trial trial = trial();
        trial.setStatus(running("0.6"));
        TrialObservation none =
                TrialObservation.unexplained(State.PENDING, LastPod.NONE, new Attempts(Set.of(), 1, Set.of()));
        assertThat(status(trial, none, null).disruptions()).isEqualTo(1);
        TrialObservation next = TrialObservation.unexplained(
                State.RUNNING, LastPod.NONE.named("p2", "n"), new Attempts(Set.of("p2"), 1, Set.of()));
        assertThat(TrialStatusFactory.ownAttempts(trial, next)).isEqualTo(1);
        trial.setStatus(status(trial, next, null));
        assertThat(trial.getStatus().attempts()).isEqualTo(2);
        assertThat(trial.getStatus().disruptions()).isEqualTo(1);
        assertThat(TrialStatusFactory.ownAttempts(trial, next)).isEqualTo(1);
    }

    private static TrialStatus running(Trial trial, Set<String> disrupted) {
        return status(
                trial,
                TrialObservation.unexplained(State.RUNNING, POD, new Attempts(Set.of("p"), 0, disrupted)),
                LogReading.of(new End(LogDigest.NOTHING, Extent.END), Counted.NOTHING, false, NOW));
    }

    /** The kubelet says by turns what failed and that it waits. */
    @Test
    void anImageThatCannotBePulledIsOneState() {
        Trial trial = trial();
        TrialStatus first = status(trial, pulling("failed to pull image x: not found"), null);
        trial.setStatus(first);
        assertThat(status(trial, pulling("Back-off pulling image x"), null)).isEqualTo(first);
    }

    /** A status may have been written by anybody. */
    @Test
    void aStatusOfSomebodyElseIsWrittenOver() {
        Trial trial = trial();
        trial.setStatus(TrialStatus.builder(State.PENDING)
                .because("ImagePullBackOff", "x")
                .progress(null, List.of(new MetricPoint(1, null)))
                .build());
        assertThat(status(trial, pulling("not found"), null).message()).isEqualTo("not found");
        assertThat(status(
                                trial,
                                seen("{\"eval_acc\": 0.7}"),
                                LogReading.of(new End(LogDigest.NOTHING, Extent.END), Counted.NOTHING, true, NOW))
                        .value())
                .isEqualByComparingTo("0.7");
    }

    @Test
    void whenTheLastReportWasPrintedIsKeptForAnotherOperator() {
        Instant time = Instant.parse("2026-01-01T00:00:01.123456789Z");
        Counted counted = new Counted(new Reports(3, Collections.emptySortedMap(), null), time);
        TrialObservation running = TrialObservation.unexplained(State.RUNNING, POD, ONE);
        Trial trial = trial();
        trial.setStatus(
                status(trial, running, LogReading.of(new End(LogDigest.NOTHING, Extent.WHOLE), counted, false, NOW)));
        assertThat(trial.getStatus().reports()).isEqualTo(3);
        assertThat(trial.getStatus().lastReportTime()).isEqualTo(time.toString());
        LogReading failed = LogReading.failed("etcd is down", Counted.NOTHING, false, false, true, NOW);
        assertThat(status(trial, running, failed).lastReportTime()).isEqualTo(time.toString());
        assertThat(status(trial, running, null).lastReportTime()).isEqualTo(time.toString());
    }

    private static LogReading reading(Extent extent, String line) {
        LogDigest digest = LogDigest.of(Stream.of(line), sweep(SWEEP).getSpec().metric());
        return LogReading.of(new End(digest, extent), Counted.NOTHING, true, NOW);
    }

    private static TrialObservation pulling(String message) {
        return new TrialObservation(State.PENDING, "ImagePullBackOff", message, ONE, POD, JobEnd.ORDINARY);
    }

    private static TrialStatus running(String value) {
        return TrialStatus.builder(State.RUNNING)
                .value(new BigDecimal(value))
                .metrics(Map.of("eval_acc", new BigDecimal(value)), null)
                .progress(null, List.of(new MetricPoint(1, new BigDecimal(value))))
                .attempts(1)
                .ranAs("t", "p", "n")
                .build();
    }

    private static TrialObservation seen(String termination) {
        ContainerStateTerminated end = new ContainerStateTerminated();
        end.setExitCode(0);
        return TrialObservation.unexplained(
                State.SUCCEEDED, POD.ended(end, TerminationMessage.parse(termination)), ONE);
    }

    private static Trial trial() {
        return Objects.trial(
                "t", Point.of(Map.of("lr", ParameterValue.number("3e-5"), "task", ParameterValue.text("RTE"))));
    }

    private static TrialStatus status(Trial trial, TrialObservation seen, LogReading log) {
        return TrialStatusFactory.status(sweep(SWEEP), trial, seen, Optional.ofNullable(log), NOW);
    }

    private static TrialStatus status(String sweep, String termination, String... log) {
        LogDigest digest = LogDigest.of(Stream.of(log), sweep(sweep).getSpec().metric());
        return TrialStatusFactory.status(
                sweep(sweep),
                trial(),
                seen(termination),
                Optional.of(LogReading.of(new End(digest, Extent.WHOLE), Counted.NOTHING, true, NOW)),
                NOW);
    }
}
