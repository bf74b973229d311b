package dev.sweeps.metrics;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Metrics by name.
 *
 * @param values the finite ones
 * @param notFinite the names of those that were reported as NaN or infinite
 */
public record Metrics(Map<String, BigDecimal> values, Set<String> notFinite) {
    public static final Metrics NONE = new Metrics(Map.of(), Set.of());

    /** The name under which a trial says at which training step it is. */
    public static final String STEP = "step";

    public Metrics {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        notFinite = Collections.unmodifiableSet(new LinkedHashSet<>(notFinite));
    }

    public boolean isEmpty() {
        return values.isEmpty() && notFinite.isEmpty();
    }

    /** Whether a metric was reported, be it as a number or not. */
    public boolean names(String metric) {
        return values.containsKey(metric) || notFinite.contains(metric);
    }

    /** The training step that was reported, if one was. */
    public Optional<Long> step() {
        return Optional.ofNullable(values.get(STEP)).map(BigDecimal::longValue);
    }

    /** These metrics, and where {@code later} names the same one, the later value. */
    public Metrics with(Metrics later) {
        Map<String, BigDecimal> all = new LinkedHashMap<>(values);
        all.keySet().removeAll(later.notFinite);
        all.putAll(later.values);
        Set<String> bad = new LinkedHashSet<>(notFinite);
        bad.removeAll(later.values.keySet());
        bad.addAll(later.notFinite);
        return new Metrics(all, bad);
    }
}
