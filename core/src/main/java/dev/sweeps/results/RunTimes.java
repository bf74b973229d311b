package dev.sweeps.results;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How long the trials of a sweep ran, and how long it will still take if the others go on as those did. */
public final class RunTimes {
    private final SweepResults sweep;
    /** Trials that have started. */
    private final List<Run> runs;

    /**
     * @param end null while it runs
     */
    private record Run(Instant start, Instant end, boolean ranked) {

        long millis(Instant until) {
            return Math.max(0, until.toEpochMilli() - start.toEpochMilli());
        }
    }

    private RunTimes(SweepResults sweep, List<Run> runs) {
        this.sweep = sweep;
        this.runs = runs;
    }

    /** Times that cannot be read do not count: anybody may have written a status. */
    public static RunTimes of(SweepResults sweep) {
        return new RunTimes(
                sweep,
                sweep.trials().stream()
                        .filter(row -> row.started() != null)
                        .flatMap(row -> run(row).stream())
                        .toList());
    }

    private static Optional<Run> run(TrialRow row) {
        try {
            return Optional.of(new Run(
                    Instant.parse(row.started()),
                    row.ended() == null ? null : Instant.parse(row.ended()),
                    row.isRanked()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Returns the total running time of all trials that have ended. */
    public Duration total() {
        return Duration.ofMillis(runs.stream()
                .filter(run -> run.end != null)
                .mapToLong(run -> run.millis(run.end))
                .sum());
    }

    /** Mean of the trials that ended with the metric; empty if there is none. */
    public Optional<Duration> perTrial() {
        return runs.stream()
                .filter(run -> run.end != null && run.ranked)
                .mapToLong(run -> run.millis(run.end))
                .average()
                .stream()
                .mapToObj(mean -> Duration.ofMillis((long) mean))
                .findFirst();
    }

    /** The work that is left, over as many trials as run at once; empty where nothing has ended yet, nothing runs or nothing is left. */
    public Optional<Duration> left(Instant now) {
        List<Run> running = runs.stream().filter(run -> run.end == null).toList();
        if (running.isEmpty() || sweep.suspended()) {
            return Optional.empty();
        }
        long ended = sweep.trials().stream().filter(row -> row.ended() != null).count();
        long waiting = Math.max(0, sweep.total() - ended - running.size());
        return perTrial().map(mean -> {
            long work = waiting * mean.toMillis()
                    + running.stream()
                            .mapToLong(run -> Math.max(0, mean.toMillis() - run.millis(now)))
                            .sum();
            return Duration.ofMillis(work / running.size());
        });
    }

    /** When the sweep will have ended, as it looked when a trial started or ended last: it moves only when a trial does. */
    public Optional<Instant> end() {
        Instant last = Instant.MIN;
        for (Run run : runs) {
            Instant latest = run.end == null ? run.start : run.end;
            last = latest.isAfter(last) ? latest : last;
        }
        Instant seen = last;
        return runs.isEmpty() ? Optional.empty() : left(seen).map(seen::plus);
    }
}
