package dev.sweeps.cli;

import dev.sweeps.analysis.TrialTable;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.metrics.Rounded;
import dev.sweeps.results.RunTimes;
import dev.sweeps.results.SweepResults;
import dev.sweeps.results.TrialRow;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The progress of a sweep as lines. */
final class Progress {
    private static final int BAR = 24;
    private static final int MAX_RUNNING = 20;

    private final SweepResults sweep;
    private final RunTimes times;
    private final Instant now;
    private final int ended;
    private final int total;
    private final List<String> varying;

    Progress(SweepResults sweep, Instant now) {
        this.sweep = sweep;
        this.times = RunTimes.of(sweep);
        this.now = now;
        this.ended =
                (int) sweep.trials().stream().filter(row -> row.ended() != null).count();
        this.total = Math.max(sweep.total(), sweep.trials().size());
        this.varying = sweep.varying();
    }

    boolean isDone() {
        return succeeded() || is(SweepStatus.State.FAILED) || is(SweepStatus.State.REJECTED);
    }

    boolean succeeded() {
        return is(SweepStatus.State.COMPLETE);
    }

    private boolean is(SweepStatus.State state) {
        return state.word().equals(sweep.state());
    }

    /** Returns the progress in one line. */
    String line() {
        long running = count(TrialStatus.State.RUNNING);
        long failed = count(TrialStatus.State.FAILED);
        return Text.printable("%s %s: %d of %d trials ended%s%s%s%s%s"
                .formatted(
                        sweep.name(),
                        Objects.requireNonNullElse(sweep.state(), "Pending"),
                        ended,
                        total,
                        running > 0 ? ", " + running + " running" : "",
                        failed > 0 ? ", " + failed + " failed" : "",
                        best().map(row -> ", best " + sweep.metric() + " " + Rounded.of(row.value()) + " with "
                                        + parameters(row))
                                .orElse(""),
                        times.left(now)
                                .map(left -> ", about " + Text.duration(left) + " left")
                                .orElse(""),
                        sweep.problem() == null ? "" : "; " + sweep.problem()));
    }

    /** Returns the progress as a screen with bars. */
    List<String> screen() {
        List<String> lines = new ArrayList<>();
        lines.add(Text.printable(sweep.name() + " " + Objects.requireNonNullElse(sweep.state(), "Pending")));
        lines.add("%s %d of %d trials%s"
                .formatted(
                        bar(total == 0 ? 0 : (double) ended / total),
                        ended,
                        total,
                        times.left(now)
                                .map(left -> ", about " + Text.duration(left) + " left")
                                .orElse("")));
        best().ifPresent(row -> lines.add(Text.printable(
                "best %s %s with %s".formatted(sweep.metric(), Rounded.of(row.value()), parameters(row)))));
        if (sweep.problem() != null) {
            lines.addAll(Text.wrapped(sweep.problem(), 100));
        }
        lines.add("");
        Columns table = new Columns(List.of(
                "TRIAL", "STATE", "PROGRESS", sweep.metric().toUpperCase(Locale.ROOT), "STEP", "HYPERPARAMETERS"));
        List<TrialRow> inFlight =
                sweep.trials().stream().filter(row -> row.ended() == null).toList();
        inFlight.stream()
                .limit(MAX_RUNNING)
                .forEach(row -> table.add(List.of(
                        row.trial(),
                        row.reason() == null ? row.state() : row.state() + ": " + row.reason(),
                        progress(row),
                        row.value() == null ? "" : Rounded.of(row.value()),
                        row.step() == null ? "" : row.step().toString(),
                        parameters(row))));
        if (!inFlight.isEmpty()) {
            lines.addAll(table.lines());
        }
        if (inFlight.size() > MAX_RUNNING) {
            lines.add("and " + (inFlight.size() - MAX_RUNNING) + " more");
        }
        return lines;
    }

    /** Compares the running time with the mean time of ended trials. */
    private String progress(TrialRow row) {
        Optional<Duration> mean = times.perTrial();
        if (row.started() == null) {
            return "";
        }
        Duration took = Duration.between(Instant.parse(row.started()), now);
        return mean.map(expected -> bar(Math.min(1, (double) took.toMillis() / Math.max(1, expected.toMillis()))) + " "
                        + Text.duration(took))
                .orElse(Text.duration(took));
    }

    private static String bar(double share) {
        String bar = Text.bar(share, BAR);
        return bar + "░".repeat(BAR - Text.width(bar));
    }

    private Optional<TrialRow> best() {
        Comparator<BigDecimal> order =
                sweep.goal() == Goal.MAXIMIZE ? Comparator.reverseOrder() : Comparator.naturalOrder();
        return sweep.trials().stream().filter(TrialRow::isRanked).min(Comparator.comparing(TrialRow::value, order));
    }

    private String parameters(TrialRow row) {
        return varying.stream()
                .map(name -> name + "=" + TrialTable.value(row.parameters(), name))
                .collect(Collectors.joining(" "));
    }

    private long count(TrialStatus.State state) {
        return sweep.trials().stream()
                .filter(row -> row.state().equals(state.word()))
                .count();
    }
}
