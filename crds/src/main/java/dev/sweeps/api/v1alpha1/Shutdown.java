package dev.sweeps.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a sweep is ended before all its points have run. */
public enum Shutdown {
    /** No new trials; running ones finish. */
    @JsonProperty("Stop")
    STOP,
    /** Running trials are deleted; results are kept. */
    @JsonProperty("Cancel")
    CANCEL;

    /** The word in a sweep's YAML. */
    public String word() {
        return this == STOP ? "Stop" : "Cancel";
    }
}
