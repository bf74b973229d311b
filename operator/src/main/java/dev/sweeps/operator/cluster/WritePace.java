package dev.sweeps.operator.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Gathers changes that can wait into one write: the first of them starts a delay, and what changes until it ends is written with it.
 * A restart forgets the delay and nothing else.
 */
public final class WritePace {
    private final Clock clock;
    private final Duration delay;
    private final Cache<String, Instant> changedSince;

    public WritePace(Clock clock, Duration delay) {
        this.clock = clock;
        this.delay = delay;
        this.changedSince =
                Caffeine.newBuilder().expireAfterAccess(delay.multipliedBy(10)).build();
    }

    /** How long a change of the resource with this uid still waits; empty when it is to be written now. */
    public Optional<Duration> wait(String uid) {
        Instant now = clock.instant();
        Duration waited = Duration.between(changedSince.get(uid, key -> now), now);
        return waited.compareTo(delay) < 0 ? Optional.of(delay.minus(waited)) : Optional.empty();
    }

    /** The resource was written; the next change starts a delay of its own. */
    public void written(String uid) {
        changedSince.invalidate(uid);
    }
}
