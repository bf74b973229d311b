package dev.sweeps.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.metrics.LogDigest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrialOutcomeTest {
    @Test
    void theMessageOfAMissingMetricShowsTheLastLineThatMentionsIt() {
        TrialOutcome outcome = outcome("acc", "loading", "lr=0.1", "acc -> 0.91", "Saved model.bin");
        assertThat(outcome.reason()).isEqualTo("MetricMissing");
        assertThat(outcome.message())
                .contains("It reported \"lr\"")
                .contains("The last line that mentions it is \"acc -> 0.91\"")
                .contains("metric.pattern");
    }

    @Test
    void ifNoLineMentionsItTheLastLinesAreShown() {
        assertThat(outcome("acc", "one", "two", "", "three", "four").message())
                .contains("No line mentions it; the last lines are \"two\", \"three\", \"four\"");
    }

    @Test
    void aNameThatDiffersByASpaceIsShownInQuotes() {
        assertThat(outcome("test_acc_avg", "{\"step\": 1, \"test_acc_avg \": 0.7}")
                        .message())
                .contains("\"test_acc_avg \" differs from metric.name only by case, spaces or its path");
        assertThat(outcome("f1", "{\"eval\": {\"f1\": 0.7}}").message()).contains("\"eval.f1\" differs");
    }

    @Test
    void aDivergedTrialDoesNotKeepItsLastGoodValue() {
        TrialOutcome outcome = outcome("loss", "{\"step\": 1, \"loss\": 0.21}", "{\"step\": 2, \"loss\": null}");
        assertThat(outcome.reason()).isEqualTo("Diverged");
        assertThat(outcome.message()).contains("leave loss out of that report");
    }

    @Test
    void aNumberThatMayBeTwoIsShownWithItsLine() {
        TrialOutcome outcome = outcome("loss", "loss=0.5", "loss=1,234");
        assertThat(outcome.reason()).isEqualTo("MetricUnclear");
        assertThat(outcome.message()).contains("\"loss=1,234\"");
    }

    private static TrialOutcome outcome(String name, String... lines) {
        Metric metric = new Metric(name, Goal.MAXIMIZE, null, null);
        LogDigest digest = LogDigest.of(Stream.of(lines), metric);
        return TrialOutcome.of(
                metric,
                digest.metrics(),
                TrialOutcome.value(metric, digest.metrics(), digest.history()),
                false,
                digest.evidence());
    }
}
