package dev.sweeps.trainer.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.sweeps.trainer.torch.OptimizerScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code AdamW} of transformers 2.9 ({@code optimization.py}): Adam with epsilon added to sqrt(v) before the bias correction, and decay
 * applied after the update ({@code p -= lr * weight_decay * p}), not to parameters whose name contains {@code bias} or
 * {@code LayerNorm.weight}.
 */
public final class AdamW {
    private static final double BETA2 = 0.999;

    private final Map<String, NDArray> parameters;
    private final OptimizerScript script;
    private final double epsilon;
    private final double weightDecay;

    private final List<NDArray> weights = new ArrayList<>();
    private final List<NDArray> gradients = new ArrayList<>();
    private final List<NDArray> first = new ArrayList<>();
    private final List<NDArray> second = new ArrayList<>();
    private final List<NDArray> counters = new ArrayList<>();
    private final List<NDArray> decaying = new ArrayList<>();
    private int steps;

    public AdamW(Map<String, NDArray> parameters, OptimizerScript script, double epsilon, double weightDecay) {
        this.parameters = parameters;
        this.script = script;
        this.epsilon = epsilon;
        this.weightDecay = weightDecay;
    }

    /**
     * One update, after which the gradients are zero.
     *
     * @param scratch for what is needed during the step only
     * @param maxNorm the gradient of all parameters together is scaled down to this norm if it is longer
     *     ({@code torch.nn.utils.clip_grad_norm_})
     * @return the norm before that
     */
    public double step(NDManager scratch, double learningRate, double maxNorm) {
        if (weights.isEmpty()) {
            prepare();
        }
        double norm = script.norm(scratch, gradients);
        if (norm > maxNorm) {
            script.scale(gradients, maxNorm / (norm + 1e-6));
        }
        steps++;
        script.adam(weights, gradients, first, second, counters, learningRate, epsilonAsPyTorchPlacesIt());
        if (weightDecay > 0) {
            script.scale(decaying, 1 - learningRate * weightDecay);
        }
        script.zero(gradients);
        return norm;
    }

    /**
     * PyTorch divides by sqrt(v / c) + eps', transformers 2.9 by (sqrt(v) + eps) / sqrt(c), where c = 1 - beta2^t: the same with
     * eps' = eps / sqrt(c).
     */
    private double epsilonAsPyTorchPlacesIt() {
        return epsilon / Math.sqrt(1 - Math.pow(BETA2, steps));
    }

    /**
     * Gradients are there after the first backward pass. They are fetched once, because each call of getGradient keeps a native handle.
     */
    private void prepare() {
        parameters.forEach((name, weight) -> {
            weights.add(weight);
            gradients.add(weight.getGradient());
            first.add(weight.zerosLike());
            second.add(weight.zerosLike());
            counters.add(OptimizerScript.counter(weight.getManager()));
            if (decays(name)) {
                decaying.add(weight);
            }
        });
    }

    static boolean decays(String name) {
        return !name.contains("bias") && !name.contains("LayerNorm.weight");
    }
}
