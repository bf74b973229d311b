package dev.sweeps.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.math.BigDecimal;

/** The metric that a sweep optimizes. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Metric(
        @Required
                @Size(min = 1, max = 253)
                @JsonPropertyDescription(
                        "Name of the metric, exactly as the trial reports it, e.g. eval_acc. A trial that ends without"
                                + " reporting it is Failed with reason MetricMissing.")
                String name,
        @Default("minimize")
                @JsonPropertyDescription(
                        "maximize or minimize; minimize when not given, as in Weights & Biases. An accuracy wants"
                                + " maximize.")
                Goal goal,
        @JsonPropertyDescription("Start no more trials once one has reached this value; those that run finish.")
                BigDecimal target,
        @Default("last")
                @JsonPropertyDescription(
                        "Which of the values that a trial reports counts: last (default) or best of all it reported.")
                Select select,
        @Size(min = 1, max = 1024)
                @JsonPropertyDescription(
                        "Regular expression (RE2 syntax) that finds the metric in the log, for programs whose output is in no form that is"
                                + " read otherwise. The group value is the number; the optional groups name and step are the name of the"
                                + " metric and the training step. Example: Accuracy on test: (?P<value>[0-9.]+). Alternatives have groups of their"
                                + " own, which end with a number: value2, name2, step2. If a pattern is set, the log is read by"
                                + " it alone.")
                String pattern) {

    /** The direction of {@link Metric#goal()}. */
    public enum Goal {
        @JsonProperty("maximize")
        MAXIMIZE,
        @JsonProperty("minimize")
        MINIMIZE
    }

    /** Selects the reported value that counts. */
    public enum Select {
        @JsonProperty("last")
        LAST,
        @JsonProperty("best")
        BEST
    }

    /** Makes a metric without a pattern. */
    public Metric(String name, Goal goal, BigDecimal target, Select select) {
        this(name, goal, target, select, null);
    }

    public Metric {
        goal = goal == null ? Goal.MINIMIZE : goal;
        select = select == null ? Select.LAST : select;
    }
}
