package dev.sweeps.operator.sweep;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sweeps.analysis.Analysis;
import dev.sweeps.analysis.TrialTable;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/**
 * Analyses that are made once for all who ask. One of 10,000 trials can take seconds, and a sweep that runs has another table after each
 * trial: who only looks at it gets the last analysis while the next one is made.
 */
@Singleton
public class Analyses {
    /** Maximum number of analyses that are kept. Each holds the rows of its table, a megabyte for 10,000 of them. */
    private static final int MAX_KEPT = 20;

    /** How long a viewer waits for a current analysis before receiving the previous one. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** Seconds without a new analysis for viewers, for each second that the last one took. */
    private static final int REST = 9;

    private final Cache<String, Latest> bySweep =
            Caffeine.newBuilder().maximumSize(MAX_KEPT).build();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "analysis");
        thread.setDaemon(true);
        return thread;
    });
    private final BiFunction<TrialTable, List<String>, Analysis> analyse;
    private final LongSupplier nanoTime;

    public Analyses() {
        this(Analysis::of, System::nanoTime);
    }

    /** For tests. */
    Analyses(BiFunction<TrialTable, List<String>, Analysis> analyse, LongSupplier nanoTime) {
        this.analyse = analyse;
        this.nanoTime = nanoTime;
    }

    /**
     * The analysis of these trials of a sweep, made now if it has not been made.
     *
     * @param uid of the sweep
     */
    public Analysis of(String uid, TrialTable table, List<String> groupBy) {
        Latest latest = latest(uid);
        Run run = latest.ask(new Question(table, groupBy));
        latest.perform(run);
        try {
            return run.result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Returns the analysis of these trials, or the previous one if it takes long; empty if there is none yet. */
    public Optional<Analysis> recent(String uid, TrialTable table, List<String> groupBy) {
        Latest latest = latest(uid);
        Optional<Run> run = latest.askInTime(new Question(table, groupBy));
        run.ifPresent(begun -> {
            worker.execute(() -> latest.perform(begun));
            begun.await();
        });
        return latest.last();
    }

    /** Requests an analysis of these trials. The number of completed analyses shows when it is there. */
    public long refresh(String uid, TrialTable table, List<String> groupBy) {
        Latest latest = latest(uid);
        latest.askInTime(new Question(table, groupBy)).ifPresent(begun -> worker.execute(() -> latest.perform(begun)));
        return latest.made();
    }

    @PreDestroy
    void stop() {
        worker.shutdownNow();
    }

    private Latest latest(String uid) {
        return bySweep.get(uid, key -> new Latest());
    }

    private record Question(TrialTable table, List<String> groupBy) {}

    /** One analysis, in progress or completed. */
    private static final class Run {
        private final Question question;
        /** The last equal question, so that two tables of 10,000 rows are not compared again and again. */
        private Question asked;

        private final CompletableFuture<Analysis> result = new CompletableFuture<>();
        private boolean begun;

        Run(Question question) {
            this.question = question;
            this.asked = question;
        }

        boolean answers(Question other) {
            if (asked.table != other.table && !question.table.equals(other.table)) {
                return false;
            }
            asked = other;
            return question.groupBy.equals(other.groupBy);
        }

        /** Waits for the end of the analysis, successful or not. */
        void await() {
            result.handle((analysis, failure) -> analysis)
                    .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }
    }

    /** The newest analysis of one sweep, and the one in progress. */
    private final class Latest {
        private Run run;
        private Analysis last;
        private long made;
        private long restUntil = Long.MIN_VALUE;

        /** Returns the run that answers the question; a new one if there is none. */
        synchronized Run ask(Question question) {
            if (run == null || run.result.isCompletedExceptionally() || !run.answers(question)) {
                run = new Run(question);
            }
            return run;
        }

        /** Starts an analysis; empty if an earlier one is not finished, or another one is not due yet. */
        synchronized Optional<Run> askInTime(Question question) {
            boolean busy = run != null && !run.result.isDone();
            boolean mayBegin = !busy && (last == null || nanoTime.getAsLong() - restUntil >= 0);
            return mayBegin || run != null && run.answers(question) ? Optional.of(ask(question)) : Optional.empty();
        }

        /** Makes the analysis, if nobody else has begun to. */
        void perform(Run mine) {
            synchronized (this) {
                if (mine.begun) {
                    return;
                }
                mine.begun = true;
            }
            long start = nanoTime.getAsLong();
            try {
                Analysis analysis = analyse.apply(mine.question.table, mine.question.groupBy);
                long end = nanoTime.getAsLong();
                synchronized (this) {
                    last = analysis;
                    made++;
                    restUntil = end + REST * (end - start);
                }
                mine.result.complete(analysis);
            } catch (RuntimeException | Error e) {
                mine.result.completeExceptionally(e);
            }
        }

        synchronized Optional<Analysis> last() {
            return Optional.ofNullable(last);
        }

        synchronized long made() {
            return made;
        }
    }
}
