package dev.sweeps.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CurveTest {
    private static final Metric ACCURACY = new Metric("acc", Goal.MAXIMIZE, null, null);
    private static final List<Integer> BANDS = List.of(3, 6);

    /** Four processes, each some lines behind the one before it. */
    private static Stream<String> ranks(int ranks, String format) {
        List<String> lines = new ArrayList<>();
        for (int tick = 1; tick < 7 + ranks; tick++) {
            for (int rank = 0; rank < ranks; rank++) {
                int step = tick - rank;
                if (step >= 1 && step <= 6) {
                    lines.add(format.formatted(rank, step, step * 100 + rank));
                }
            }
        }
        return lines.stream();
    }

    /** Several processes print multi-line objects, and their lines interleave. */
    @Test
    void objectsOfSeveralProcessesAreJoinedEachByItself() {
        Stream<String> lines = Stream.of(
                "[rank1]: {",
                "[rank0]: {",
                "[rank1]:   \"acc\": 0.1,",
                "[rank0]:   \"acc\": 0.5,",
                "saving",
                "[rank0]:   \"step\": 3",
                "[rank1]:   \"step\": 3",
                "[rank0]: }",
                "[rank1]: }");
        assertThat(LogDigest.of(lines, ACCURACY, BANDS).history())
                .extracting(point -> point.step() + " " + point.value())
                .containsExactly("3 0.5");
    }

    @Test
    void stepsAreCountedOnceHoweverManyProcessesPrintThem() {
        LogDigest one = LogDigest.of(ranks(1, "{\"rank\": %d, \"step\": %d, \"acc\": 0.%d}"), ACCURACY, BANDS);
        LogDigest four = LogDigest.of(ranks(4, "{\"rank\": %d, \"step\": %d, \"acc\": 0.%d}"), ACCURACY, BANDS);
        assertThat(curve(four)).isEqualTo(curve(one)).isEqualTo("1=0.1 2=0.2 3=0.3 4=0.4 5=0.5 6=0.6");
        assertThat(four.reports()).isEqualTo(one.reports());
        assertThat(four.metrics().values().get("acc")).isEqualByComparingTo("0.6");
    }

    @Test
    void theLowestRankCountsWhereverItsNumberStands() {
        for (String format : List.of(
                "[rank%d]: step=%d acc=0.%d",
                "[default%d]:step=%d acc=0.%d",
                "[1,%d]<stdout>:step=%d acc=0.%d",
                "rank=%d step=%d acc=0.%d",
                "rank%d: step=%d acc=0.%d",
                "[GPU %d] step=%d acc=0.%d",
                "Local rank %d | step=%d acc=0.%d",
                "2026-01-01 10:00:00 [INFO] [Rank %d] step=%d acc=0.%d")) {
            LogDigest digest = LogDigest.of(ranks(4, format), ACCURACY, BANDS);
            assertThat(curve(digest)).as(format).isEqualTo("1=0.1 2=0.2 3=0.3 4=0.4 5=0.5 6=0.6");
            assertThat(digest.reports().count()).as(format).isEqualTo(6);
        }
    }

    @Test
    void ofProcessesWithoutARankTheLastLineOfEachStepCounts() {
        LogDigest digest = LogDigest.of(ranks(4, "step=%2$d acc=0.%3$d").map(line -> line), ACCURACY, BANDS);
        assertThat(curve(digest)).isEqualTo("1=0.103 2=0.203 3=0.303 4=0.403 5=0.503 6=0.603");
        assertThat(digest.reports().count()).isEqualTo(6);
    }

    @Test
    void aHigherRankThatIsFirstCountsNothing() {
        LogDigest digest = LogDigest.of(
                Stream.of(
                        "rank=3 step=1 acc=0.9",
                        "rank=3 step=2 acc=0.9",
                        "rank=0 step=1 acc=0.1",
                        "rank=3 step=3 acc=0.9"),
                ACCURACY,
                BANDS);
        assertThat(curve(digest)).isEqualTo("1=0.1");
        assertThat(digest.metrics().values().get("acc")).isEqualByComparingTo("0.1");
    }

    @Test
    void aProgramThatRestartsContinuesTheCurve() {
        LogDigest digest = LogDigest.of(
                Stream.of(
                        "step=10 acc=0.1",
                        "step=20 acc=0.2",
                        "step=30 acc=0.3",
                        "Resuming from checkpoint-10",
                        "step=20 acc=0.21",
                        "step=30 acc=0.31",
                        "step=40 acc=0.4"),
                ACCURACY,
                BANDS);
        assertThat(curve(digest)).isEqualTo("10=0.1 20=0.21 30=0.31 40=0.4");
        assertThat(digest.reports().count()).isEqualTo(4);
        assertThat(digest.metrics().values().get("acc")).isEqualByComparingTo("0.4");
    }

    @Test
    void aLineThatComesLateDoesNotReplaceTheLastValue() {
        LogDigest digest = LogDigest.of(Stream.of("step=1 acc=0.1", "step=2 acc=0.2", "step=1 acc=nan"), ACCURACY);
        assertThat(digest.metrics().values().get("acc")).isEqualByComparingTo("0.2");
        assertThat(digest.metrics().values().get("step")).isEqualByComparingTo("2");
    }

    @Test
    void stepsWithinEpochsAreAddedUp() {
        LogDigest digest = LogDigest.of(
                IntStream.range(0, 6)
                        .mapToObj(i -> "epoch=%d step=%d acc=0.%d".formatted(i / 3, 10 * (i % 3 + 1), i + 1)),
                ACCURACY,
                BANDS);
        assertThat(curve(digest)).isEqualTo("10=0.1 20=0.2 30=0.3 40=0.4 50=0.5 60=0.6");
        assertThat(digest.reports().atBands()).hasToString("{3=0.3, 6=0.6}");
    }

    @Test
    void aSummaryWithoutAStepBelongsToTheLastOne() {
        LogDigest digest = LogDigest.of(Stream.of("step=1 acc=0.1", "step=2 acc=0.2", "acc = 0.25"), ACCURACY, BANDS);
        assertThat(curve(digest)).isEqualTo("1=0.1 2=0.25");
        assertThat(digest.reports().count()).isEqualTo(2);
        assertThat(digest.metrics().values().get("acc")).isEqualByComparingTo("0.25");
    }

    @Test
    void epochsAreStepsWhereThereAreNoOthers() {
        assertThat(curve(LogDigest.of(Stream.of("epoch=3 acc=0.1", "epoch=4 acc=0.2", "epoch=4 acc=0.3"), ACCURACY)))
                .isEqualTo("3=0.1 4=0.3");
        assertThat(curve(LogDigest.of(Stream.of("{'acc': 0.1, 'epoch': 0.5}", "{'acc': 0.2, 'epoch': 1.0}"), ACCURACY)))
                .isEqualTo("1=0.1 2=0.2");
    }

    /** After a restart of the operator, or in the next Pod of a trial. */
    @Test
    void whatWasReportedBeforeIsNotCountedAgain() {
        Reports before = LogDigest.of(Stream.of("step=5 acc=0.1", "step=10 acc=0.2"), ACCURACY, BANDS)
                .reports();
        assertThat(after(before, false, "step=10 acc=0.2", "step=15 acc=0.3").count())
                .isEqualTo(3);
        assertThat(after(before, false, "step=15 acc=0.3").atBands()).hasToString("{3=0.3}");
        assertThat(after(before, false, "acc=0.5").count()).isEqualTo(1);
        assertThat(after(new Reports(2, before.atBands(), 2L), true, "acc=0.5").count())
                .isEqualTo(3);
    }

    @Test
    void memoryIsBounded() {
        LogDigest.Reader reader = new LogDigest.Reader(ACCURACY, BANDS);
        IntStream.range(0, 100_000).forEach(i -> reader.add("step=" + i + " acc=0." + (i == 777 ? 9 : 1)));
        LogDigest digest = reader.end();
        assertThat(digest.reports().count()).isEqualTo(100_000);
        assertThat(digest.history()).hasSizeLessThanOrEqualTo(MetricHistory.MAX_POINTS);
        assertThat(curve(digest)).startsWith("0=0.1").contains("777=0.9").endsWith("99999=0.1");
    }

    private static Reports after(Reports before, boolean isSameLog, String... lines) {
        LogDigest.Reader reader = new LogDigest.Reader(ACCURACY, BANDS, before, isSameLog);
        Stream.of(lines).forEach(reader::add);
        return reader.end().reports();
    }

    private static String curve(LogDigest digest) {
        return digest.history().stream()
                .map(point -> point.step() + "=" + point.value())
                .collect(Collectors.joining(" "));
    }
}
