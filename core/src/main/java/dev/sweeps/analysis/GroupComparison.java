package dev.sweeps.analysis;

import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Results by the values of some parameters: how does each model do, and with which hyperparameters? */
public final class GroupComparison {
    /** Digits of a mean; more than any metric is known to. */
    private static final MathContext PRECISION = new MathContext(10, RoundingMode.HALF_EVEN);

    /**
     * The results that share the values of the grouping parameters.
     *
     * @param values the shared values by parameter, in the order of {@code groupBy}
     * @param mean mean of the metric
     */
    public record Group(Map<String, ParameterValue> values, int count, BigDecimal mean, Ranking ranking) {}

    private GroupComparison() {}

    /** One group for each combination of values that has a result, in the order of the values' text. */
    public static List<Group> of(Collection<Result> results, List<String> groupBy, Goal goal) {
        return results.stream()
                .collect(Collectors.groupingBy(
                        result -> groupBy.stream()
                                .map(name -> String.valueOf(result.parameters().get(name)))
                                .toList(),
                        () -> new TreeMap<>(GroupComparison::compareTexts),
                        Collectors.toList()))
                .values()
                .stream()
                .map(members -> group(members, groupBy, goal))
                .toList();
    }

    private static Group group(List<Result> members, List<String> groupBy, Goal goal) {
        Map<String, ParameterValue> values = new LinkedHashMap<>();
        groupBy.forEach(name -> values.put(name, members.get(0).parameters().get(name)));
        BigDecimal sum = members.stream().map(Result::value).reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal mean = sum.divide(BigDecimal.valueOf(members.size()), PRECISION);
        return new Group(values, members.size(), mean, Ranking.of(members, goal).orElseThrow());
    }

    private static int compareTexts(List<String> left, List<String> right) {
        for (int i = 0; i < left.size(); i++) {
            int order = left.get(i).compareTo(right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
