package dev.sweeps.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/** The point that a trial runs. It cannot change, because a trial is its parameters. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self == oldSelf",
        message =
                "spec of a Trial cannot be changed, because a Trial is its parameters; to run other values, add them to"
                        + " the parameters of the Sweep")
public record TrialSpec(
        @Required @JsonPropertyDescription("Every hyperparameter of this trial by name, constants included.")
                Map<String, ParameterValue> parameters,
        @Default("0") @Min(0) @Max(99) @JsonPropertyDescription("Number of the replicate, from 0.") Integer replicate,
        @Min(0)
                @Max(9_007_199_254_740_991.0)
                @JsonPropertyDescription(
                        "For random and bayes: the number of the point in running order, from 0. A point of a grid is "
                                + "identified by its parameters.")
                Long number) {

    public TrialSpec {
        parameters = parameters == null ? Map.of() : parameters;
        replicate = replicate == null ? 0 : replicate;
    }
}
