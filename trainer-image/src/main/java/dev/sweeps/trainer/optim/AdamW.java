package dev.sweeps.trainer.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.sweeps.trainer.torch.OptimizerScript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2017, arXiv:1711.05101). Parameters whose name contains {@code bias} or
 * {@code LayerNorm.weight} do not decay.
 */
public final class AdamW {
    private static final double BETA2 = 0.999;

    /** The library whose AdamW is computed. */
    public enum Variant {
        /** transformers 2.9 ({@code optimization.py}): epsilon is added to sqrt(v) before the bias correction, and decay comes after the update. */
        ADAMW_HF,
        /** {@code torch.optim.AdamW}: epsilon is added after the bias correction, and decay comes before the update. */
        ADAMW_TORCH;

        /** The variant with this name, in lower case. */
        public static Optional<Variant> named(String name) {
            return Arrays.stream(values())
                    .filter(variant -> variant.toString().equals(name))
                    .findFirst();
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<String, NDArray> parameters;
    private final OptimizerScript script;
    private final Variant variant;
    private final double epsilon;
    private final double weightDecay;

    private final Map<String, NDArray> first = new LinkedHashMap<>();
    private final Map<String, NDArray> second = new LinkedHashMap<>();
    private final List<NDArray> counters = new ArrayList<>();
    private final List<NDArray> decaying = new ArrayList<>();
    private int steps;

    public AdamW(
            Map<String, NDArray> parameters,
            OptimizerScript script,
            Variant variant,
            double epsilon,
            double weightDecay) {
        this.parameters = parameters;
        this.script = script;
        this.variant = variant;
        this.epsilon = epsilon;
        this.weightDecay = weightDecay;
        parameters.forEach((name, weight) -> {
            first.put(name, weight.zerosLike());
            second.put(name, weight.zerosLike());
            counters.add(OptimizerScript.counter(weight.getManager()));
            if (decays(name)) {
                decaying.add(weight);
            }
        });
    }

    /**
     * Scales the gradient of all parameters together down to a norm if it is longer ({@code torch.nn.utils.clip_grad_norm_}).
     *
     * @param scratch for what is needed during the call only
     * @return the norm before that
     */
    public double clip(NDManager scratch, Gradients gradients, double maxNorm) {
        double norm = script.norm(scratch, gradients.sums());
        if (norm > maxNorm) {
            script.scale(gradients.sums(), maxNorm / (norm + 1e-6));
        }
        return norm;
    }

    /** One update. */
    public void step(Gradients gradients, double learningRate) {
        steps++;
        if (variant == Variant.ADAMW_TORCH) {
            decay(learningRate);
        }
        script.adam(
                List.copyOf(parameters.values()),
                gradients.sums(),
                List.copyOf(first.values()),
                List.copyOf(second.values()),
                counters,
                learningRate,
                variant == Variant.ADAMW_HF ? epsilonAsPyTorchPlacesIt() : epsilon);
        if (variant == Variant.ADAMW_HF) {
            decay(learningRate);
        }
    }

    /** The name of the parameter with the longest gradient; one that is no longer a number counts as the longest. */
    public String longestGradient(NDManager scratch, Gradients gradients) {
        String longest = "";
        double length = -1;
        int i = 0;
        for (String name : parameters.keySet()) {
            double norm = script.norm(scratch, List.of(gradients.sums().get(i++)));
            if (!Double.isFinite(norm)) {
                return name;
            }
            if (norm > length) {
                length = norm;
                longest = name;
            }
        }
        return longest;
    }

    /** The moments by the name of their parameter, to be kept and set again. */
    public Map<String, NDArray> firstMoments() {
        return first;
    }

    /** Returns the second moments, like {@link #firstMoments}. */
    public Map<String, NDArray> secondMoments() {
        return second;
    }

    /** Goes on as if so many steps were done; the moments are set by whoever kept them. */
    public void resume(int stepsDone) {
        steps = stepsDone;
        counters.forEach(counter -> script.set(counter, stepsDone));
    }

    static boolean decays(String name) {
        return !name.contains("bias") && !name.contains("LayerNorm.weight");
    }

    private void decay(double learningRate) {
        if (weightDecay > 0) {
            script.scale(decaying, 1 - learningRate * weightDecay);
        }
    }

    /**
     * PyTorch divides by sqrt(v / c) + eps', transformers 2.9 by (sqrt(v) + eps) / sqrt(c), where c = 1 - beta2^t: the same with
     * eps' = eps / sqrt(c).
     */
    private double epsilonAsPyTorchPlacesIt() {
        return epsilon / Math.sqrt(1 - Math.pow(BETA2, steps));
    }
}
