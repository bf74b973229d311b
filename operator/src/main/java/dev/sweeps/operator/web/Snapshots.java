package dev.sweeps.operator.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.operator.cluster.Caches;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Sweeps as they are in the caches. A snapshot is made anew when an object of it has changed. */
@Singleton
class Snapshots {
    /** Those that are looked at. */
    private static final int MAX_KEPT = 20;

    private final Caches caches;
    private final Cache<String, Snapshot> bySweep =
            Caffeine.newBuilder().maximumSize(MAX_KEPT).build();

    Snapshots(Caches caches) {
        this.caches = caches;
    }

    Optional<Snapshot> of(String namespace, String name) {
        return caches.sweep(namespace, name).map(sweep -> {
            List<Trial> trials = caches.trials(sweep);
            String tag = tag(sweep, trials);
            return bySweep.asMap().compute(sweep.getMetadata().getUid(), (uid, kept) -> {
                if (kept == null) {
                    return Snapshot.first(tag, sweep, trials);
                }
                return kept.tag().equals(tag) ? kept : kept.next(tag, sweep, trials);
            });
        });
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
