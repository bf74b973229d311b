package dev.sweeps.operator.trial;

import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.Metric.Select;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.Columns;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.metrics.MetricHistory;
import dev.sweeps.metrics.Metrics;
import dev.sweeps.operator.cluster.Columnar;
import dev.sweeps.operator.cluster.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the status of a trial from what was seen of it and what it reported. Pure. */
final class TrialStatusFactory {
    /** Characters of a message: what a person reads, and far below what an object may hold. */
    private static final int MAX_MESSAGE = 2_048;

    private TrialStatusFactory() {}

    /**
     * @param reports the metric lines of the log, in order; empty where the log was not read
     * @param now for conditions that change
     */
    static TrialStatus status(Sweep sweep, Trial trial, TrialObservation seen, List<Metrics> reports, Instant now) {
        Metric metric = sweep.getSpec().metric();
        Metrics metrics = seen.termination().metrics();
        Metrics all = reports.stream().reduce(Metrics.NONE, Metrics::with).with(metrics);
        List<MetricPoint> history = history(metric.name(), reports);
        Optional<BigDecimal> value = value(metric, all, history);
        Outcome outcome = outcome(metric.name(), seen, all, value);
        List<Condition> previous =
                trial.getStatus() == null ? List.of() : trial.getStatus().conditions();
        return new TrialStatus(
                outcome.state,
                outcome.reason,
                shortened(outcome.message),
                value.orElse(null),
                all.values(),
                all.step().orElse(null),
                MetricHistory.thin(history, metric.goal()),
                seen.attempts(),
                trial.getMetadata().getName(),
                seen.pod(),
                seen.node(),
                seen.exitCode(),
                seen.startTime(),
                seen.completionTime(),
                conditions(outcome, previous, now),
                columns(sweep, trial, value));
    }

    /** The status of a trial that could not be started at all. */
    static TrialStatus failed(Sweep sweep, Trial trial, String reason, String message, Instant now) {
        Outcome outcome = new Outcome(State.FAILED, reason, message);
        return new TrialStatus(
                State.FAILED,
                reason,
                shortened(message),
                null,
                null,
                null,
                null,
                0,
                null,
                null,
                null,
                null,
                null,
                dev.sweeps.operator.cluster.Timestamps.of(now),
                conditions(outcome, List.of(), now),
                columns(sweep, trial, Optional.empty()));
    }

    private record Outcome(State state, String reason, String message) {}

    /** A trial that ended well for Kubernetes has failed for us if it reported no metric, or one that is not a number. */
    private static Outcome outcome(String metric, TrialObservation seen, Metrics all, Optional<BigDecimal> value) {
        if (seen.state() != State.SUCCEEDED) {
            return new Outcome(seen.state(), seen.reason(), seen.message());
        }
        if (all.notFinite().contains(metric)) {
            return new Outcome(
                    State.FAILED,
                    "Diverged",
                    metric + " was reported as NaN or infinite, which has no rank; try a smaller learning rate");
        }
        if (value.isEmpty()) {
            String reported = all.values().isEmpty()
                    ? "nothing"
                    : String.join(", ", all.values().keySet());
            return new Outcome(
                    State.FAILED,
                    "MetricMissing",
                    "the trial ended without reporting " + metric + "; it reported " + reported
                            + ". Print a line {\"" + metric + "\": ...} or " + metric
                            + "=..., or correct metric.name of the sweep");
        }
        return seen.termination().collapsed()
                ? new Outcome(
                        State.SUCCEEDED,
                        "Collapsed",
                        "the classifier gives every example the same answer; try a smaller learning rate")
                : new Outcome(State.SUCCEEDED, null, null);
    }

    private static Optional<BigDecimal> value(Metric metric, Metrics all, List<MetricPoint> history) {
        Optional<BigDecimal> last = Optional.ofNullable(all.values().get(metric.name()));
        if (metric.select() == Select.LAST) {
            return last;
        }
        Comparator<BigDecimal> better =
                metric.goal() == Goal.MAXIMIZE ? Comparator.naturalOrder() : Comparator.reverseOrder();
        return java.util.stream.Stream.concat(history.stream().map(MetricPoint::value), last.stream())
                .max(better);
    }

    /** The watched metric at each step; reports without a step are counted from 1. */
    private static List<MetricPoint> history(String metric, List<Metrics> reports) {
        List<MetricPoint> points = new ArrayList<>();
        for (Metrics report : reports) {
            BigDecimal value = report.values().get(metric);
            if (value != null) {
                long step = report.step().orElse(points.size() + 1L);
                boolean repeated =
                        !points.isEmpty() && points.get(points.size() - 1).step() == step;
                if (repeated) {
                    points.remove(points.size() - 1);
                }
                points.add(new MetricPoint(step, value));
            }
        }
        return points;
    }

    private static List<Condition> conditions(Outcome outcome, List<Condition> previous, Instant now) {
        if (!outcome.state.ended()) {
            return List.of();
        }
        boolean complete = outcome.state == State.SUCCEEDED;
        return List.of(Conditions.condition(
                previous,
                complete ? "Complete" : "Failed",
                true,
                outcome.reason == null ? "MetricReported" : outcome.reason,
                outcome.message == null ? "the trial ended with its metric" : shortened(outcome.message),
                null,
                now));
    }

    private static Columns columns(Sweep sweep, Trial trial, Optional<BigDecimal> value) {
        Map<String, ParameterValue> varying =
                Columnar.varying(sweep.getSpec(), trial.getSpec().parameters());
        return new Columns(value.map(Columnar::rounded).orElse(null), Columnar.line(varying));
    }

    /** The end of a long message is its most useful part: the last lines of a log. */
    private static String shortened(String message) {
        return message == null || message.length() <= MAX_MESSAGE
                ? message
                : "…" + message.substring(message.length() - MAX_MESSAGE + 1);
    }
}
