package dev.sweeps.metrics;

import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the lines of a trial's log say, in a size that does not grow with the log.
 *
 * @param metrics the last value of each metric
 * @param history the watched metric over the steps, thinned
 * @param stepsNamed whether the reports of the watched metric name their steps; else they are counted from 1
 * @param reports of the watched metric
 * @param evidence lines for the message of a trial whose metric is missing
 */
public record LogDigest(
        Metrics metrics, List<MetricPoint> history, boolean stepsNamed, Reports reports, Evidence evidence) {
    /** The digest of a log that reports nothing or was not read. */
    public static final LogDigest NOTHING = new LogDigest(Metrics.NONE, List.of(), false, Reports.NONE);

    /** Maximum number of names, in addition to the watched metric. A name that contains a step or a loss would be a new one each time. */
    static final int MAX_NAMES = 1_024;

    public LogDigest {
        history = List.copyOf(history);
    }

    public LogDigest(Metrics metrics, List<MetricPoint> history, boolean stepsNamed, Reports reports) {
        this(metrics, history, stepsNamed, reports, Evidence.NONE);
    }

    /** Returns the lines of a log. Only a line feed ends a line; text that carriage returns draw over is one line. */
    public static Stream<String> lines(String log) {
        return LogLine.split(log);
    }

    /** Reads lines in order. */
    public static LogDigest of(Stream<String> lines, Metric metric) {
        return of(lines, metric, List.of());
    }

    /** Reads a log, with the values at the bands of an early termination. */
    public static LogDigest of(Stream<String> lines, Metric metric, List<Integer> bands) {
        Reader reader = new Reader(metric, bands);
        lines.forEachOrdered(reader::add);
        return reader.end();
    }

    /** Combines this digest of a later part of a log with that of an earlier part. Nothing that the earlier one contains is lost. */
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
                reports.after(earlier.reports),
                evidence.orElse(earlier.evidence));
    }

    /** Returns this digest with other reports, for a digest of the end of a log of which all reports were counted. */
    public LogDigest with(Reports counted) {
        return new LogDigest(metrics, history, stepsNamed, counted, evidence);
    }

    /** Returns this digest with metrics that take precedence over those of the log. */
    public LogDigest with(Metrics last) {
        return new LogDigest(metrics.with(last), history, stepsNamed, reports, evidence);
    }

    /** Reads a log line by line. Memory is bounded. */
    public static final class Reader {
        /** Maximum number of ranks whose multi-line objects are joined separately; lines of further ranks share one buffer. */
        private static final int MAX_RANKS = 32;

        private final Metric metric;
        private final MetricForms forms;
        private final MetricForm summaries = new WandbSummaryForm();

        /** One buffer for each rank, because lines of several processes interleave. */
        private final Map<Optional<Integer>, ObjectLines> objectLines = new LinkedHashMap<>();

        private final Map<String, BigDecimal> values = new LinkedHashMap<>();
        private final Set<String> notFinite = new LinkedHashSet<>();
        private final Set<String> unclear = new LinkedHashSet<>();
        private final Deque<String> lastLines = new ArrayDeque<>();
        private final Curve curve;
        private String mention;

        /** @param bands of an early termination */
        public Reader(Metric metric, List<Integer> bands) {
            this(metric, bands, Reports.NONE, true);
        }

        /**
         * @param before reports of an earlier part of the log, or of the log of an earlier attempt
         * @param isSameLog whether they are of the same log
         */
        public Reader(Metric metric, List<Integer> bands, Reports before, boolean isSameLog) {
            this.metric = metric;
            this.forms = MetricForms.of(metric);
            this.curve = new Curve(metric.goal(), bands, before, isSameLog);
        }

        /**
         * Reads a line.
         *
         * @return whether a report of the watched metric was read
         */
        public boolean add(String line) {
            LogLine shown = LogLine.of(line);
            boolean reported = false;
            for (String text : objectLines(shown.rank()).add(shown.text())) {
                reported |= read(text, shown.rank());
            }
            return reported;
        }

        private ObjectLines objectLines(Optional<Integer> rank) {
            boolean isOneTooMany = objectLines.size() >= MAX_RANKS && !objectLines.containsKey(rank);
            return objectLines.computeIfAbsent(isOneTooMany ? Optional.empty() : rank, none -> new ObjectLines());
        }

        /** Adds metrics that were not reported by a line. */
        public void add(Metrics report) {
            add(report, report.rank());
        }

        private boolean read(String line, Optional<Integer> rank) {
            remember(line);
            if (WandbSummaryForm.isOfWandb(line)) {
                summaries.read(line).forEach(this::addSummary);
                return false;
            }
            List<Metrics> reports = forms.read(line);
            reports.forEach(report -> add(report, rank.or(report::rank)));
            return reports.stream().anyMatch(report -> report.names(metric.name()));
        }

        private void remember(String line) {
            int nameAt = line.indexOf(metric.name());
            if (nameAt >= 0) {
                mention = Evidence.shortened(line, nameAt);
            }
            if (!line.isBlank()) {
                lastLines.add(Evidence.shortened(line));
                if (lastLines.size() > Evidence.LINES) {
                    lastLines.remove();
                }
            }
        }

        private void add(Metrics report, Optional<Integer> rank) {
            boolean isWatched = report.names(metric.name());
            if (isWatched && !curve.counts(rank)) {
                return;
            }
            boolean isLatest = !isWatched || curve.add(report, report.values().get(metric.name()));
            report.values().forEach((name, value) -> {
                if (isRead(name) && (isLatest || !isOfReport(name))) {
                    notFinite.remove(name);
                    unclear.remove(name);
                    values.put(name, value);
                }
            });
            keep(report.notFinite(), notFinite, isLatest);
            keep(report.unclear(), unclear, isLatest);
        }

        private void keep(Set<String> reported, Set<String> kept, boolean isLatest) {
            reported.stream()
                    .filter(name -> isRead(name) && (isLatest || !isOfReport(name)))
                    .forEach(name -> {
                        forget(name);
                        kept.add(name);
                    });
        }

        /** Whether a metric of a report that is not the latest must not replace the known value. */
        private boolean isOfReport(String name) {
            return name.equals(metric.name()) || name.equals(Metrics.STEP) || name.equals(Metrics.EPOCH);
        }

        private void forget(String name) {
            values.remove(name);
            notFinite.remove(name);
            unclear.remove(name);
        }

        /** Adds the metrics of a summary that the program has not printed itself. Printed values have more digits. */
        private void addSummary(Metrics summary) {
            summary.values().forEach((name, value) -> {
                if (isRead(name) && !isKnown(name)) {
                    values.put(name, value);
                }
            });
            summary.notFinite().stream()
                    .filter(name -> isRead(name) && !isKnown(name))
                    .forEach(notFinite::add);
        }

        private boolean isKnown(String name) {
            return values.containsKey(name) || notFinite.contains(name) || unclear.contains(name);
        }

        private boolean isRead(String name) {
            return values.size() + notFinite.size() + unclear.size() < MAX_NAMES
                    || isKnown(name)
                    || name.equals(metric.name())
                    || name.equals(Metrics.STEP);
        }

        /** Returns the digest of the lines so far. */
        public LogDigest digest() {
            return new LogDigest(
                    new Metrics(values, notFinite, unclear),
                    MetricHistory.thin(curve.history(), metric.goal()),
                    curve.stepsNamed(),
                    curve.reports(),
                    new Evidence(mention, List.copyOf(lastLines)));
        }

        /** Returns the digest of the whole log, in which nothing follows an object that is still open. */
        public LogDigest end() {
            objectLines.forEach((rank, lines) -> lines.flush().forEach(line -> read(line, rank)));
            return digest();
        }
    }
}
