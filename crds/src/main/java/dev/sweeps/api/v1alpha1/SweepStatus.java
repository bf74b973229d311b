package dev.sweeps.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.api.model.Condition;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** The observed state of a sweep. Its size does not grow with the number of trials. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SweepStatus(
        @Min(0)
                @Max(9_007_199_254_740_991.0)
                @JsonPropertyDescription("The metadata.generation that this status describes.")
                Long observedGeneration,
        @JsonPropertyDescription("State of the sweep: Pending, Running, Suspended, Complete, Failed or Rejected.")
                State state,
        @JsonPropertyDescription(
                        "Accepted: the spec can run; otherwise the message says what to correct. Complete: every point "
                                + "has ended and at least one has a result. Failed: every point has ended and none has a result. "
                                + "Suspended: no new trials start.")
                List<Condition> conditions,
        @JsonPropertyDescription("Number of trials in each state. The sum is total.") TrialCounts trials,
        @JsonPropertyDescription(
                        "The answer in a few sentences, when every trial has ended or the sweep is suspended: how the "
                                + "groups compare, whether they need different hyperparameters, which hyperparameter matters, and "
                                + "which differences are within noise.")
                String summary,
        @JsonPropertyDescription("The best trial so far.") Best best,
        @JsonPropertyDescription(
                        "The best trial and the mean for each combination of the values of groupBy, the best group "
                                + "first, as many as fit into 12 KB.")
                List<Group> groups,
        @JsonPropertyDescription("Number of groups that are left out of groups.") Integer groupsOmitted,
        @JsonPropertyDescription(
                        "For each varying hyperparameter, when every trial has ended or the sweep is suspended: its "
                                + "importance, and the metric by value. The most important ones, as many as fit into 6 KB.")
                List<ParameterSummary> parameters,
        @JsonPropertyDescription("Number of hyperparameters that are left out of parameters.")
                Integer parametersOmitted,
        @JsonPropertyDescription("When the sweep was accepted.") String startTime,
        @JsonPropertyDescription("When the last trial ended.") String completionTime,
        @JsonPropertyDescription(
                        "Estimated end of the last trial while trials run, based on the trials that have ended. Updated "
                                + "when a trial starts or ends.")
                String estimatedCompletionTime,
        @Min(0)
                @Max(9_007_199_254_740_991.0)
                @JsonPropertyDescription(
                        "GPU time of ended trials in seconds: their run time times gpu.count. For a trial with several "
                                + "attempts, the last attempt counts.")
                Long gpuSeconds,
        @JsonPropertyDescription("Columns of kubectl get sweeps.") Columns columns) {

    /** Returns the status of a sweep that does not run, with its results so far. Only generation, state and conditions change. */
    public static SweepStatus notAccepted(
            State state, Long generation, List<Condition> conditions, SweepStatus before) {
        return new SweepStatus(
                generation,
                state,
                conditions,
                before == null ? null : before.trials,
                before == null ? null : before.summary,
                before == null ? null : before.best,
                before == null ? null : before.groups,
                before == null ? null : before.groupsOmitted,
                before == null ? null : before.parameters,
                before == null ? null : before.parametersOmitted,
                before == null ? null : before.startTime,
                null,
                null,
                before == null ? null : before.gpuSeconds,
                before == null ? null : before.columns);
    }

    /** States of a sweep. */
    public enum State {
        @JsonProperty("Pending")
        PENDING,
        @JsonProperty("Running")
        RUNNING,
        @JsonProperty("Suspended")
        SUSPENDED,
        @JsonProperty("Complete")
        COMPLETE,
        @JsonProperty("Failed")
        FAILED,
        @JsonProperty("Rejected")
        REJECTED;

        /** Returns the word in the status. */
        public String word() {
            return name().charAt(0) + name().substring(1).toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Number of trials by state. */
    public record TrialCounts(
            @JsonPropertyDescription("Number of points of the sweep.") int total,
            @JsonPropertyDescription("Not started yet, because of parallelism or because the sweep is suspended.")
                    int waiting,
            @JsonPropertyDescription("Started, and waiting for a node, an image or a volume.") int pending,
            @JsonPropertyDescription("Waiting for admission by the queue.") int queued,
            @JsonPropertyDescription("Running.") int running,
            @JsonPropertyDescription("Ended with the metric.") int succeeded,
            @JsonPropertyDescription("Ended without a result.") int failed,
            @JsonPropertyDescription("Stopped early, with their last value.") int stopped) {}

    /** The best trial of a sweep or of a group. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Best(
            @JsonPropertyDescription("Name of the Trial.") String trial,
            @JsonPropertyDescription("The metric of the trial.") BigDecimal value,
            @JsonPropertyDescription(
                            "The hyperparameters that differ between trials, as many as fit into 4 KB. The Trial has all of "
                                    + "them.")
                    Map<String, ParameterValue> parameters,
            @JsonPropertyDescription("Number of hyperparameters that are left out of parameters.")
                    Integer parametersOmitted,
            @JsonPropertyDescription("Number of other trials with exactly the same value.") Integer ties) {

        public Best {
            value = Decimals.asStored(value);
        }
    }

    /** One combination of the values of {@code groupBy}. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Group(
            @JsonPropertyDescription("The values of groupBy of the group.") Map<String, ParameterValue> group,
            @JsonPropertyDescription("Number of trials of the group that have a result.") int count,
            @JsonPropertyDescription("Mean of the metric.") BigDecimal mean,
            @JsonPropertyDescription("The best trial of the group.") Best best) {

        public Group {
            mean = Decimals.asStored(mean);
        }
    }

    /** The effect of one hyperparameter on the metric. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record ParameterSummary(
            @JsonPropertyDescription("Name of the hyperparameter.") String name,
            @JsonPropertyDescription(
                            "Share of the variance of the metric over all trials that the hyperparameter explains by itself,"
                                    + " from 0 to 1 (functional ANOVA; exact if every point has a result).")
                    BigDecimal importance,
            @JsonPropertyDescription("The share that noise alone would explain; absent if it is not known.")
                    BigDecimal noise,
            @JsonPropertyDescription(
                            "The metric by value. If there are more than 20 numbers, each entry is a range, named by its "
                                    + "smallest value.")
                    List<ValueSummary> values) {

        public ParameterSummary {
            importance = Decimals.asStored(importance);
            noise = Decimals.asStored(noise);
        }
    }

    /** The trials with one value of a hyperparameter. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ValueSummary(
            @JsonPropertyDescription("The value.") ParameterValue value,
            @JsonPropertyDescription("Number of trials that have a result.") int count,
            @JsonPropertyDescription("Mean of the metric.") BigDecimal mean,
            @JsonPropertyDescription("Best value of the metric.") BigDecimal best) {

        public ValueSummary {
            mean = Decimals.asStored(mean);
            best = Decimals.asStored(best);
        }
    }

    /** Values of the columns that kubectl prints. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Columns(
            @JsonPropertyDescription("Number of ended trials and of all trials, e.g. 12/40.") String trials,
            @JsonPropertyDescription("The best value, rounded to four digits.") String best,
            @JsonPropertyDescription("The best hyperparameters, shortened.") String bestParameters) {}
}
