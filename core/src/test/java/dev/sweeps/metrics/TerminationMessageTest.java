package dev.sweeps.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminationMessageTest {
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

    @Test
    void nullInATerminationMessageIsNotANumber() {
        assertThat(TerminationMessage.parse("{\"loss\": null}").metrics().notFinite())
                .containsExactly("loss");
    }
}
