package dev.sweeps.analysis;

import dev.sweeps.api.v1alpha1.Metric.Goal;
import java.util.Collection;
import org.hipparchus.stat.descriptive.StreamingStatistics;

/**
 * Mean, standard deviation (with n - 1) and best of some results; null where there are too few.
 */
record Spread(Double mean, Double sd, Double best) {

    static Spread of(Collection<Result> results, Goal goal) {
        if (results.isEmpty()) {
            return new Spread(null, null, null);
        }
        StreamingStatistics statistics = new StreamingStatistics();
        results.forEach(result -> statistics.addValue(result.value().doubleValue()));
        return new Spread(
                statistics.getMean(),
                results.size() == 1 ? null : statistics.getStandardDeviation(),
                goal == Goal.MAXIMIZE ? statistics.getMax() : statistics.getMin());
    }
}
