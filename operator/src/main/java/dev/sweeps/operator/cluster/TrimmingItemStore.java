package dev.sweeps.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Keeps of each resource only what is read. A finished Job and its Pod take 20 KB as they are, and thousands of them lie in the caches of an
 * operator for an hour.
 */
public final class TrimmingItemStore<R extends HasMetadata> implements ItemStore<R> {
    private final Map<String, R> items = new ConcurrentHashMap<>();
    private final UnaryOperator<R> trim;
    private final Consumer<R> changed;

    /**
     * @param trim a copy with what is read, {@link #metadata} among it
     */
    public TrimmingItemStore(UnaryOperator<R> trim) {
        this(trim, resource -> {});
    }

    /**
     * @param trim a copy with what is read, {@link #metadata} among it
     * @param changed is told of each resource after it was put or removed
     */
    public TrimmingItemStore(UnaryOperator<R> trim, Consumer<R> changed) {
        this.trim = trim;
        this.changed = changed;
    }

    /** The metadata that everything in a cache needs: who it is, whose it is, and when. */
    public static ObjectMeta metadata(ObjectMeta all) {
        return new ObjectMetaBuilder()
                .withName(all.getName())
                .withNamespace(all.getNamespace())
                .withUid(all.getUid())
                .withResourceVersion(all.getResourceVersion())
                .withGeneration(all.getGeneration())
                .withCreationTimestamp(all.getCreationTimestamp())
                .withDeletionTimestamp(all.getDeletionTimestamp())
                .withDeletionGracePeriodSeconds(all.getDeletionGracePeriodSeconds())
                .withLabels(Labels.ours(all.getLabels()))
                .withOwnerReferences(all.getOwnerReferences())
                .build();
    }

    @Override
    public String getKey(R resource) {
        return Cache.metaNamespaceKeyFunc(resource);
    }

    @Override
    public R put(String key, R resource) {
        R trimmed = trim.apply(resource);
        R before = items.put(key, trimmed);
        changed.accept(trimmed);
        return before;
    }

    @Override
    public R remove(String key) {
        R removed = items.remove(key);
        if (removed != null) {
            changed.accept(removed);
        }
        return removed;
    }

    @Override
    public Stream<String> keySet() {
        return items.keySet().stream();
    }

    @Override
    public Stream<R> values() {
        return items.values().stream();
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public R get(String key) {
        return items.get(key);
    }
}
