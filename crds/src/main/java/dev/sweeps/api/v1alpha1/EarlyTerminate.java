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
@ValidationRule(value = "!has(self.eta) || self.eta > 1.0", message = "eta must be greater than 1", fieldPath = ".eta")
public record EarlyTerminate(
        @Required @JsonPropertyDescription("The algorithm: hyperband.") Type type,
        @Min(1)
                @Max(Integer.MAX_VALUE)
                @JsonPropertyDescription(
                        "First band: the number of reports of the metric after which a trial is first compared with the "
                                + "others. Each further band is eta times as far.")
                Integer minIter,
        @Min(1)
                @Max(Integer.MAX_VALUE)
                @JsonPropertyDescription(
                        "Number of reports that a trial makes in total. With s, bands are counted down from it, and "
                                + "minIter has no effect.")
                Integer maxIter,
        @Min(1) @Max(Integer.MAX_VALUE) @JsonPropertyDescription("Number of bands, with maxIter.") Integer s,
        @Min(1)
                @Max(Integer.MAX_VALUE)
                @JsonPropertyDescription(
                        "Factor between bands, greater than 1 (default 3). At each band the best 1/eta of the trials "
                                + "continue.")
                BigDecimal eta,
        @JsonPropertyDescription(
                        "Whether to compare the value at the band (true, the default) or the best value so far (false), "
                                + "which stops fewer trials.")
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
