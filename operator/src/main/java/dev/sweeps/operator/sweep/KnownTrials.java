package dev.sweeps.operator.sweep;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sweeps.analysis.TrialTable;
import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.operator.cluster.Labels;
import dev.sweeps.operator.cluster.Owned;
import dev.sweeps.operator.cluster.TrimmingItemStore;
import dev.sweeps.plan.SweepTrials;
import dev.sweeps.search.Search;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The trials of each sweep as the cache of trials has them. Of a sweep that was looked at before only those are read that have changed since,
 * so that a look at a sweep of 10,000 trials costs what one of ten does.
 */
final class KnownTrials {
    /** Rebuilt at this interval, which bounds any drift. */
    private static final Duration READ_ANEW = Duration.ofMinutes(10);

    private final Function<ResourceID, List<Trial>> ofSweep;
    private final Function<String, Trial> byKey;
    private final Clock clock;
    private final Cache<ResourceID, Known> bySweep = Caffeine.newBuilder()
            .maximumSize(1_000)
            .expireAfterAccess(Duration.ofHours(1))
            .build();

    /** @param changed names of trials that are to be looked at again */
    private record Known(String uid, Long generation, Instant since, SweepTrials trials, Set<String> changed) {}

    /**
     * @param ofSweep all trials of a sweep in the cache
     * @param byKey the trial of a namespace and a name, with a slash between them, in the cache; null if it is not there
     */
    KnownTrials(Function<ResourceID, List<Trial>> ofSweep, Function<String, Trial> byKey, Clock clock) {
        this.ofSweep = ofSweep;
        this.byKey = byKey;
        this.clock = clock;
    }

    /** Must be called after the cache has changed. */
    void changed(Trial trial) {
        for (ResourceID sweep : Labels.sweepOf(trial)) {
            Known known = bySweep.getIfPresent(sweep);
            if (known != null) {
                known.changed.add(trial.getMetadata().getName());
            }
        }
    }

    /**
     * The trials of a sweep now. By one caller at a time for each sweep, and to be used before the next call.
     *
     * @param search of its spec
     */
    SweepTrials of(Sweep sweep, Search search) {
        ResourceID id = ResourceID.fromResource(sweep);
        Known known = bySweep.getIfPresent(id);
        if (known == null || !isOf(sweep, known)) {
            return readAnew(sweep, id, search);
        }
        for (Iterator<String> names = known.changed.iterator(); names.hasNext(); ) {
            String name = names.next();
            // First, so that a change after this read causes another one.
            names.remove();
            Optional.ofNullable(byKey.apply(sweep.getMetadata().getNamespace() + "/" + name))
                    .filter(trial -> counts(sweep, trial))
                    .ifPresentOrElse(known.trials::put, () -> known.trials.remove(name));
        }
        return known.trials;
    }

    private boolean isOf(Sweep sweep, Known known) {
        return known.uid.equals(sweep.getMetadata().getUid())
                && known.generation.equals(sweep.getMetadata().getGeneration())
                && Duration.between(known.since, clock.instant()).compareTo(READ_ANEW) < 0;
    }

    private SweepTrials readAnew(Sweep sweep, ResourceID id, Search search) {
        Known known = new Known(
                sweep.getMetadata().getUid(),
                sweep.getMetadata().getGeneration(),
                clock.instant(),
                new SweepTrials(sweep.getSpec(), search),
                ConcurrentHashMap.newKeySet());
        // First, so that a change during this read causes another one.
        bySweep.put(id, known);
        ofSweep.apply(id).stream().filter(trial -> counts(sweep, trial)).forEach(known.trials::put);
        return known.trials;
    }

    private static boolean counts(Sweep sweep, Trial trial) {
        return Owned.isBy(sweep, trial) && !trial.isMarkedForDeletion();
    }

    /**
     * What the cache keeps of a trial: what is read here, in {@link dev.sweeps.plan.SweepPlan} and in {@link SweepStatusFactory}; only of one
     * that may be stopped early its history.
     */
    static Trial trimmed(Trial trial) {
        Trial trimmed = new Trial();
        trimmed.setMetadata(TrimmingItemStore.metadata(trial.getMetadata()));
        if (TrialStops.isRequested(trial)) {
            trimmed.getMetadata().setAnnotations(Map.of(Api.STOP_ANNOTATION, ""));
        }
        trimmed.setSpec(trial.getSpec());
        if (trial.getStatus() != null) {
            TrialStatus status = trial.getStatus();
            boolean mayBeStopped = status.bands() != null && status.state() == TrialStatus.State.RUNNING;
            trimmed.setStatus(TrialStatus.builder(status.state())
                    .progress(null, mayBeStopped ? status.history() : null)
                    .bands(status.reports(), status.bands())
                    .because(status.reason(), status.message())
                    .value(status.value())
                    .metrics(examples(status), null)
                    .times(status.startTime(), status.completionTime())
                    .build());
        }
        return trimmed;
    }

    private static Map<String, BigDecimal> examples(TrialStatus status) {
        BigDecimal examples = status.metrics() == null ? null : status.metrics().get(TrialTable.EVAL_SAMPLES);
        return examples == null ? null : Map.of(TrialTable.EVAL_SAMPLES, examples);
    }
}
