package dev.sweeps.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One trial as a row of a table.
 *
 * @param trial its name
 * @param number of its point in running order, from 0
 * @param state Pending, Queued, Running, Succeeded, Failed or Stopped
 * @param value of the sweep's metric; null while there is none
 * @param created when the trial was made, RFC 3339, as the other times
 * @param started when its program started
 * @param history the metric over the steps
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrialRow(
        String trial,
        long number,
        Map<String, ParameterValue> parameters,
        String state,
        String reason,
        String message,
        BigDecimal value,
        Map<String, BigDecimal> metrics,
        Long step,
        Integer attempts,
        String pod,
        String node,
        Integer exitCode,
        String created,
        String started,
        String ended,
        List<MetricPoint> history) {

    public TrialRow {
        parameters = sorted(parameters);
        metrics = metrics == null ? Map.of() : sorted(metrics);
        history = history == null ? List.of() : history;
    }

    static TrialRow of(Trial trial, long number) {
        Optional<TrialStatus> status = Optional.ofNullable(trial.getStatus());
        return new TrialRow(
                trial.getMetadata().getName(),
                number,
                trial.getSpec().parameters(),
                trial.state().word(),
                status.map(TrialStatus::reason).orElse(null),
                status.map(TrialStatus::message).orElse(null),
                status.map(TrialStatus::value).orElse(null),
                status.map(TrialStatus::metrics).orElse(null),
                status.map(TrialStatus::step).orElse(null),
                status.map(TrialStatus::attempts).orElse(null),
                status.map(TrialStatus::pod).orElse(null),
                status.map(TrialStatus::node).orElse(null),
                status.map(TrialStatus::exitCode).orElse(null),
                trial.getMetadata().getCreationTimestamp(),
                status.map(TrialStatus::startTime).orElse(null),
                status.map(TrialStatus::completionTime).orElse(null),
                status.map(TrialStatus::history).orElse(null));
    }

    private static <T> Map<String, T> sorted(Map<String, T> map) {
        return map instanceof SortedMap ? map : new TreeMap<>(map);
    }

    /** Returns this row without curve and message, for a long table. */
    public TrialRow withoutCurveAndMessage() {
        return with(null, value, null);
    }

    /** Returns this row without message, for a long table with curves. */
    public TrialRow withoutMessage() {
        return with(null, value, history);
    }

    /** Returns this row with the value of another metric, whose curve is not known. */
    public TrialRow withValue(BigDecimal other) {
        return with(message, other, null);
    }

    private TrialRow with(String otherMessage, BigDecimal otherValue, List<MetricPoint> otherHistory) {
        return new TrialRow(
                trial,
                number,
                parameters,
                state,
                reason,
                otherMessage,
                otherValue,
                metrics,
                step,
                attempts,
                pod,
                node,
                exitCode,
                created,
                started,
                ended,
                otherHistory);
    }

    /** Whether it ended by itself with the metric. The value at which a trial was stopped is not its final one. */
    @JsonIgnore
    public boolean isRanked() {
        return value != null && state.equals(TrialStatus.State.SUCCEEDED.word());
    }

    /** Whether it was stopped before its end, with a value. */
    @JsonIgnore
    public boolean isStopped() {
        return state.equals(TrialStatus.State.STOPPED.word());
    }

    /** Whether its metric was not a number. */
    @JsonIgnore
    public boolean isDiverged() {
        return TrialStatus.DIVERGED.equals(reason);
    }

    /** Whether its classifier gives every example the same answer. */
    @JsonIgnore
    public boolean isCollapsed() {
        return TrialStatus.COLLAPSED.equals(reason);
    }
}
