package dev.sweeps.metrics;

import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the lines of a trial's log say, in a size that does not grow with the log.
 *
 * @param metrics the last value of each metric
 * @param history the watched metric over the steps, thinned
 * @param stepsNamed whether the reports of the watched metric name their steps; else they are counted from 1
 */
public record LogDigest(Metrics metrics, List<MetricPoint> history, boolean stepsNamed) {
    /** Of a log that says nothing, or was not read. */
    public static final LogDigest NOTHING = new LogDigest(Metrics.NONE, List.of(), false);

    public LogDigest {
        history = List.copyOf(history);
    }

    /** Reads the lines in order. */
    public static LogDigest of(Stream<String> lines, Metric metric) {
        Reader reader = new Reader(metric);
        lines.map(MetricLine::parse).filter(report -> !report.isEmpty()).forEachOrdered(reader::add);
        return new LogDigest(reader.metrics, MetricHistory.thin(reader.points, metric.goal()), reader.stepsNamed);
    }

    /** This digest of a later part of a log, put after one of an earlier part: what the earlier knows is lost nowhere. */
    public LogDigest after(LogDigest earlier, Metric metric) {
        List<MetricPoint> points = new ArrayList<>(history);
        if (history.isEmpty()) {
            points.addAll(earlier.history);
        } else if (stepsNamed) {
            points.addAll(
                    0,
                    earlier.history.stream()
                            .filter(point -> point.step() < history.get(0).step())
                            .toList());
        }
        return new LogDigest(
                earlier.metrics.with(metrics),
                MetricHistory.thin(points, metric.goal()),
                stepsNamed || earlier.stepsNamed);
    }

    private static final class Reader {
        private final Metric metric;
        private final List<MetricPoint> points = new ArrayList<>();
        private Metrics metrics = Metrics.NONE;
        private boolean stepsNamed;

        Reader(Metric metric) {
            this.metric = metric;
        }

        void add(Metrics report) {
            metrics = metrics.with(report);
            BigDecimal value = report.values().get(metric.name());
            if (value == null) {
                return;
            }
            stepsNamed = stepsNamed || report.step().isPresent();
            long step = report.step().orElse(points.size() + 1L);
            boolean repeated =
                    !points.isEmpty() && points.get(points.size() - 1).step() == step;
            if (repeated) {
                points.remove(points.size() - 1);
            }
            points.add(new MetricPoint(step, value));
        }
    }
}
