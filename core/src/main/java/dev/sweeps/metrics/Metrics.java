package dev.sweeps.metrics;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Metrics by name.
 *
 * @param values the finite ones
 * @param notFinite names of those that were reported as NaN, infinite or null
 * @param unclear names of those that were reported as text that may be two different numbers, such as {@code 1,234}
 */
public record Metrics(Map<String, BigDecimal> values, Set<String> notFinite, Set<String> unclear) {
    public static final Metrics NONE = new Metrics(Map.of(), Set.of());

    /** Name of the metric with the training step. */
    public static final String STEP = "step";

    static final String EPOCH = "epoch";

    /** Names of the training step: ours, then those of PyTorch programs, W&amp;B, Lightning, XGBoost and Ray. */
    private static final List<String> STEP_NAMES =
            List.of(STEP, "global_step", "_step", "trainer/global_step", "iteration", "iter", "training_iteration");

    private static final List<String> RANK_NAMES = List.of("rank", "global_rank", "process_index", "local_rank");

    /** Maximum number of characters of a name. */
    private static final int MAX_NAME = 253;

    public Metrics {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        notFinite = Collections.unmodifiableSet(new LinkedHashSet<>(notFinite));
        unclear = Collections.unmodifiableSet(new LinkedHashSet<>(unclear));
    }

    public Metrics(Map<String, BigDecimal> values, Set<String> notFinite) {
        this(values, notFinite, Set.of());
    }

    /** Sorts numbers by kind. Names that are too long are left out. */
    static Metrics of(Map<String, NumberText> numbers) {
        Map<String, BigDecimal> values = new LinkedHashMap<>();
        Set<String> notFinite = new LinkedHashSet<>();
        Set<String> unclear = new LinkedHashSet<>();
        numbers.forEach((name, number) -> {
            if (!name.isEmpty() && name.length() <= MAX_NAME) {
                switch (number.kind()) {
                    case FINITE -> values.put(name, number.value());
                    case NOT_FINITE -> notFinite.add(name);
                    case UNCLEAR -> unclear.add(name);
                    default -> throw new IllegalStateException(number.kind().name());
                }
            }
        });
        return new Metrics(values, notFinite, unclear);
    }

    static Metrics of(String name, long value) {
        return new Metrics(Map.of(name, BigDecimal.valueOf(value)), Set.of());
    }

    public boolean isEmpty() {
        return values.isEmpty() && notFinite.isEmpty() && unclear.isEmpty();
    }

    /** Whether a metric was reported, as a number or not. */
    public boolean names(String metric) {
        return values.containsKey(metric) || notFinite.contains(metric) || unclear.contains(metric);
    }

    /** Returns the training step, if it was reported. */
    public Optional<Long> step() {
        return first(STEP_NAMES);
    }

    /** Returns the epoch, if it was reported as a whole number. {@code 0.25} or {@code 1.0} is progress within the training, not a count. */
    Optional<Long> epoch() {
        return Optional.ofNullable(values.get(EPOCH))
                .filter(epoch -> epoch.scale() <= 0)
                .flatMap(Metrics::whole);
    }

    /** Returns the rank of the process that reported, for programs of several processes. */
    Optional<Integer> rank() {
        return first(RANK_NAMES).map(Long::intValue);
    }

    private Optional<Long> first(List<String> names) {
        return names.stream()
                .map(values::get)
                .filter(value -> value != null)
                .findFirst()
                .flatMap(Metrics::whole);
    }

    /** Returns a value as a whole number that a JSON reader of JavaScript represents exactly. */
    static Optional<Long> whole(BigDecimal value) {
        boolean fits = value.abs().compareTo(BigDecimal.valueOf(1L << 53)) < 0;
        return fits && value.stripTrailingZeros().scale() <= 0 ? Optional.of(value.longValue()) : Optional.empty();
    }

    /** Whether a metric of this name counts steps or epochs. */
    static boolean isStep(String name) {
        return STEP_NAMES.contains(name) || name.equals(EPOCH);
    }

    /** Returns these metrics combined with later ones, whose values take precedence. */
    public Metrics with(Metrics later) {
        Map<String, BigDecimal> all = new LinkedHashMap<>(values);
        all.keySet().removeIf(name -> later.notFinite.contains(name) || later.unclear.contains(name));
        all.putAll(later.values);
        return new Metrics(all, without(notFinite, later, later.notFinite), without(unclear, later, later.unclear));
    }

    private static Set<String> without(Set<String> names, Metrics later, Set<String> added) {
        Set<String> left = new LinkedHashSet<>(names);
        left.removeIf(later::names);
        left.addAll(added);
        return left;
    }
}
