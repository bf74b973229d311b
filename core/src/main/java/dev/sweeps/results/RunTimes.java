package dev.sweeps.results;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How long the trials of a sweep ran, and how long it will still take if the others go on as those did. Times that cannot be read do not count. */
public final class RunTimes {
    private RunTimes() {}

    /** Of all trials that have ended, together. */
    public static Duration total(SweepResults sweep) {
        return sweep.trials().stream().flatMap(row -> took(row).stream()).reduce(Duration.ZERO, Duration::plus);
    }

    /** Mean of the trials that ended with the metric; empty if there is none. */
    public static Optional<Duration> perTrial(SweepResults sweep) {
        List<Duration> ended = sweep.trials().stream()
                .filter(TrialRow::isRanked)
                .flatMap(row -> took(row).stream())
                .toList();
        return ended.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        ended.stream().reduce(Duration.ZERO, Duration::plus).dividedBy(ended.size()));
    }

    /** The work that is left, over as many trials as run at once; empty where nothing has ended yet, nothing runs or nothing is left. */
    public static Optional<Duration> left(SweepResults sweep, Instant now) {
        List<Instant> running = sweep.trials().stream()
                .filter(row -> row.ended() == null)
                .flatMap(row -> instant(row.started()).stream())
                .toList();
        long ended = sweep.trials().stream().filter(row -> row.ended() != null).count();
        if (running.isEmpty() || sweep.suspended()) {
            return Optional.empty();
        }
        return perTrial(sweep).map(mean -> {
            long waiting = Math.max(0, sweep.total() - ended - running.size());
            long work = waiting * mean.toMillis()
                    + running.stream()
                            .mapToLong(start -> Math.max(
                                    0, mean.toMillis() - between(start, now).toMillis()))
                            .sum();
            return Duration.ofMillis(work / running.size());
        });
    }

    /** When the sweep will have ended, as it looked when a trial started or ended last: it moves only when a trial does. */
    public static Optional<Instant> end(SweepResults sweep) {
        return sweep.trials().stream()
                .flatMap(row -> Stream.of(instant(row.started()), instant(row.ended())))
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder())
                .flatMap(last -> left(sweep, last).map(last::plus));
    }

    private static Optional<Duration> took(TrialRow row) {
        return instant(row.started()).flatMap(start -> instant(row.ended()).map(end -> between(start, end)));
    }

    private static Duration between(Instant start, Instant end) {
        return start.isBefore(end) ? Duration.between(start, end) : Duration.ZERO;
    }

    /** Anybody may have written a status. */
    private static Optional<Instant> instant(String time) {
        try {
            return Optional.ofNullable(time).map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
