package dev.sweeps.analysis;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.results.SweepResults;
import dev.sweeps.results.TrialRow;
import dev.sweeps.search.Point;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The trials of a sweep that have ended, one row each, for the analysis. Immutable. */
public final class TrialTable {
    /** Metric with the size of the evaluation set. The name is that of Hugging Face's Trainer. */
    public static final String EVAL_SAMPLES = "eval_samples";

    /** Value of a parameter that a row lacks. */
    public static final ParameterValue ABSENT = new ParameterValue(NullNode.getInstance());

    private static final Comparator<ParameterValue> IN_ORDER = Comparator.comparing(ParameterValue::kind)
            .thenComparing(value -> value.raw() instanceof BigDecimal number ? number : BigDecimal.ZERO)
            .thenComparing(ParameterValue::toString);

    private final String metric;
    private final Goal goal;
    private final List<Result> results;
    private final List<Map<String, ParameterValue>> diverged;
    private final OptionalLong examples;
    private final List<Map<String, ParameterValue>> stopped;
    /** Computed on first use, because it hashes every row. */
    private List<Setting> settings;

    /**
     * @param results trials with the metric
     * @param diverged the parameters of those whose metric was not a number
     * @param examples in the evaluation set, where it is known: the error of an accuracy follows from it
     */
    public TrialTable(
            String metric,
            Goal goal,
            List<Result> results,
            List<Map<String, ParameterValue>> diverged,
            OptionalLong examples) {
        this(metric, goal, results, diverged, examples, List.of());
    }

    /** @param stopped the parameters of trials that were stopped before their end; their values are not final and are no results */
    public TrialTable(
            String metric,
            Goal goal,
            List<Result> results,
            List<Map<String, ParameterValue>> diverged,
            OptionalLong examples,
            List<Map<String, ParameterValue>> stopped) {
        this.stopped = List.copyOf(stopped);
        this.metric = metric;
        this.goal = goal;
        this.results = results.stream()
                .sorted(Comparator.comparingLong(Result::number).thenComparing(Result::trial))
                .toList();
        this.diverged = diverged.stream()
                .sorted(Comparator.comparing(row -> Point.of(row).canonical()))
                .toList();
        this.examples = examples;
    }

    /** Makes a table of the trials of a sweep that have ended. */
    public static TrialTable of(SweepResults sweep) {
        List<TrialRow> ranked =
                sweep.trials().stream().filter(TrialRow::isRanked).toList();
        return new TrialTable(
                sweep.metric(),
                sweep.goal(),
                ranked.stream()
                        .map(row ->
                                new Result(row.trial(), row.number(), row.parameters(), row.value(), row.isCollapsed()))
                        .toList(),
                sweep.trials().stream()
                        .filter(TrialRow::isDiverged)
                        .map(TrialRow::parameters)
                        .toList(),
                agreed(ranked.stream()
                        .map(row -> row.metrics().getOrDefault(EVAL_SAMPLES, BigDecimal.ZERO))
                        .collect(Collectors.toSet())),
                sweep.trials().stream()
                        .filter(TrialRow::isStopped)
                        .map(TrialRow::parameters)
                        .toList());
    }

    /** Returns the size of the evaluation set if all trials agree on it. */
    private static OptionalLong agreed(Set<BigDecimal> examples) {
        long first = examples.size() == 1 ? examples.iterator().next().longValue() : 0;
        return first > 0 && first <= Integer.MAX_VALUE ? OptionalLong.of(first) : OptionalLong.empty();
    }

    public static ParameterValue value(Map<String, ParameterValue> parameters, String name) {
        return parameters.getOrDefault(name, ABSENT);
    }

    /** Returns the parameters that differ between rows, by name, each with its sorted values. */
    public SortedMap<String, List<ParameterValue>> varying() {
        SortedMap<String, TreeSet<ParameterValue>> seen = new TreeMap<>();
        allParameters().forEach(row -> row.keySet().forEach(name -> seen.put(name, new TreeSet<>(IN_ORDER))));
        allParameters().forEach(row -> seen.forEach((name, values) -> values.add(value(row, name))));
        SortedMap<String, List<ParameterValue>> varying = new TreeMap<>();
        seen.forEach((name, values) -> {
            if (values.size() > 1) {
                varying.put(name, List.copyOf(values));
            }
        });
        return Collections.unmodifiableSortedMap(varying);
    }

    public String metric() {
        return metric;
    }

    public Goal goal() {
        return goal;
    }

    /** Returns the results in running order. */
    public List<Result> results() {
        return results;
    }

    public List<Map<String, ParameterValue>> diverged() {
        return diverged;
    }

    /** Returns the number of trials that were stopped before their end. */
    public int stopped() {
        return stopped.size();
    }

    public OptionalLong examples() {
        return examples;
    }

    /** Returns the settings in running order. Results that share all parameters are replicates of one setting. */
    public synchronized List<Setting> settings() {
        if (settings == null) {
            Map<Map<String, ParameterValue>, List<Result>> byParameters = new LinkedHashMap<>();
            results.forEach(result -> byParameters
                    .computeIfAbsent(result.parameters(), key -> new ArrayList<>())
                    .add(result));
            settings = byParameters.entrySet().stream()
                    .map(entry -> new Setting(entry.getKey(), List.copyOf(entry.getValue())))
                    .toList();
        }
        return settings;
    }

    /** Returns a table for each group that shares the values of some parameters and has a result, the best group first. */
    public List<TrialTable> groups(List<String> groupBy) {
        if (groupBy.isEmpty()) {
            return List.of();
        }
        Map<Map<String, ParameterValue>, List<Map<String, ParameterValue>>> divergedByGroup =
                diverged.stream().collect(Collectors.groupingBy(row -> values(row, groupBy)));
        Map<Map<String, ParameterValue>, List<Result>> byGroup = results.stream()
                .collect(Collectors.groupingBy(
                        result -> values(result.parameters(), groupBy), LinkedHashMap::new, Collectors.toList()));
        Comparator<Map.Entry<Double, TrialTable>> byBest = Map.Entry.comparingByKey();
        return byGroup.entrySet().stream()
                .map(group -> with(group.getValue(), divergedByGroup.getOrDefault(group.getKey(), List.of())))
                .map(group -> Map.entry(
                        Best.first(group.settings(), goal).orElseThrow().mean(), group))
                .sorted(goal == Goal.MAXIMIZE ? byBest.reversed() : byBest)
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Returns the values of parameters that all results share, sorted by name. */
    public Map<String, ParameterValue> valuesOf(List<String> names) {
        return values(results.get(0).parameters(), names);
    }

    private static Map<String, ParameterValue> values(Map<String, ParameterValue> parameters, List<String> names) {
        Map<String, ParameterValue> values = new LinkedHashMap<>();
        names.forEach(name -> values.put(name, value(parameters, name)));
        return values;
    }

    /** Mean of the metric over all results; null without any. */
    public Double mean() {
        return Spread.of(results, goal).mean();
    }

    /** Returns the table without trials that did not learn: the collapsed and the diverged. */
    public TrialTable learned() {
        return with(results.stream().filter(result -> !result.collapsed()).toList(), List.of());
    }

    /** Returns a table in which diverged trials have the worst value of any trial, because "not a number" has no order. */
    public TrialTable withDivergedAsWorst() {
        if (diverged.isEmpty() || results.isEmpty()) {
            return this;
        }
        Comparator<BigDecimal> bad = goal == Goal.MAXIMIZE ? Comparator.reverseOrder() : Comparator.naturalOrder();
        BigDecimal worst = results.stream().map(Result::value).max(bad).orElseThrow();
        List<Result> all = new ArrayList<>(results);
        diverged.forEach(parameters -> all.add(new Result("", Long.MAX_VALUE, parameters, worst, false)));
        return with(all, List.of());
    }

    /** Returns the number of results that collapsed. */
    public int collapsed() {
        return (int) results.stream().filter(Result::collapsed).count();
    }

    private List<Map<String, ParameterValue>> allParameters() {
        List<Map<String, ParameterValue>> all = new ArrayList<>(diverged);
        all.addAll(stopped);
        results.forEach(result -> all.add(result.parameters()));
        return all;
    }

    private TrialTable with(List<Result> otherResults, List<Map<String, ParameterValue>> otherDiverged) {
        return new TrialTable(metric, goal, otherResults, otherDiverged, examples, stopped);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof TrialTable table
                        && metric.equals(table.metric)
                        && goal == table.goal
                        && examples.equals(table.examples)
                        && stopped.equals(table.stopped)
                        && diverged.equals(table.diverged)
                        && results.equals(table.results);
    }

    @Override
    public int hashCode() {
        return Objects.hash(metric, goal, results.size(), diverged.size());
    }
}
