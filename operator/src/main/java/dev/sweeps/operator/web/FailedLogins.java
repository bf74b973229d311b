package dev.sweeps.operator.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts wrong tokens by address, and blocks an address that sends many. */
@Singleton
class FailedLogins {
    /** How long an address is blocked. */
    static final Duration PAUSE = Duration.ofMinutes(1);

    private static final int MAX_FAILURES = 10;
    private static final int MAX_ADDRESSES = 10_000;

    private final Cache<String, AtomicInteger> failures = Caffeine.newBuilder()
            .expireAfterWrite(PAUSE)
            .maximumSize(MAX_ADDRESSES)
            .build();

    boolean areTooMany(String address) {
        AtomicInteger count = failures.getIfPresent(address);
        return count != null && count.get() >= MAX_FAILURES;
    }

    void add(String address) {
        failures.get(address, key -> new AtomicInteger()).incrementAndGet();
    }
}
