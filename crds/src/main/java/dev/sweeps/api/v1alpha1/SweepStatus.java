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
                @JsonPropertyDescription("The metadata.generation that this status speaks of.")
                Long observedGeneration,
        @JsonPropertyDescription("One word for people: Pending, Running, Suspended, Complete, Failed or Rejected.")
                State state,
        @JsonPropertyDescription(
                        "Accepted: the spec can be run; its message says what to mend when it cannot. Complete: every"
                                + " point has ended and at least one has a result. Failed: every point has ended and"
                                + " none has a result. Suspended: no new trials are started.")
                List<Condition> conditions,
        @JsonPropertyDescription("How many trials there are in each state; they add up to total.") TrialCounts trials,
        @JsonPropertyDescription(
                        "Once every trial has ended, or the sweep is suspended: the answer in a few sentences. How the"
                                + " groups compare, whether they want different hyperparameters, which hyperparameter"
                                + " matters, and which differences are no larger than noise.")
                String summary,
        @JsonPropertyDescription("The best trial so far.") Best best,
        @JsonPropertyDescription(
                        "For each combination of the values of groupBy: the best and the mean. The group with the best value"
                                + " comes first; as many as fit into 12 KB.")
                List<Group> groups,
        @JsonPropertyDescription("How many groups are left out of groups.") Integer groupsOmitted,
        @JsonPropertyDescription(
                        "Once every trial has ended, or the sweep is suspended: for each hyperparameter that varies, how"
                                + " much it matters, and the metric by its values. Those that matter most, as many as fit"
                                + " into 6 KB.")
                List<ParameterSummary> parameters,
        @JsonPropertyDescription("How many hyperparameters are left out of parameters.") Integer parametersOmitted,
        @JsonPropertyDescription("When the sweep was accepted.") String startTime,
        @JsonPropertyDescription("When its last trial ended.") String completionTime,
        @JsonPropertyDescription(
                        "While trials run: when the last one will have ended, if they take as long as those that have"
                                + " ended. It moves when a trial starts or ends.")
                String estimatedCompletionTime,
        @Min(0)
                @Max(9_007_199_254_740_991.0)
                @JsonPropertyDescription(
                        "Seconds for which trials that have ended held GPUs: their run time times gpu.count. Of a trial"
                                + " that was tried again, the last attempt counts.")
                Long gpuSeconds,
        @JsonPropertyDescription("What kubectl get sweeps prints.") Columns columns) {

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
            @JsonPropertyDescription("Points of the sweep.") int total,
            @JsonPropertyDescription("Not started yet: parallelism leaves no room, or the sweep is suspended.")
                    int waiting,
            @JsonPropertyDescription("Started, and waiting for a node, an image or a volume.") int pending,
            @JsonPropertyDescription("Waiting for admission by the queue.") int queued,
            @JsonPropertyDescription("Running.") int running,
            @JsonPropertyDescription("Ended with the metric.") int succeeded,
            @JsonPropertyDescription("Ended without a result.") int failed,
            @JsonPropertyDescription("Stopped early; they keep the value that they had.") int stopped) {}

    /** The best trial of a sweep or of a group. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Best(
            @JsonPropertyDescription("Name of the Trial.") String trial,
            @JsonPropertyDescription("Its metric.") BigDecimal value,
            @JsonPropertyDescription(
                            "Its hyperparameters, without those that are the same in every trial, as many as fit into 4 KB;"
                                    + " the Trial has them all.")
                    Map<String, ParameterValue> parameters,
            @JsonPropertyDescription("How many of the hyperparameters are left out of parameters.")
                    Integer parametersOmitted,
            @JsonPropertyDescription("How many other trials reached exactly the same value.") Integer ties) {

        public Best {
            value = Decimals.asStored(value);
        }
    }

    /** One combination of the values of {@code groupBy}. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Group(
            @JsonPropertyDescription("The values of groupBy that make the group.") Map<String, ParameterValue> group,
            @JsonPropertyDescription("Trials of the group that have a result.") int count,
            @JsonPropertyDescription("Mean of their metric.") BigDecimal mean,
            @JsonPropertyDescription("The best of them.") Best best) {

        public Group {
            mean = Decimals.asStored(mean);
        }
    }

    /** The effect of one hyperparameter on the metric. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record ParameterSummary(
            @JsonPropertyDescription("Its name.") String name,
            @JsonPropertyDescription(
                            "Its share of the variance of the metric over all trials, by itself, from 0 to 1 (functional"
                                    + " ANOVA; exact when every point has a result).")
                    BigDecimal importance,
            @JsonPropertyDescription("The share that noise alone is expected to give; absent where it is not known.")
                    BigDecimal noise,
            @JsonPropertyDescription(
                            "The metric by value. Of more than 20 numbers each entry is a range, named by its smallest value.")
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
            @JsonPropertyDescription("Trials that have a result.") int count,
            @JsonPropertyDescription("Mean of their metric.") BigDecimal mean,
            @JsonPropertyDescription("The best of it.") BigDecimal best) {

        public ValueSummary {
            mean = Decimals.asStored(mean);
            best = Decimals.asStored(best);
        }
    }

    /** Values of the columns that kubectl prints. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Columns(
            @JsonPropertyDescription("Trials that have ended, and all of them, e.g. 12/40.") String trials,
            @JsonPropertyDescription("The best value, rounded to four digits.") String best,
            @JsonPropertyDescription("The best hyperparameters, shortened.") String bestParameters) {}
}
