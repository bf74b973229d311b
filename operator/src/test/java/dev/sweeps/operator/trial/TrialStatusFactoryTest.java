package dev.sweeps.operator.trial;

import static dev.sweeps.operator.Objects.SWEEP;
import static dev.sweeps.operator.Objects.sweep;
import static dev.sweeps.operator.Objects.trial;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.metrics.MetricLine;
import dev.sweeps.metrics.Metrics;
import dev.sweeps.metrics.TerminationMessage;
import dev.sweeps.search.Point;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrialStatusFactoryTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

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
        assertThat(status.value()).isEqualByComparingTo("0.5271");
    }

    private static TrialStatus status(String sweep, String termination, String... log) {
        TrialObservation seen = new TrialObservation(
                State.SUCCEEDED, null, null, "p", "n", 0, 1, null, null, TerminationMessage.parse(termination));
        List<Metrics> reports = Stream.of(log).map(MetricLine::parse).toList();
        Point point = Point.of(Map.of("lr", ParameterValue.number("3e-5"), "task", ParameterValue.text("RTE")));
        return TrialStatusFactory.status(sweep(sweep), trial("t", point), seen, reports, NOW);
    }
}
