package dev.sweeps.results;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How long a sweep will still take, if its trials go on as those that have ended. */
public final class TimeLeft {
    private TimeLeft() {}

    /** Mean time of a trial that ended with the metric; empty if there is none. */
    public static Optional<Duration> perTrial(SweepResults sweep) {
        List<TrialRow> ended = sweep.trials().stream()
                .filter(row -> row.isRanked() && row.started() != null && row.ended() != null)
                .toList();
        return ended.isEmpty()
                ? Optional.empty()
                : Optional.of(Duration.ofMillis((long) ended.stream()
                        .mapToLong(row -> between(row.started(), Instant.parse(row.ended())))
                        .average()
                        .orElseThrow()));
    }

    /** The work that is left, over as many trials as run at once; empty where nothing has ended yet, nothing runs or nothing is left. */
    public static Optional<Duration> of(SweepResults sweep, Instant now) {
        List<TrialRow> running = sweep.trials().stream()
                .filter(row -> row.ended() == null && row.started() != null)
                .toList();
        long ended = sweep.trials().stream().filter(row -> row.ended() != null).count();
        if (running.isEmpty() || sweep.suspended()) {
            return Optional.empty();
        }
        return perTrial(sweep).map(mean -> {
            long waiting = Math.max(0, sweep.total() - ended - running.size());
            long work = waiting * mean.toMillis()
                    + running.stream()
                            .mapToLong(row -> Math.max(0, mean.toMillis() - between(row.started(), now)))
                            .sum();
            return Duration.ofMillis(work / running.size());
        });
    }

    private static long between(String start, Instant end) {
        return Math.max(0, Duration.between(Instant.parse(start), end).toMillis());
    }
}
