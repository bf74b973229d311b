package dev.sweeps.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricLineTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"step\": 50, \"eval_acc\": 0.61} | {step=50, eval_acc=0.61}",
                "step=50 eval_acc=0.61              | {step=50, eval_acc=0.61}",
                "{'loss': 0.61, 'epoch': 1.0, 'note': 'x=1'} | {loss=0.61, epoch=1.0}",
                "{'loss': '0.61', 'learning_rate': '3e-05'} | {loss=0.61, learning_rate=0.00003}",
                "epoch 1: loss=0.3, acc=.5          | {loss=0.3, acc=0.5}",
                "[train] loss=1e-5                  | {loss=0.00001}",
                "{\"a\": {\"b\": 1}, \"c\": \"text\", \"d\": 2} | {d=2}"
            })
    void metricsAreFound(String line, String metrics) {
        assertThat(MetricLine.parse(line)
                        .values()
                        .toString()
                        .replace("0.000010", "0.00001")
                        .replace("1E-5", "0.00001")
                        .replace("0.000030", "0.00003")
                        .replace("=.5", "=0.5"))
                .isEqualTo(metrics);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "loading weights",
                "a=b",
                "https://example.org/?x=1&y=2",
                "lr = 3",
                "{'a': {'b': 1}}",
                "{torn json \"a\": 1",
                "[1, 2, 3]",
                "{\"step\": 1} trailing",
                "2026-01-01T00:00:00 started"
            })
    void anyOtherLineHoldsNone(String line) {
        assertThat(MetricLine.parse(line)).isEqualTo(Metrics.NONE);
    }

    @Test
    void coloursAndProgressBarsDoNoHarm() {
        assertThat(MetricLine.parse("\u001B[32mloss=0.5\u001B[0m").values()).containsKey("loss");
        assertThat(MetricLine.parse("10%|#   | loss=0.9\r20%|##  | loss=0.8")
                        .values()
                        .get("loss"))
                .hasToString("0.8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"loss\": NaN}",
                "{\"loss\": -Infinity}",
                "loss=nan",
                "loss=-inf",
                "loss=1e999",
                "{'loss': nan}",
                "{'loss': -inf, 'a': 'b'}"
            })
    void whatIsNotFiniteIsTold(String line) {
        assertThat(MetricLine.parse(line).notFinite()).containsExactly("loss");
    }

    @Test
    void whatWasDrawnOverDoesNotMakeALineTooLong() {
        assertThat(MetricLine.parse("#".repeat(1_000_000) + "\rloss=0.5\r").values())
                .containsKey("loss");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "two words",
                "line\\nbreak",
                "1st",
                "",
                "a123456789012345678901234567890123456789012345678901234567890123456789"
            })
    void aReasonIsOneWordOrIgnored(String reason) {
        TerminationMessage message = TerminationMessage.parse("{\"m\": 1, \"reason\": \"" + reason + "\"}");
        assertThat(message.reason()).isEmpty();
        assertThat(message.metrics().values()).containsKey("m");
    }

    @Test
    void aLineOfAMegabyteIsNotLookedAt() {
        assertThat(MetricLine.parse("loss=1 " + "x".repeat(1_000_000))).isEqualTo(Metrics.NONE);
    }

    @Test
    void theLaterReportWins() {
        Metrics metrics = MetricLine.parse("loss=1 acc=2")
                .with(MetricLine.parse("loss=nan"))
                .with(MetricLine.parse("acc=3"));
        assertThat(metrics.values()).hasToString("{acc=3}");
        assertThat(metrics.notFinite()).containsExactly("loss");
    }

    @Test
    void theTailOfALogIsNotATerminationMessageOfMetrics() {
        TerminationMessage message = TerminationMessage.parse("{\"step\": 1, \"eval_acc\": 0.5}\nTraceback: boom");
        assertThat(message.metrics()).isEqualTo(Metrics.NONE);
        assertThat(message.error()).hasValueSatisfying(text -> assertThat(text).endsWith("boom"));
    }

    @Test
    void aTerminationMessageTellsMetricsReasonAndError() {
        TerminationMessage message = TerminationMessage.parse(
                "{\"eval_acc\": 0.5, \"reason\": \"Diverged\", \"error\": \"the loss became NaN\"}");
        assertThat(message.metrics().values()).containsOnlyKeys("eval_acc");
        assertThat(message.reason()).contains("Diverged");
        assertThat(message.error()).contains("the loss became NaN");
    }
}
