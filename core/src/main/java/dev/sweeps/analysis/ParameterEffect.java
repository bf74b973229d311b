package dev.sweeps.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * How the metric is for each value of one parameter.
 *
 * @param values each value, or where there are more than {@value #MAX_LEVELS} numbers ten ranges of equal count, or where there are more
 *     texts the {@value #MAX_LEVELS} with the best mean
 * @param correlation with the metric
 */
public record ParameterEffect(String name, Scale scale, List<Level> values, Correlation correlation) {
    private static final int MAX_LEVELS = Ranges.MAX_LEVELS;

    /**
     * One value, or the range between two.
     *
     * @param value null for a range
     * @param from smallest value of a range, null for a value
     * @param to largest value of a range, null for a value
     * @param count results
     * @param mean null without results, as the next ones
     * @param sd standard deviation of the results, with n - 1; null for one
     * @param diverged trials that diverged
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Level(
            ParameterValue value,
            ParameterValue from,
            ParameterValue to,
            int count,
            Double mean,
            Double sd,
            Double best,
            int collapsed,
            int diverged) {}

    static List<ParameterEffect> of(TrialTable table, SortedMap<String, List<ParameterValue>> varying) {
        return varying.entrySet().stream()
                .map(parameter -> of(table, parameter.getKey(), parameter.getValue()))
                .toList();
    }

    private static ParameterEffect of(TrialTable table, String name, List<ParameterValue> values) {
        Scale scale = Scale.of(values);
        Map<ParameterValue, List<Result>> results = table.results().stream()
                .collect(Collectors.groupingBy(result -> TrialTable.value(result.parameters(), name)));
        Map<ParameterValue, Long> diverged = table.diverged().stream()
                .collect(
                        Collectors.groupingBy(parameters -> TrialTable.value(parameters, name), Collectors.counting()));
        List<Level> levels = ranges(name, values).stream()
                .map(range -> level(range, results, diverged, table.goal()))
                .toList();
        return new ParameterEffect(
                name, scale, bestOf(levels, table.goal()), Correlation.of(name, scale, table.results()));
    }

    /** Returns a level for each value, or ranges if there are many numbers. */
    private static List<List<ParameterValue>> ranges(String name, List<ParameterValue> values) {
        return Ranges.isNeeded(values)
                ? Ranges.of(name, values).all()
                : values.stream().map(List::of).toList();
    }

    private static Level level(
            List<ParameterValue> range,
            Map<ParameterValue, List<Result>> results,
            Map<ParameterValue, Long> diverged,
            Goal goal) {
        List<Result> members = range.stream()
                .flatMap(value -> results.getOrDefault(value, List.of()).stream())
                .toList();
        Spread spread = Spread.of(members, goal);
        boolean single = range.size() == 1;
        return new Level(
                single ? range.get(0) : null,
                single ? null : range.get(0),
                single ? null : range.get(range.size() - 1),
                members.size(),
                spread.mean(),
                spread.sd(),
                spread.best(),
                (int) members.stream().filter(Result::collapsed).count(),
                (int) range.stream()
                        .mapToLong(value -> diverged.getOrDefault(value, 0L))
                        .sum());
    }

    /** Returns the levels with the best means, in the order of their values. */
    private static List<Level> bestOf(List<Level> levels, Goal goal) {
        if (levels.size() <= MAX_LEVELS) {
            return levels;
        }
        Comparator<Level> byMean = Comparator.comparing(Level::mean, Comparator.nullsFirst(Comparator.naturalOrder()));
        List<Level> kept = levels.stream()
                .sorted(goal == Goal.MAXIMIZE ? byMean.reversed() : byMean)
                .limit(MAX_LEVELS)
                .toList();
        return levels.stream().filter(kept::contains).toList();
    }
}
