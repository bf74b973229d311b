package dev.sweeps.metrics;

import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the lines of a trial's log say, in a size that does not grow with the log.
 *
 * @param metrics the last value of each metric
 * @param history the watched metric over the steps, thinned
 * @param stepsNamed whether the reports of the watched metric name their steps; else they are counted from 1
 * @param reports of the watched metric
 */
public record LogDigest(Metrics metrics, List<MetricPoint> history, boolean stepsNamed, Reports reports) {
    /** Of a log that says nothing, or was not read. */
    public static final LogDigest NOTHING = new LogDigest(Metrics.NONE, List.of(), false, Reports.NONE);

    /** Names of metrics that are read of a log, the first ones and the watched one: a name that holds a step or a loss would be another each time. */
    static final int MAX_NAMES = 1_024;

    public LogDigest {
        history = List.copyOf(history);
    }

    /** Reads the lines in order. */
    public static LogDigest of(Stream<String> lines, Metric metric) {
        return of(lines, metric, List.of());
    }

    /** The same, with what was reported at the bands of an early termination. */
    public static LogDigest of(Stream<String> lines, Metric metric, List<Integer> bands) {
        Reader reader = new Reader(metric, bands);
        lines.forEachOrdered(reader::add);
        return reader.digest();
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
                stepsNamed || earlier.stepsNamed,
                reports.after(earlier.reports));
    }

    /** The same with other reports, for a digest of the end of a log of which all reports were counted. */
    public LogDigest with(Reports counted) {
        return new LogDigest(metrics, history, stepsNamed, counted);
    }

    /** The same with metrics that count more than those of the log. */
    public LogDigest with(Metrics last) {
        return new LogDigest(metrics.with(last), history, stepsNamed, reports);
    }

    /** Reads a log line by line. */
    public static final class Reader {
        private final Metric metric;
        private final List<Integer> bands;
        private final List<MetricPoint> points = new ArrayList<>();
        private final Map<String, BigDecimal> values = new LinkedHashMap<>();
        private final Set<String> notFinite = new LinkedHashSet<>();
        private boolean stepsNamed;
        private Reports reports = Reports.NONE;

        /** @param bands of an early termination */
        public Reader(Metric metric, List<Integer> bands) {
            this.metric = metric;
            this.bands = bands;
        }

        public void add(String line) {
            Metrics report = MetricLine.parse(line);
            if (report.isEmpty()) {
                addSummary(MetricLine.summary(line));
            } else {
                add(report);
            }
        }

        /** Adds what was reported other than by a line. */
        public void add(Metrics report) {
            report.values().forEach((name, value) -> {
                if (isRead(name)) {
                    values.put(name, value);
                    notFinite.remove(name);
                }
            });
            report.notFinite().stream().filter(this::isRead).forEach(name -> {
                notFinite.add(name);
                values.remove(name);
            });
            addPoint(report);
            if (!bands.isEmpty()) {
                reports = reports.with(report, metric, bands);
            }
        }

        /** What the program has printed itself has more digits. */
        private void addSummary(Metrics summary) {
            summary.values().forEach((name, value) -> {
                if (isRead(name) && !notFinite.contains(name)) {
                    values.putIfAbsent(name, value);
                }
            });
            summary.notFinite().stream()
                    .filter(name -> isRead(name) && !values.containsKey(name))
                    .forEach(notFinite::add);
        }

        private boolean isRead(String name) {
            return values.size() + notFinite.size() < MAX_NAMES
                    || values.containsKey(name)
                    || notFinite.contains(name)
                    || name.equals(metric.name())
                    || name.equals(Metrics.STEP);
        }

        private void addPoint(Metrics report) {
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

        /** What the lines so far say. */
        public LogDigest digest() {
            return new LogDigest(
                    new Metrics(values, notFinite), MetricHistory.thin(points, metric.goal()), stepsNamed, reports);
        }
    }
}
