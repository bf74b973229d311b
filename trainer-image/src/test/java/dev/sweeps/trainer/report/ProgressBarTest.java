package dev.sweeps.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ProgressBar bar = new ProgressBar(new PrintStream(written, true, StandardCharsets.UTF_8));

    @Test
    void aTrainingIsOneLineThatMakesRoomForOthers() {
        bar.show(6, 12, 0.5, 0.6931, 33.62, Duration.ofSeconds(125));
        assertThat(written.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\u001B[K" + "█".repeat(12) + "░".repeat(12)
                        + " 6/12  epoch 0.50  loss 0.6931  33.6 samples/s  2:05 left");
        bar.show(7, 12, 0.58, 0.69, 33.6, Duration.ofSeconds(120));
        assertThat(written.toString(StandardCharsets.UTF_8)).as("not so soon").doesNotContain("7/12");
        bar.show(12, 12, 1, 0.69, 33.6, Duration.ZERO);
        assertThat(written.toString(StandardCharsets.UTF_8))
                .endsWith("12/12  epoch 1.00  loss 0.6900  33.6 samples/s  0:00 left");
        bar.clear();
        assertThat(written.toString(StandardCharsets.UTF_8)).endsWith("\r\u001B[K");
    }

    /** A bar that was not shown makes no room: a log would hold escape sequences. */
    @Test
    void withoutATerminalNothingIsShownOrCleared() {
        bar.clear();
        assertThat(written.toString(StandardCharsets.UTF_8)).isEmpty();
        ProgressBar none = new ProgressBar(null);
        assertThatCode(() -> {
                    none.show(6, 12, 0.5, 0.69, 33.6, Duration.ZERO);
                    none.show(12, 12, 1, 0.69, 33.6, Duration.ZERO);
                    none.clear();
                })
                .doesNotThrowAnyException();
    }
}
