package dev.sweeps.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.Metric.Goal;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunTimesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void whatIsLeftIsSharedByThoseThatRun() {
        SweepResults sweep = sweep(false, row(0, 100), row(50, 150), row(100, null), row(150, null));
        assertThat(RunTimes.of(sweep).perTrial()).contains(Duration.ofSeconds(100));
        assertThat(RunTimes.of(sweep).total()).isEqualTo(Duration.ofSeconds(200));
        // Six wait for 100 s each, one has 40 s to go and one 90; two run at once.
        assertThat(RunTimes.of(sweep).left(NOON.plusSeconds(160))).contains(Duration.ofSeconds(365));
        assertThat(RunTimes.of(sweep).end()).contains(NOON.plusSeconds(150 + (600 + 50 + 100) / 2));
    }

    @Test
    void whatRunsLongerThanTheOthersIsTakenForDone() {
        SweepResults sweep = sweep(false, row(0, 100), row(100, null));
        assertThat(RunTimes.of(sweep).left(NOON.plusSeconds(1_000))).contains(Duration.ofSeconds(800));
    }

    @Test
    void nothingIsSaidWhereNothingIsKnown() {
        assertThat(RunTimes.of(sweep(false, row(0, null))).end()).isEmpty();
        assertThat(RunTimes.of(sweep(false, row(0, 100))).end()).isEmpty();
        assertThat(RunTimes.of(sweep(true, row(0, 100), row(100, null))).end()).isEmpty();
        assertThat(RunTimes.of(sweep(false)).end()).isEmpty();
    }

    @Test
    void timesThatCannotBeReadDoNotCount() {
        SweepResults sweep = sweep(false, row(0, 100), row("yesterday", "today"), row(100, null));
        assertThat(RunTimes.of(sweep).total()).isEqualTo(Duration.ofSeconds(100));
        assertThat(RunTimes.of(sweep).end()).isPresent();
    }

    private static SweepResults sweep(boolean suspended, TrialRow... rows) {
        return new SweepResults(
                "ns",
                "s",
                "grid",
                "acc",
                Goal.MAXIMIZE,
                List.of(),
                2,
                "Running",
                suspended,
                10,
                null,
                null,
                null,
                null,
                List.of(rows));
    }

    /** Seconds after noon. */
    private static TrialRow row(long start, Integer end) {
        return row(
                NOON.plusSeconds(start).toString(),
                end == null ? null : NOON.plusSeconds(end).toString());
    }

    private static TrialRow row(String start, String end) {
        return new TrialRow(
                "t" + start,
                0,
                Map.of(),
                end == null ? "Running" : "Succeeded",
                null,
                null,
                BigDecimal.ONE,
                Map.of(),
                null,
                1,
                null,
                null,
                null,
                null,
                start,
                end,
                null);
    }
}
