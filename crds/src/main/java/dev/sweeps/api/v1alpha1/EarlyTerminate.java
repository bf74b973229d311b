package dev.sweeps.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.math.BigDecimal;

/** Stops poor trials before their end. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.minIter) || has(self.maxIter) && has(self.s)",
        message = "has no bands; give minIter, or maxIter with s")
@ValidationRule(
        value = "!has(self.eta) || self.eta > 1.0",
        message = "eta is not above 1; write a number that is",
        fieldPath = ".eta")
public record EarlyTerminate(
        @Required @JsonPropertyDescription("The algorithm: hyperband.") Type type,
        @Min(1)
                @Max(Integer.MAX_VALUE)
                @JsonPropertyDescription(
                        "First band: how many reports of the metric a trial has made when it is first compared with the others."
                                + " The next bands are eta times as far.")
                Integer minIter,
        @Min(1)
                @Max(Integer.MAX_VALUE)
                @JsonPropertyDescription(
                        "How many reports a trial makes in all; with s, bands are counted down from it, and minIter means nothing.")
                Integer maxIter,
        @Min(1) @Max(Integer.MAX_VALUE) @JsonPropertyDescription("How many bands there are; with maxIter.") Integer s,
        @Min(1)
                @Max(Integer.MAX_VALUE)
                @JsonPropertyDescription(
                        "Bands are eta times as far apart, and at each the best 1/eta of the trials go on; above 1 (default 3).")
                BigDecimal eta,
        @JsonPropertyDescription(
                        "Compare what a trial reported at the band (true, the default) or the best that it reported so far"
                                + " (false), which stops fewer.")
                Boolean strict) {

    public EarlyTerminate {
        eta = eta == null ? BigDecimal.valueOf(3) : eta;
        strict = strict == null || strict;
    }

    /** Early termination algorithms. */
    public enum Type {
        @JsonProperty("hyperband")
        HYPERBAND
    }
}
