package dev.sweeps.trainer.optim;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The learning rate over the steps: up from 0 over the warm-up, then down as the type says ({@code get_..._schedule_with_warmup} of
 * transformers' {@code optimization.py}; steps count from 0, as in PyTorch's LambdaLR).
 *
 * @param learningRate at its highest
 */
public record Schedule(Type type, double learningRate, int warmupSteps, int totalSteps) {

    /** Shape of the learning rate after the warm-up. */
    public enum Type {
        /** Down to 0 on a line. */
        LINEAR,
        /** Down to 0 on half a wave. */
        COSINE,
        /** Nothing. */
        CONSTANT;

        /** The type with this name, in lower case. */
        public static Optional<Type> named(String name) {
            return Arrays.stream(values())
                    .filter(type -> type.toString().equals(name))
                    .findFirst();
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The learning rate of a step, from 0. */
    public double at(int step) {
        if (step < warmupSteps) {
            return learningRate * step / Math.max(1, warmupSteps);
        }
        double afterWarmup = Math.max(1, totalSteps - warmupSteps);
        return learningRate
                * switch (type) {
                    case LINEAR -> Math.max(0, (totalSteps - step) / afterWarmup);
                    case COSINE -> Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (step - warmupSteps) / afterWarmup)));
                    case CONSTANT -> 1;
                };
    }
}
