package dev.sweeps.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Nullable;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * One hyperparameter of a search space, in the words of the Weights and Biases sweep configuration.
 *
 * <p>{@code value} and {@code values} are kept as the JSON that the user wrote. The operator validates them and can answer with a sentence. A
 * deserializer would stop a whole informer.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.min) || !has(self.max) || self.min < self.max",
        message = "min must be less than max; correct one of them",
        fieldPath = ".min")
@ValidationRule(
        value = "has(self.min) == has(self.max)",
        message = "min and max belong together; give both ends of the range")
@ValidationRule(
        value =
                "!has(self.distribution) || self.distribution in ['constant', 'categorical', 'categorical_w_probabilities', 'int_uniform', 'uniform', 'q_uniform', 'log_uniform', 'log_uniform_values', 'q_log_uniform', 'q_log_uniform_values', 'inv_log_uniform', 'inv_log_uniform_values', 'normal', 'q_normal', 'log_normal', 'q_log_normal', 'beta', 'q_beta']",
        message =
                "is not a distribution; use one of constant, categorical, categorical_w_probabilities, int_uniform, uniform, q_uniform, log_uniform, log_uniform_values, q_log_uniform, q_log_uniform_values, inv_log_uniform, inv_log_uniform_values, normal, q_normal, log_normal, q_log_normal, beta, q_beta",
        fieldPath = ".distribution")
@ValidationRule(
        value =
                "!has(self.distribution) || !self.distribution.endsWith('uniform') && !self.distribution.endsWith('uniform_values') || has(self.min)",
        message = "a uniform distribution needs min and max; give them")
@ValidationRule(
        value =
                "!has(self.distribution) || !self.distribution.endsWith('uniform_values') || !has(self.min) || self.min > 0.0",
        message = "min has no logarithm; write a number above 0",
        fieldPath = ".min")
@ValidationRule(
        value = "!has(self.q) || has(self.distribution) && self.distribution.startsWith('q_')",
        message = "q is for the distributions whose names begin with q_ only; remove it, or name such a distribution",
        fieldPath = ".q")
@ValidationRule(value = "!has(self.q) || self.q > 0.0", message = "q must be greater than 0", fieldPath = ".q")
@ValidationRule(
        value = "!has(self.sigma) || self.sigma > 0.0",
        message = "sigma must be greater than 0",
        fieldPath = ".sigma")
@ValidationRule(
        value = "!(has(self.mu) || has(self.sigma)) || has(self.distribution) && self.distribution.endsWith('normal')",
        message =
                "mu and sigma are for the distributions normal, log_normal, q_normal and q_log_normal only; remove them, or name one of these")
@ValidationRule(
        value = "!(has(self.a) || has(self.b)) || has(self.distribution) && self.distribution.endsWith('beta')",
        message = "a and b are for the distributions beta and q_beta only; remove them, or name one of these")
public record Parameter(
        @PreserveUnknownFields
                @Nullable
                @JsonPropertyDescription(
                        "A constant for every trial: a number, a text, a boolean, null, a list or a map.")
                JsonNode value,
        @Size(min = 1)
                @JsonPropertyDescription(
                        "The values to try: numbers, texts, booleans, null, lists or maps, in any mixture. 8 and 8.0 are"
                                + " the same value; true is not 1. A grid runs a value that is listed twice once; random draws it "
                                + "twice as often.")
                List<JsonNode> values,
        @JsonPropertyDescription("For random and bayes: the probability of each of the values. The sum is 1.")
                List<BigDecimal> probabilities,
        @JsonPropertyDescription(
                        "Smallest value of a range. If min and max are whole numbers and there is not a distribution, only "
                                + "whole numbers are drawn, as in Weights & Biases. Kubernetes treats 0.0 and 1.0 as whole "
                                + "numbers; set distribution to uniform for all numbers between them.")
                BigDecimal min,
        @JsonPropertyDescription("Largest value of a range.") BigDecimal max,
        @JsonPropertyDescription(
                        "Distribution of the values, with the names of Weights & Biases: constant, categorical, "
                                + "categorical_w_probabilities, int_uniform, uniform, q_uniform, log_uniform (min and max are "
                                + "exponents of e), log_uniform_values (min and max are the values), q_log_uniform, "
                                + "q_log_uniform_values, inv_log_uniform, inv_log_uniform_values, normal, q_normal, log_normal, "
                                + "q_log_normal, beta or q_beta. A grid runs constant, categorical, int_uniform and q_uniform.")
                @Size(max = 64)
                String distribution,
        @JsonPropertyDescription("Mean of a normal distribution, or of the logarithm for log_normal (default 0).")
                BigDecimal mu,
        @JsonPropertyDescription(
                        "Standard deviation of a normal distribution, or of the logarithm for log_normal (default 1).")
                BigDecimal sigma,
        @JsonPropertyDescription("First shape of a beta distribution (default 1).") BigDecimal a,
        @JsonPropertyDescription("Second shape of a beta distribution (default 1).") BigDecimal b,
        @JsonPropertyDescription("Values of a q_ distribution are rounded to multiples of q (default 1).") BigDecimal q,
        @JsonPropertyDescription(
                        "Nested parameters, each written like a parameter of the sweep. A trial gets them as a map in "
                                + "one argument. Results name them with dots: optimizer.lr.")
                Map<String, JsonNode> parameters) {

    /** Makes a parameter that only contains other parameters. */
    public static Parameter nesting(Map<String, JsonNode> parameters) {
        return new Parameter(null, null, null, null, null, null, null, null, null, null, null, parameters);
    }
}
