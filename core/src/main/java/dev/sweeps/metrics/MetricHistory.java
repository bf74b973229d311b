package dev.sweeps.metrics;

import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The watched metric over the steps of a trial, thinned so that a status stays small. */
public final class MetricHistory {
    /** Maximum number of points in a status. */
    public static final int MAX_POINTS = 64;

    private MetricHistory() {}

    /** Returns at most {@link #MAX_POINTS} of the points, evenly spaced, including the first, the last and the best. */
    public static List<MetricPoint> thin(List<MetricPoint> points, Goal goal) {
        if (points.size() <= MAX_POINTS) {
            return List.copyOf(points);
        }
        SortedSet<Integer> kept = new TreeSet<>();
        kept.add(points.indexOf(best(points, goal)));
        int spread = MAX_POINTS - 1;
        for (int i = 0; i < spread; i++) {
            kept.add((int) Math.round(i * (points.size() - 1) / (double) (spread - 1)));
        }
        List<MetricPoint> thinned = new ArrayList<>();
        kept.forEach(index -> thinned.add(points.get(index)));
        return thinned;
    }

    /** Returns the best point, the first of equal ones. */
    static MetricPoint best(List<MetricPoint> points, Goal goal) {
        Comparator<MetricPoint> better = Comparator.comparing(MetricPoint::value);
        Comparator<MetricPoint> order = goal == Goal.MAXIMIZE ? better : better.reversed();
        MetricPoint best = points.get(0);
        for (MetricPoint point : points) {
            best = order.compare(point, best) > 0 ? point : best;
        }
        return best;
    }
}
