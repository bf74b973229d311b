package dev.sweeps.results;

import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.Metric.Select;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.metrics.Metrics;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a trial whose program ended well has come to: it has failed if it reported no metric, or one that is not a number.
 *
 * @param reason one word; null for a plain success
 * @param message a sentence; null for a plain success
 */
public record TrialOutcome(State state, String reason, String message) {
    /** Characters of a list of metrics in a message. */
    private static final int MAX_LISTED = 120;

    /**
     * @param all what it reported
     * @param value the metric of the sweep, see {@link #value}
     * @param collapsed whether its classifier gives every example the same answer
     */
    public static TrialOutcome of(Metric metric, Metrics all, Optional<BigDecimal> value, boolean collapsed) {
        if (all.notFinite().contains(metric.name())) {
            return new TrialOutcome(
                    State.FAILED,
                    TrialStatus.DIVERGED,
                    metric.name() + " was reported as NaN or infinite, which has no rank; try a smaller learning rate");
        }
        if (value.isEmpty()) {
            return new TrialOutcome(State.FAILED, "MetricMissing", missing(metric.name(), all));
        }
        return collapsed
                ? new TrialOutcome(
                        State.SUCCEEDED,
                        TrialStatus.COLLAPSED,
                        "the classifier gives every example the same answer: the learning rate is too high, or too low for the"
                                + " steps it had")
                : new TrialOutcome(State.SUCCEEDED, null, null);
    }

    private static String missing(String metric, Metrics all) {
        String names = String.join(", ", all.values().keySet());
        String reported = names.isEmpty()
                ? "nothing"
                : names.length() <= MAX_LISTED ? names : names.substring(0, MAX_LISTED - 3) + "...";
        return "the trial ended without reporting " + metric + "; it reported " + reported + ". Print a line {\""
                + metric + "\": ...} or " + metric + "=..., or correct metric.name of the sweep";
    }

    /** The value of the watched metric that counts: the last one, or the best, as {@code metric.select} says. */
    public static Optional<BigDecimal> value(Metric metric, Metrics all, List<MetricPoint> history) {
        Optional<BigDecimal> last = Optional.ofNullable(all.values().get(metric.name()));
        if (metric.select() == Select.LAST) {
            return last;
        }
        Comparator<BigDecimal> better =
                metric.goal() == Goal.MAXIMIZE ? Comparator.naturalOrder() : Comparator.reverseOrder();
        return Stream.concat(history.stream().map(MetricPoint::value), last.stream())
                .max(better);
    }
}
