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
import java.util.TreeMap;

/** The observed state of a trial. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TrialStatus(
        @JsonPropertyDescription("Pending, Queued, Running, Succeeded, Failed or Stopped.") State state,
        @JsonPropertyDescription(
                        "Why the trial failed or waits, or a remark about its success, in one word: Unschedulable, "
                                + "ImagePullBackOff, OOMKilled, Error, MetricMissing, Diverged, Collapsed, DeadlineExceeded, ...")
                String reason,
        @JsonPropertyDescription("The reason in a sentence, with the last lines of the log of a failed trial.")
                String message,
        @JsonPropertyDescription("The metric of the sweep, as this trial reported it.") BigDecimal value,
        @JsonPropertyDescription(
                        "The last value of every metric that the trial reported, at most 64 of them, the metric of the"
                                + " sweep among them.")
                Map<String, BigDecimal> metrics,
        @JsonPropertyDescription("Number of metrics that are left out of metrics.") Integer metricsOmitted,
        @Min(-9_007_199_254_740_991.0)
                @Max(9_007_199_254_740_991.0)
                @JsonPropertyDescription("The training step of the last report.")
                Long step,
        @JsonPropertyDescription("The metric of the sweep over the steps, thinned to at most 64 points.")
                List<MetricPoint> history,
        @JsonPropertyDescription("With earlyTerminate: number of reported values of the metric of the sweep.")
                Integer reports,
        @JsonPropertyDescription("With earlyTerminate: the metric of the sweep at the bands that were reached.")
                List<Band> bands,
        @JsonPropertyDescription(
                        "With earlyTerminate: when the metric of the sweep was reported last, by the kubelet's clock.")
                String lastReportTime,
        @JsonPropertyDescription("Number of Pods that were started for this trial.") Integer attempts,
        @JsonPropertyDescription(
                        "Number of these Pods that were lost to evictions, preemptions, deletions or node failures. They"
                                + " use up no retry.")
                Integer disruptions,
        @JsonPropertyDescription("Name of the last Pod that was lost.") String disruptedPod,
        @JsonPropertyDescription("Name of the Job.") String job,
        @JsonPropertyDescription("Name of the Pod that ran last.") String pod,
        @JsonPropertyDescription("Node of that Pod.") String node,
        @Min(Integer.MIN_VALUE) @Max(Integer.MAX_VALUE) @JsonPropertyDescription("Exit code of the trainer container.")
                Integer exitCode,
        @JsonPropertyDescription("When the trainer container started.") String startTime,
        @JsonPropertyDescription("When the trial ended.") String completionTime,
        @JsonPropertyDescription("Complete: the trial has its result. Failed: it ended without one.")
                List<Condition> conditions,
        @JsonPropertyDescription("Columns of kubectl get trials.") Columns columns) {

    /** Reason of a trial whose metric was not a number. */
    public static final String DIVERGED = "Diverged";

    /** Reason of a trial that succeeded with a classifier that gives every example the same answer. */
    public static final String COLLAPSED = "Collapsed";

    public TrialStatus {
        value = Decimals.asStored(value);
        if (metrics != null) {
            Map<String, BigDecimal> stored = new TreeMap<>();
            metrics.forEach((name, metric) -> stored.put(name, Decimals.asStored(metric)));
            metrics = stored;
        }
        if (history != null) {
            // A status can be written by others, so points without a value are removed.
            history = history.stream().filter(point -> point.value() != null).toList();
        }
        if (bands != null) {
            bands = bands.stream().filter(band -> band.value() != null).toList();
        }
    }

    /** Returns a builder with the state. */
    public static Builder builder(State state) {
        return new Builder(state);
    }

    /** Builds a status. Fields that are not set are absent. */
    public static final class Builder {
        private final State state;
        private String reason;
        private String message;
        private BigDecimal value;
        private Map<String, BigDecimal> metrics;
        private Integer metricsOmitted;
        private Long step;
        private List<MetricPoint> history;
        private Integer reports;
        private List<Band> bands;
        private String lastReportTime;
        private Integer attempts;
        private Integer disruptions;
        private String disruptedPod;
        private String job;
        private String pod;
        private String node;
        private Integer exitCode;
        private String startTime;
        private String completionTime;
        private List<Condition> conditions;
        private Columns columns;

        private Builder(State state) {
            this.state = state;
        }

        /** Sets one word and a sentence; both may be null. */
        public Builder because(String word, String sentence) {
            this.reason = word;
            this.message = sentence;
            return this;
        }

        public Builder value(BigDecimal metric) {
            this.value = metric;
            return this;
        }

        /** Sets the last value of each metric, and how many metrics are left out (null for none). */
        public Builder metrics(Map<String, BigDecimal> byName, Integer omitted) {
            this.metrics = byName;
            this.metricsOmitted = omitted;
            return this;
        }

        public Builder progress(Long lastStep, List<MetricPoint> points) {
            this.step = lastStep;
            this.history = points;
            return this;
        }

        /** Sets the count and the values at bands; both are null without early termination. */
        public Builder bands(Integer reported, List<Band> reached) {
            this.reports = reported == null || reported == 0 ? null : reported;
            this.bands = reached;
            return this;
        }

        /** Sets a time, RFC 3339; null without early termination, or if it is not known. */
        public Builder lastReport(String time) {
            this.lastReportTime = time;
            return this;
        }

        public Builder attempts(Integer pods) {
            this.attempts = pods;
            return this;
        }

        /** Sets the number of Pods lost to disruptions (null or 0 for none) and the name of the last one (null for none). */
        public Builder disruptions(Integer lost, String lastPod) {
            this.disruptions = lost == null || lost == 0 ? null : lost;
            this.disruptedPod = lastPod;
            return this;
        }

        /** Sets where the trial runs or ran. */
        public Builder ranAs(String jobName, String podName, String nodeName) {
            this.job = jobName;
            this.pod = podName;
            this.node = nodeName;
            return this;
        }

        public Builder exitCode(Integer code) {
            this.exitCode = code;
            return this;
        }

        /** Sets times, RFC 3339; null if they have not come yet. */
        public Builder times(String started, String ended) {
            this.startTime = started;
            this.completionTime = ended;
            return this;
        }

        public Builder conditions(List<Condition> all) {
            this.conditions = all;
            return this;
        }

        public Builder columns(Columns printed) {
            this.columns = printed;
            return this;
        }

        public TrialStatus build() {
            return new TrialStatus(
                    state,
                    reason,
                    message,
                    value,
                    metrics,
                    metricsOmitted,
                    step,
                    history,
                    reports,
                    bands,
                    lastReportTime,
                    attempts,
                    disruptions,
                    disruptedPod,
                    job,
                    pod,
                    node,
                    exitCode,
                    startTime,
                    completionTime,
                    conditions,
                    columns);
        }
    }

    /** States of a trial. */
    public enum State {
        @JsonProperty("Pending")
        PENDING,
        @JsonProperty("Queued")
        QUEUED,
        @JsonProperty("Running")
        RUNNING,
        @JsonProperty("Succeeded")
        SUCCEEDED,
        @JsonProperty("Failed")
        FAILED,
        @JsonProperty("Stopped")
        STOPPED;

        /** Whether the trial has ended. */
        public boolean ended() {
            return this == SUCCEEDED || this == FAILED || this == STOPPED;
        }

        /** Returns the word in the status. */
        public String word() {
            return name().charAt(0) + name().substring(1).toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** One report of the metric. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record MetricPoint(
            @Min(-9_007_199_254_740_991.0)
                    @Max(9_007_199_254_740_991.0)
                    @JsonPropertyDescription("Training step, or the number of the report if the trial reports no step.")
                    long step,
            @JsonPropertyDescription("The metric at that step.") BigDecimal value) {

        public MetricPoint {
            value = Decimals.asStored(value);
        }
    }

    /** The metric at a band of an early termination. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Band(
            @JsonPropertyDescription("The number of the report, from 1.") int report,
            @JsonPropertyDescription("The metric in that report.") BigDecimal value) {

        public Band {
            value = Decimals.asStored(value);
        }
    }

    /** Values of the columns that kubectl prints. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Columns(
            @JsonPropertyDescription("The metric, rounded to four digits.") String value,
            @JsonPropertyDescription("The hyperparameters that differ between trials.") String parameters) {}
}
