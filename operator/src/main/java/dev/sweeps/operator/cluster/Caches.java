package dev.sweeps.operator.cluster;

import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The caches of the reconcilers, for readers. No request is sent. */
@Singleton
public class Caches {
    private static final String BY_OWNER = "owner";

    private volatile IndexerResourceCache<Sweep> sweeps;
    private volatile IndexerResourceCache<Trial> trials;

    public void setSweeps(IndexerResourceCache<Sweep> cache) {
        sweeps = cache;
    }

    public void setTrials(IndexerResourceCache<Trial> cache) {
        cache.addIndexers(Map.of(BY_OWNER, Caches::owners));
        trials = cache;
    }

    /** Returns every sweep; none before the operator has started. */
    public List<Sweep> sweeps() {
        return sweeps == null ? List.of() : sweeps.list(sweep -> true).toList();
    }

    public Optional<Sweep> sweep(String namespace, String name) {
        return sweeps == null ? Optional.empty() : sweeps.get(new ResourceID(name, namespace));
    }

    /** Returns the trials of a sweep, in no particular order. */
    public List<Trial> trials(Sweep sweep) {
        return trials == null
                ? List.of()
                : trials.byIndex(BY_OWNER, sweep.getMetadata().getUid());
    }

    private static List<String> owners(HasMetadata trial) {
        return trial.getMetadata().getOwnerReferences().stream()
                .map(owner -> owner.getUid())
                .toList();
    }
}
