package dev.sweeps.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Size;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * One hyperparameter of a search space, in the words of the Weights and Biases sweep configuration.
 *
 * <p>{@code value} and {@code values} are kept as the JSON that the user wrote: what may stand there is judged by the operator,
 * which can answer with a sentence, and not by a deserializer, which would stop a whole informer.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Parameter(
        @PreserveUnknownFields
                @JsonPropertyDescription(
                        "One constant, handed to every trial: a number, a text, a boolean, null, a list or a map.")
                JsonNode value,
        @Size(min = 1)
                @JsonPropertyDescription(
                        "The values to try: numbers, texts, booleans, null, lists or maps, mixed as you like. 8 and 8.0 are"
                                + " the same value, true is not 1, and a value that is listed twice is tried once.")
                List<JsonNode> values,
        @JsonPropertyDescription("For random and bayes: how likely each of values is; as many as values, with sum 1.")
                List<BigDecimal> probabilities,
        @JsonPropertyDescription(
                        "Smallest value of a range. If min and max are whole numbers and no distribution is named, they mean"
                                + " whole numbers only, as in Weights & Biases; 0.0 and 1.0 are whole numbers to Kubernetes, so"
                                + " name the distribution uniform where you mean all between.")
                BigDecimal min,
        @JsonPropertyDescription("Largest value of a range.") BigDecimal max,
        @JsonPropertyDescription("How values are drawn, in the words of Weights & Biases: constant, categorical,"
                        + " categorical_w_probabilities, int_uniform, uniform, q_uniform, log_uniform (min and max are"
                        + " exponents of e), log_uniform_values (min and max are the values), q_log_uniform,"
                        + " q_log_uniform_values, inv_log_uniform, inv_log_uniform_values, normal, q_normal,"
                        + " log_normal, q_log_normal, beta or q_beta. A grid runs constant, categorical, int_uniform"
                        + " and q_uniform.")
                String distribution,
        @JsonPropertyDescription("Mean of a normal distribution, or of the logarithm for log_normal (default 0).")
                BigDecimal mu,
        @JsonPropertyDescription(
                        "Standard deviation of a normal distribution, or of the logarithm for log_normal (default 1).")
                BigDecimal sigma,
        @JsonPropertyDescription("First shape of a beta distribution (default 1).") BigDecimal a,
        @JsonPropertyDescription("Second shape of a beta distribution (default 1).") BigDecimal b,
        @JsonPropertyDescription("Values of a q_ distribution are rounded to multiples of it (default 1).")
                BigDecimal q,
        @JsonPropertyDescription(
                        "Nested parameters, each written like a parameter of the sweep. A trial gets them as a map in one"
                                + " argument, and its results name them with dots: optimizer.lr.")
                Map<String, JsonNode> parameters) {

    /** A parameter that only holds others. */
    public static Parameter nesting(Map<String, JsonNode> parameters) {
        return new Parameter(null, null, null, null, null, null, null, null, null, null, null, parameters);
    }
}
