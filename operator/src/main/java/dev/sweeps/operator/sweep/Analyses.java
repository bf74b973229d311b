package dev.sweeps.operator.sweep;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sweeps.analysis.Analysis;
import dev.sweeps.analysis.TrialTable;
import dev.sweeps.api.v1alpha1.Sweep;
import jakarta.inject.Singleton;
import java.util.List;

/** Analyses that need not be made again: a sweep of 10,000 trials takes a second, and is asked about at each event. */
@Singleton
public class Analyses {
    /** Each holds the rows of its table, a megabyte for 10,000 of them. */
    private static final int MAX_KEPT = 20;

    private record Kept(TrialTable table, List<String> groupBy, Analysis analysis) {

        boolean isOf(TrialTable other, List<String> otherGroupBy) {
            return table.equals(other) && groupBy.equals(otherGroupBy);
        }
    }

    private final Cache<String, Kept> bySweep =
            Caffeine.newBuilder().maximumSize(MAX_KEPT).build();

    /** The analysis of the trials of a sweep. */
    public Analysis of(Sweep sweep, TrialTable table) {
        List<String> groupBy = sweep.getSpec().groupBy();
        Kept kept = bySweep.getIfPresent(sweep.getMetadata().getUid());
        if (kept == null || !kept.isOf(table, groupBy)) {
            kept = new Kept(table, groupBy, Analysis.of(table, groupBy));
            bySweep.put(sweep.getMetadata().getUid(), kept);
        }
        return kept.analysis;
    }
}
