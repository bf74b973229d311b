package dev.sweeps.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogDigestTest {
    private static final Metric ACCURACY = new Metric("acc", Goal.MAXIMIZE, null, null);

    @Test
    void itsSizeDoesNotGrowWithTheLog() {
        LogDigest digest =
                LogDigest.of(IntStream.range(0, 100_000).mapToObj(step -> "step=" + step + " acc=0." + step), ACCURACY);
        assertThat(digest.history()).hasSizeLessThanOrEqualTo(MetricHistory.MAX_POINTS);
        assertThat(digest.metrics().step()).contains(99_999L);
    }

    /** Whoever prints "loss_of_step_7=0.1" has as many names as steps. */
    @Test
    void itsNamesDoNotGrowWithTheLogAndTheWatchedOneIsAmongThem() {
        LogDigest digest = LogDigest.of(
                IntStream.range(0, 5_000).mapToObj(step -> "step=" + step + " loss" + step + "=1 acc=0." + step),
                ACCURACY);
        LogDigest late = LogDigest.of(
                Stream.concat(
                        IntStream.range(0, 5_000).mapToObj(step -> "loss" + step + "=1 bad" + step + "=nan"),
                        Stream.of("acc=0.9")),
                ACCURACY);
        assertThat(digest.metrics().values()).hasSize(LogDigest.MAX_NAMES).containsKeys("acc", "step", "loss0");
        assertThat(late.metrics().values().size() + late.metrics().notFinite().size())
                .isEqualTo(LogDigest.MAX_NAMES + 1);
        assertThat(late.metrics().values()).containsKey("acc");
    }

    @Test
    void aLaterTailIsPutAfterWhatIsKnown() {
        LogDigest earlier = digest("step=1 acc=0.1 loss=3", "step=2 acc=0.2");
        LogDigest later = digest("step=2 acc=0.2", "step=3 acc=0.3").after(earlier, ACCURACY);
        assertThat(later.history())
                .extracting(point -> point.step() + " " + point.value())
                .containsExactly("1 0.1", "2 0.2", "3 0.3");
        assertThat(later.metrics().values()).containsKeys("loss", "acc", "step");
    }

    @Test
    void aLogThatSaysNothingTakesNothingAway() {
        LogDigest earlier = digest("step=1 acc=0.1");
        assertThat(LogDigest.NOTHING.after(earlier, ACCURACY)).isEqualTo(earlier);
    }

    @Test
    void reportsWithoutAStepAreCountedAnew() {
        LogDigest later = digest("acc=0.1", "acc=0.2").after(digest("acc=0.1"), ACCURACY);
        assertThat(later.history()).extracting(point -> point.step()).containsExactly(1L, 2L);
    }

    @Test
    void aStepThatIsReportedAgainIsOneReportWithItsLastValue() {
        LogDigest digest = LogDigest.of(
                Stream.of("step=1 acc=0.1", "step=2 acc=0.2", "loss=3", "step=2 acc=0.3", "step=3 acc=0.4"),
                ACCURACY,
                java.util.List.of(2, 3, 9));
        assertThat(digest.reports().count()).isEqualTo(3);
        assertThat(digest.reports().atBands()).hasToString("{2=0.3, 3=0.4}");
    }

    @Test
    void theSummaryOfWandbCountsForWhatTheProgramDoesNotPrintItself() {
        LogDigest digest = digest(
                "wandb: Tracking run with wandb version 0.31.0",
                "wandb: Waiting for W&B process to finish, PID 1234",
                "acc=0.123456",
                "wandb: Run history:",
                "wandb: val/loss \u2588\u2583\u2581",
                "wandb: Run summary:",
                "wandb:      acc 0.12346",
                "wandb: val/loss 0.33333",
                "wandb:  val mAP 1e-05",
                "wandb:   broken NaN",
                "wandb: Find logs at: ./wandb/offline-run-20261126_093308-q0exfx8g/logs");
        assertThat(digest.metrics().values())
                .containsEntry("acc", new java.math.BigDecimal("0.123456"))
                .containsEntry("val/loss", new java.math.BigDecimal("0.33333"))
                .containsKey("val mAP");
        assertThat(digest.metrics().values()).hasSize(3);
        assertThat(digest.metrics().notFinite()).containsExactly("broken");
    }

    private static LogDigest digest(String... lines) {
        return LogDigest.of(Stream.of(lines), ACCURACY);
    }
}
