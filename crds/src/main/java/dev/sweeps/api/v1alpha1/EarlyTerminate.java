package dev.sweeps.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** When a poor trial is stopped before its end. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EarlyTerminate(
        @Required @JsonPropertyDescription("The algorithm: hyperband.") Type type,
        @Min(1)
                @Max(Integer.MAX_VALUE)
                @JsonPropertyDescription("First iteration at which a trial is compared with the others.")
                Integer minIter,
        @Min(1)
                @Max(Integer.MAX_VALUE)
                @JsonPropertyDescription("Last iteration of a trial; with s, brackets are counted down from it.")
                Integer maxIter,
        @Min(1) @Max(Integer.MAX_VALUE) @JsonPropertyDescription("Number of brackets; only with maxIter.") Integer s,
        @Min(2)
                @Max(Integer.MAX_VALUE)
                @JsonPropertyDescription("Bracket multiplier: one trial in eta survives a bracket (default 3).")
                Integer eta,
        @JsonPropertyDescription("Stop every trial below the threshold at once, as in the original Hyperband paper.")
                Boolean strict) {

    /** Early termination algorithms. */
    public enum Type {
        @JsonProperty("hyperband")
        HYPERBAND
    }
}
