package dev.sweeps.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.metrics.LogDigest;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
    private static final SweepSpec SPEC = Serialization.unmarshal(
            """
            method: grid
            metric: {name: acc, goal: maximize}
            earlyTerminate: {type: hyperband, minIter: 2, eta: 2}
            """,
            SweepSpec.class);

    @TempDir
    private Path folder;

    private Path log;
    private LogTail tail;

    @BeforeEach
    void aLogThatIsNotThereYet() {
        log = folder.resolve("trial.log");
        tail = new LogTail(log, folder.resolve("trial.wandb"), SPEC);
    }

    @Test
    void aLineIsReadOnceAndOnlyWhenItIsWhole() throws IOException {
        assertThat(tail.hasGrown()).isFalse();
        assertThat(tail.read()).isEqualTo(LogDigest.NOTHING);
        print("acc=0.1\nacc=0.");
        assertThat(tail.hasGrown()).isTrue();
        assertThat(tail.read().reports().count()).isEqualTo(1);
        print("25\nacc=0.3");
        LogDigest digest = tail.read();
        assertThat(digest.reports().count()).isEqualTo(2);
        assertThat(digest.reports().atBands().get(2)).isEqualByComparingTo("0.25");
        assertThat(tail.readToTheEnd().metrics().values().get("acc")).isEqualByComparingTo("0.3");
    }

    @Test
    void reportsAreCountedOverALogOfManyMegabytes() throws IOException {
        String noise = ("7".repeat(99) + "\n").repeat(15_000);
        for (int i = 1; i <= 8; i++) {
            print(noise + "acc=0." + i + "\n");
            tail.read();
        }
        assertThat(tail.readToTheEnd().reports().atBands().keySet()).containsExactly(2, 4, 8);
        assertThat(new LogTail(log, folder.resolve("trial.wandb"), SPEC).readToTheEnd())
                .isEqualTo(tail.readToTheEnd());
    }

    /** A program that draws a progress bar without ever ending its line. */
    @Test
    void aLineWithoutAnEndDoesNotStopTheReading() throws IOException {
        print("x".repeat(3 << 20) + "\nacc=0.5\n");
        assertThat(tail.read().reports().count()).isEqualTo(1);
    }

    @Test
    void whatIsDrawnOverIsOneReportWithItsLastState() throws IOException {
        print("\racc=0.1\racc=0.2\nacc=0.3\n");
        assertThat(tail.read().reports().count()).isEqualTo(2);
        assertThat(tail.read().reports().atBands().get(2)).isEqualByComparingTo("0.3");
    }

    private void print(String text) throws IOException {
        Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
