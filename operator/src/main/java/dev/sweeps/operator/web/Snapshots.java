package dev.sweeps.operator.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.operator.cluster.Caches;
import dev.sweeps.operator.sweep.ValidationCache;
import dev.sweeps.results.SweepResults;
import dev.sweeps.search.Search;
import dev.sweeps.validation.SweepValidator.Validation;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Snapshots of the sweeps in the caches. A new one is made when an object has changed. */
@Singleton
class Snapshots {
    /** Maximum number of snapshots that are kept. */
    private static final int MAX_KEPT = 20;

    private final Caches caches;
    private final ValidationCache validations;
    private final Cache<String, Snapshot> bySweep =
            Caffeine.newBuilder().maximumSize(MAX_KEPT).build();

    Snapshots(Caches caches, ValidationCache validations) {
        this.caches = caches;
        this.validations = validations;
    }

    Optional<Snapshot> of(String namespace, String name) {
        return caches.sweep(namespace, name).map(sweep -> {
            List<Trial> trials = caches.trials(sweep);
            Optional<Search> search = search(sweep);
            String tag = tag(sweep, trials) + (search.isPresent() ? "" : "-notValidated");
            String uid = sweep.getMetadata().getUid();
            Snapshot kept = bySweep.getIfPresent(uid);
            if (kept != null && kept.tag().equals(tag)) {
                return kept;
            }
            // Made before the map is locked, and with the search that the operator has validated.
            SweepResults results = SweepResults.of(sweep, search, trials);
            return bySweep.asMap().compute(uid, (key, before) -> {
                if (before == null) {
                    return Snapshot.first(tag, sweep, results);
                }
                return before.tag().equals(tag) ? before : before.next(tag, sweep, results);
            });
        });
    }

    private Optional<Search> search(Sweep sweep) {
        return sweep.getSpec() == null
                ? Optional.empty()
                : validations.of(sweep).flatMap(Validation::search);
    }

    /** Returns a sum over the versions that does not depend on the order of the cache. */
    private static String tag(Sweep sweep, List<Trial> trials) {
        long sum = 0;
        for (Trial trial : trials) {
            sum += 31L * trial.getMetadata().getUid().hashCode()
                    + mixed(trial.getMetadata().getResourceVersion().hashCode());
        }
        return sweep.getMetadata().getResourceVersion() + "-" + trials.size() + "-" + Long.toHexString(sum);
    }

    /** Mixes a version, so that similar versions have different sums. */
    private static long mixed(int hash) {
        return hash * 0x9E3779B97F4A7C15L;
    }
}
