package dev.sweeps.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How points are chosen from the search space. */
public enum Method {
    @JsonProperty("grid")
    GRID,
    @JsonProperty("random")
    RANDOM,
    @JsonProperty("bayes")
    BAYES;

    /** Returns the word in the YAML of a sweep. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
