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
                        "maximize or minimize. The default is minimize, as in Weights & Biases. Use maximize for an "
                                + "accuracy.")
                Goal goal,
        @JsonPropertyDescription("When a trial reaches this value, no more trials start. Running trials finish.")
                BigDecimal target,
        @Default("last")
                @JsonPropertyDescription(
                        "Which reported value of a trial counts: last (the default), or best of all that it reported.")
                Select select,
        @Size(min = 1, max = 1024)
                @JsonPropertyDescription(
                        "Regular expression (RE2 syntax) that finds the metric in the log, for programs whose output has"
                                + " no known form. The group value is the number. The optional groups name and step are the name "
                                + "of the metric and the training step. Example: Accuracy on test: (?P<value>[0-9.]+). Each "
                                + "alternative has its own groups, which end with a number: value2, name2, step2. If a pattern is "
                                + "set, only it reads the log.")
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
