package dev.sweeps.operator.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sweeps.analysis.TrialTable;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.operator.cluster.Caches;
import dev.sweeps.operator.sweep.Analyses;
import dev.sweeps.report.SweepReport;
import dev.sweeps.results.SweepResults;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Sweeps as they are in the caches. A snapshot is made anew when an object of it has changed. */
@Singleton
class Snapshots {
    /** Those that are looked at. */
    private static final int MAX_KEPT = 20;

    private final Caches caches;
    private final Analyses analyses;
    private final Cache<String, Snapshot> bySweep =
            Caffeine.newBuilder().maximumSize(MAX_KEPT).build();

    Snapshots(Caches caches, Analyses analyses) {
        this.caches = caches;
        this.analyses = analyses;
    }

    /**
     * @param tag another one for each change of the sweep or of one of its trials
     */
    record Snapshot(String tag, Sweep sweep, SweepResults results) {}

    Optional<Snapshot> of(String namespace, String name) {
        return caches.sweep(namespace, name).map(sweep -> {
            List<Trial> trials = caches.trials(sweep);
            String tag = tag(sweep, trials);
            return bySweep.asMap()
                    .compute(
                            sweep.getMetadata().getUid(),
                            (uid, kept) -> kept != null && kept.tag.equals(tag)
                                    ? kept
                                    : new Snapshot(tag, sweep, SweepResults.of(sweep, trials)));
        });
    }

    /** The tag alone, for those who only want to know whether something has changed. */
    Optional<String> tag(String namespace, String name) {
        return caches.sweep(namespace, name).map(sweep -> tag(sweep, caches.trials(sweep)));
    }

    SweepReport report(Snapshot snapshot) {
        return SweepReport.of(
                snapshot.results,
                analyses.of(snapshot.sweep, TrialTable.of(snapshot.results)),
                Optional.ofNullable(snapshot.sweep.getSpec()));
    }

    /** Independent of the order in which a cache lists. */
    private static String tag(Sweep sweep, List<Trial> trials) {
        long sum = 0;
        for (Trial trial : trials) {
            sum += 31L * trial.getMetadata().getUid().hashCode()
                    + mixed(trial.getMetadata().getResourceVersion().hashCode());
        }
        return sweep.getMetadata().getResourceVersion() + "-" + trials.size() + "-" + Long.toHexString(sum);
    }

    /** Neighbouring versions give sums that are not neighbours. */
    private static long mixed(int hash) {
        return hash * 0x9E3779B97F4A7C15L;
    }
}
