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
                @JsonPropertyDescription("One constant, handed to every trial: a number, a text or a boolean.")
                JsonNode value,
        @Size(min = 1)
                @JsonPropertyDescription(
                        "The values to try: numbers, texts or booleans, one kind in one list. 8 and 8.0 are the same"
                                + " value, and a value that is listed twice is tried once.")
                List<JsonNode> values,
        @JsonPropertyDescription(
                        "Not run by this version. For random and bayes: how likely each of values is; as many as values, with sum 1.")
                List<BigDecimal> probabilities,
        @JsonPropertyDescription("Not run by this version. Smallest value of a range.") BigDecimal min,
        @JsonPropertyDescription("Not run by this version. Largest value of a range.") BigDecimal max,
        @JsonPropertyDescription(
                        "categorical (of values) and constant (of value) are run. Not run by this version: the distributions of a range, int_uniform, uniform, q_uniform, log_uniform,"
                                + " log_uniform_values, q_log_uniform, q_log_uniform_values, inv_log_uniform,"
                                + " inv_log_uniform_values, normal, q_normal, log_normal, q_log_normal or beta.")
                String distribution,
        @JsonPropertyDescription("Not run by this version. Mean of a normal or log_normal distribution.") BigDecimal mu,
        @JsonPropertyDescription("Not run by this version. Standard deviation of a normal or log_normal distribution.")
                BigDecimal sigma,
        @JsonPropertyDescription("Not run by this version. Step of a quantized (q_) distribution.") BigDecimal q,
        @JsonPropertyDescription(
                        "Not run by this version. Nested parameters, each written like a parameter of the sweep.")
                Map<String, JsonNode> parameters) {}
