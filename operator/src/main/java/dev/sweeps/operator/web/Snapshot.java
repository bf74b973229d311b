package dev.sweeps.operator.web;

import dev.sweeps.analysis.TrialTable;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.results.SweepResults;
import dev.sweeps.results.TrialRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A sweep at one moment. It records in which snapshot each trial changed last, so that a reader gets only the changes. */
final class Snapshot {
    /** Maximum number of remembered removals. A reader that is further behind gets everything. */
    private static final int MAX_CHANGES = 1_000;

    private final String tag;
    /** Identifier of a series of consecutive snapshots. */
    private final String series;

    private final long number;
    private final Sweep sweep;
    private final SweepResults results;
    /** Number of the snapshot in which each trial changed last. */
    private final Map<String, Long> changed;
    /** Number of the snapshot in which each deleted trial was removed. */
    private final Map<String, Long> removed;

    private TrialTable table;

    private Snapshot(
            String tag,
            String series,
            long number,
            Sweep sweep,
            SweepResults results,
            Map<String, Long> changed,
            Map<String, Long> removed) {
        this.tag = tag;
        this.series = series;
        this.number = number;
        this.sweep = sweep;
        this.results = results;
        this.changed = changed;
        this.removed = removed;
    }

    /** Makes the first snapshot of a series. */
    static Snapshot first(String tag, Sweep sweep, SweepResults results) {
        Map<String, Long> changed =
                results.trials().stream().collect(Collectors.toMap(TrialRow::trial, row -> 0L, (one, other) -> one));
        return new Snapshot(tag, UUID.randomUUID().toString(), 0, sweep, results, changed, Map.of());
    }

    /** Makes the next snapshot. */
    Snapshot next(String newTag, Sweep newSweep, SweepResults newResults) {
        Map<String, TrialRow> before = byName(results);
        Map<String, Long> newChanged = new HashMap<>();
        for (TrialRow row : newResults.trials()) {
            boolean same = row.equals(before.remove(row.trial()));
            newChanged.put(row.trial(), same ? changed.get(row.trial()) : number + 1);
        }
        Map<String, Long> newRemoved = new HashMap<>(removed);
        before.keySet().forEach(name -> newRemoved.put(name, number + 1));
        newRemoved.keySet().removeAll(newChanged.keySet());
        return new Snapshot(newTag, series, number + 1, newSweep, newResults, newChanged, newRemoved);
    }

    private static Map<String, TrialRow> byName(SweepResults results) {
        return new HashMap<>(results.trials().stream()
                .collect(Collectors.toMap(TrialRow::trial, Function.identity(), (one, other) -> one)));
    }

    /** Returns the tag of the cached objects; each change gives another one. */
    String tag() {
        return tag;
    }

    String uid() {
        return sweep.getMetadata().getUid();
    }

    /** Returns the number of a version; empty if it cannot be read. */
    Optional<SweepSpec> spec() {
        return Optional.ofNullable(sweep.getSpec());
    }

    SweepResults results() {
        return results;
    }

    synchronized TrialTable table() {
        if (table == null) {
            table = TrialTable.of(results);
        }
        return table;
    }

    /** Returns the version for {@link #since}. */
    String version() {
        return series + "." + number;
    }

    /** Returns the changes since a version; everything if the version is null or of another series. */
    Changes since(String version) {
        long known = numberOf(version);
        List<TrialRow> news = results.trials().stream()
                .filter(row -> changed.get(row.trial()) > known)
                .toList();
        if (known < 0 || news.size() > MAX_CHANGES) {
            return new Changes(
                    version(),
                    true,
                    results.trials().stream()
                            .map(TrialRow::withoutCurveAndMessage)
                            .toList(),
                    List.of());
        }
        List<String> gone = removed.entrySet().stream()
                .filter(trial -> trial.getValue() > known)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return new Changes(
                version(), false, news.stream().map(TrialRow::withoutMessage).toList(), gone);
    }

    private long numberOf(String version) {
        String prefix = series + ".";
        if (version == null || !version.startsWith(prefix)) {
            return -1;
        }
        try {
            return Long.parseLong(version.substring(prefix.length()));
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
