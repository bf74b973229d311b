package dev.sweeps.analysis;

import dev.sweeps.api.v1alpha1.Metric.Goal;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * The first of some results.
 *
 * @param best the best; of equal ones the first in running order, so that the answer does not depend on who ended first
 * @param ties how many others have exactly the same value
 */
public record Ranking(Result best, int ties) {

    /** Ranks the results; empty if there are none. */
    public static Optional<Ranking> of(Collection<Result> results, Goal goal) {
        return results.stream()
                .min(order(goal))
                .map(best -> new Ranking(
                        best,
                        (int) results.stream()
                                        .filter(result -> result.value().compareTo(best.value()) == 0)
                                        .count()
                                - 1));
    }

    private static Comparator<Result> order(Goal goal) {
        Comparator<Result> byValue = Comparator.comparing(Result::value);
        return (goal == Goal.MAXIMIZE ? byValue.reversed() : byValue).thenComparing(Result::number);
    }
}
