package dev.sweeps.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a sweep ends before all its points have run. */
public enum Shutdown {
    /** No new trials start; running ones finish. */
    @JsonProperty("Stop")
    STOP,
    /** Running trials are ended; results are kept. */
    @JsonProperty("Cancel")
    CANCEL;

    /** Returns the word in the YAML of a sweep. */
    public String word() {
        return this == STOP ? "Stop" : "Cancel";
    }
}
