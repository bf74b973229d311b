package dev.sweeps.results;

import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.Metric.Select;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.metrics.Evidence;
import dev.sweeps.metrics.Metrics;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
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
     * Decides on a trial whose program ended by itself with exit code 0.
     *
     * @param all the metrics it reported
     * @param value the metric of the sweep, see {@link #value}
     * @param collapsed whether its classifier gives every example the same answer
     * @param evidence lines of its log
     */
    public static TrialOutcome of(
            Metric metric, Metrics all, Optional<BigDecimal> value, boolean collapsed, Evidence evidence) {
        String name = metric.name();
        if (all.notFinite().contains(name)) {
            return new TrialOutcome(
                    State.FAILED,
                    TrialStatus.DIVERGED,
                    name
                            + " was last reported as NaN, infinite or null, which has no rank; try a smaller learning rate. If null"
                            + " means that it was not measured, leave " + name + " out of that report");
        }
        if (all.unclear().contains(name)) {
            return new TrialOutcome(
                    State.FAILED,
                    "MetricUnclear",
                    name + " was last printed in a form that can be read as different numbers: "
                            + quoted(evidence.mention())
                            + ". Print one number with a decimal point and without grouping of digits, such as " + name
                            + "=1234.5, or describe the line with metric.pattern");
        }
        if (value.isEmpty()) {
            return new TrialOutcome(State.FAILED, "MetricMissing", missing(metric, all, evidence));
        }
        return collapsed
                ? new TrialOutcome(
                        State.SUCCEEDED,
                        TrialStatus.COLLAPSED,
                        "the classifier gives every example the same answer: the learning rate is too high, or too low for the"
                                + " steps it had")
                : new TrialOutcome(State.SUCCEEDED, null, null);
    }

    private static String missing(Metric metric, Metrics all, Evidence evidence) {
        String name = metric.name();
        StringBuilder message = new StringBuilder("the trial ended without reporting ")
                .append(name)
                .append(". It reported ");
        message.append(listed(all));
        nearest(name, all).ifPresent(near -> message.append("; \"")
                .append(near)
                .append("\" differs from metric.name only by case, spaces or its path"));
        if (evidence.mention() != null) {
            message.append(". The last line that mentions it is ")
                    .append(quoted(evidence.mention()))
                    .append(
                            metric.pattern() == null
                                    ? ", which is in no form that is read as its current value"
                                    : ", which metric.pattern does not match");
        } else if (!evidence.lastLines().isEmpty()) {
            message.append(". No line mentions it; the last lines are ")
                    .append(evidence.lastLines().stream()
                            .map(TrialOutcome::quoted)
                            .collect(Collectors.joining(", ")));
        }
        return message.append(". Print {\"")
                .append(name)
                .append("\": 0.9} or ")
                .append(name)
                .append("=0.9, correct metric.name, or describe the line with metric.pattern")
                .toString();
    }

    private static String listed(Metrics all) {
        String names = all.values().keySet().stream().map(TrialOutcome::quoted).collect(Collectors.joining(", "));
        return names.isEmpty()
                ? "no metric"
                : names.length() <= MAX_LISTED ? names : names.substring(0, MAX_LISTED - 3) + "...";
    }

    /** A reported metric that is probably meant: {@code test_acc } for {@code test_acc}, {@code eval.f1} for {@code f1}. */
    private static Optional<String> nearest(String name, Metrics all) {
        String plain = name.strip();
        return all.values().keySet().stream()
                .filter(reported -> reported.strip().equalsIgnoreCase(plain) || reported.endsWith("." + plain))
                .findFirst();
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    /** The value of the watched metric that counts: the last one, or the best, as {@code metric.select} says. Empty if the last is none. */
    public static Optional<BigDecimal> value(Metric metric, Metrics all, List<MetricPoint> history) {
        Optional<BigDecimal> last = Optional.ofNullable(all.values().get(metric.name()));
        if (metric.select() == Select.LAST || last.isEmpty()) {
            return last;
        }
        Comparator<BigDecimal> better =
                metric.goal() == Goal.MAXIMIZE ? Comparator.naturalOrder() : Comparator.reverseOrder();
        return Stream.concat(history.stream().map(MetricPoint::value), last.stream())
                .max(better);
    }
}
