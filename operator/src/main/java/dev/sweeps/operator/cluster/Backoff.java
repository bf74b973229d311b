package dev.sweeps.operator.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;

/** How long to wait before a refused request is repeated: one second, then twice as long each time. A restart of the operator resets it. */
public final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Cache<String, Integer> refusals =
            Caffeine.newBuilder().expireAfterAccess(LONGEST.multipliedBy(10)).build();

    /** Returns the wait after one more refusal. */
    public Duration next(HasMetadata resource) {
        int times = refusals.asMap().merge(resource.getMetadata().getUid(), 1, Integer::sum);
        Duration wait = FIRST.multipliedBy(1L << Math.min(times - 1, 10));
        return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
    }

    /** Resets the wait after a success. */
    public void reset(HasMetadata resource) {
        refusals.invalidate(resource.getMetadata().getUid());
    }
}
