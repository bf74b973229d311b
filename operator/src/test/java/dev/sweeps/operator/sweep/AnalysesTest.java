package dev.sweeps.operator.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sweeps.analysis.Analysis;
import dev.sweeps.analysis.Result;
import dev.sweeps.analysis.TrialTable;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnalysesTest {
    private static final String SWEEP = "uid";

    private final AtomicLong nanoseconds = new AtomicLong();
    private final AtomicInteger made = new AtomicInteger();
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** Each analysis takes a second of the clock, and as long as the gate is shut. */
    private final Analyses analyses = new Analyses(
            (table, groupBy) -> {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                made.incrementAndGet();
                nanoseconds.addAndGet(1_000_000_000L);
                return Analysis.of(table, groupBy);
            },
            nanoseconds::get);

    @Test
    void theSameTrialsAreAnalysedOnce() {
        assertThat(analyses.of(SWEEP, table(2), List.of())).isSameAs(analyses.of(SWEEP, table(2), List.of()));
        assertThat(analyses.recent(SWEEP, table(2), List.of())).isPresent();
        assertThat(made).hasValue(1);
        analyses.of(SWEEP, table(3), List.of());
        analyses.of("another", table(3), List.of());
        assertThat(made).hasValue(3);
    }

    @Test
    void twoWhoAskAtOnceGetOneAnalysis() {
        gate = new CountDownLatch(1);
        List<CompletableFuture<Analysis>> answers = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> analyses.of(SWEEP, table(2), List.of()), task -> new Thread(task).start()))
                .toList();
        gate.countDown();
        answers.forEach(CompletableFuture::join);
        assertThat(made).hasValue(1);
    }

    @Test
    void whoOnlyLooksGetsTheLastOneWhileTheNextIsMade() {
        gate = new CountDownLatch(1);
        assertThat(analyses.recent(SWEEP, table(2), List.of())).isEmpty();
        gate.countDown();
        await().until(() -> analyses.refresh(SWEEP, table(2), List.of()) == 1);
        rested();
        gate = new CountDownLatch(1);
        assertThat(analyses.recent(SWEEP, table(3), List.of()).orElseThrow().trials())
                .isEqualTo(2);
        gate.countDown();
        await().until(() -> analyses.refresh(SWEEP, table(3), List.of()) == 2);
        assertThat(analyses.recent(SWEEP, table(3), List.of()).orElseThrow().trials())
                .isEqualTo(3);
    }

    @Test
    void aSweepThatChangesAllTheTimeIsNotAnalysedAllTheTime() {
        analyses.of(SWEEP, table(2), List.of());
        assertThat(analyses.recent(SWEEP, table(3), List.of()).orElseThrow().trials())
                .isEqualTo(2);
        assertThat(made).hasValue(1);
        // Who must know is told.
        assertThat(analyses.of(SWEEP, table(4), List.of()).trials()).isEqualTo(4);
        rested();
        assertThat(analyses.recent(SWEEP, table(5), List.of()).orElseThrow().trials())
                .isEqualTo(5);
    }

    @Test
    void anAnalysisThatFailedIsTriedAgain() {
        Analyses failing = new Analyses(
                (table, groupBy) -> {
                    if (made.incrementAndGet() == 1) {
                        throw new IllegalStateException("broken");
                    }
                    return Analysis.of(table, groupBy);
                },
                nanoseconds::get);
        assertThatThrownBy(() -> failing.of(SWEEP, table(2), List.of())).hasMessage("broken");
        assertThat(failing.of(SWEEP, table(2), List.of()).trials()).isEqualTo(2);
    }

    private void rested() {
        nanoseconds.addAndGet(9_000_000_000L);
    }

    private static TrialTable table(int results) {
        return new TrialTable(
                "acc",
                Goal.MAXIMIZE,
                IntStream.range(0, results)
                        .mapToObj(i -> new Result("t" + i, i, Map.of(), BigDecimal.valueOf(i), false))
                        .toList(),
                List.of(),
                OptionalLong.empty());
    }
}
