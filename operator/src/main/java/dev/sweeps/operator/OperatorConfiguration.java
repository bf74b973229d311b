package dev.sweeps.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings from the chart, as environment variables {@code SWEEPS_...}. */
@ConfigMapping(prefix = "sweeps")
public interface OperatorConfiguration {

    /** Image that runs a trial whose sweep names none. */
    TrainerImage trainer();

    /** The default trainer image. */
    interface TrainerImage {
        String image();

        @WithDefault("IfNotPresent")
        String imagePullPolicy();
    }
}
