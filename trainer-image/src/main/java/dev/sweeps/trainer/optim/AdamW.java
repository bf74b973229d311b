package dev.sweeps.trainer.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code AdamW} of transformers 2.9 ({@code optimization.py}): Adam with epsilon added to sqrt(v) before the bias correction, and decay
 * applied after the update ({@code p -= lr * weight_decay * p}), not to parameters whose name contains {@code bias} or
 * {@code LayerNorm.weight}.
 */
public final class AdamW {
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;

    /** One parameter, its gradient (DJL clears it in place) and its moments. */
    private record Slot(NDArray weight, NDArray gradient, NDArray first, NDArray second, boolean decays) {}

    private final Map<String, NDArray> parameters;
    private final double epsilon;
    private final double weightDecay;
    private final List<Slot> slots = new ArrayList<>();
    private int steps;

    public AdamW(Map<String, NDArray> parameters, double epsilon, double weightDecay) {
        this.parameters = parameters;
        this.epsilon = epsilon;
        this.weightDecay = weightDecay;
    }

    /**
     * One update.
     *
     * @param maxNorm the gradient of all parameters together is scaled down to this norm if it is longer
     *     ({@code torch.nn.utils.clip_grad_norm_})
     * @return the norm before that
     */
    public double step(NDManager manager, double learningRate, double maxNorm) {
        if (slots.isEmpty()) {
            fillSlots();
        }
        double norm = norm(manager);
        float scale = norm > maxNorm ? (float) (maxNorm / (norm + 1e-6)) : 1f;
        steps++;
        double corrected = learningRate * Math.sqrt(1 - Math.pow(BETA2, steps)) / (1 - Math.pow(BETA1, steps));
        for (Slot slot : slots) {
            NDArray weight = slot.weight;
            weight.getNDArrayInternal()
                    .adamUpdate(
                            new NDList(weight, slot.gradient, slot.first, slot.second),
                            new NDList(weight),
                            (float) learningRate,
                            (float) corrected,
                            0f,
                            scale,
                            -1f,
                            BETA1,
                            BETA2,
                            (float) epsilon,
                            true,
                            true);
            if (slot.decays && weightDecay > 0) {
                weight.muli((float) (1 - learningRate * weightDecay));
            }
        }
        return norm;
    }

    /** Gradients are fetched once: each call of getGradient keeps a native handle. They are there after the first backward pass. */
    private void fillSlots() {
        parameters.forEach((name, weight) -> slots.add(
                new Slot(weight, weight.getGradient(), weight.zerosLike(), weight.zerosLike(), decays(name))));
    }

    static boolean decays(String name) {
        return !name.contains("bias") && !name.contains("LayerNorm.weight");
    }

    /** Of all gradients as one vector. */
    private double norm(NDManager manager) {
        try (NDManager scratch = manager.newSubManager()) {
            NDList norms = new NDList(slots.size());
            for (Slot slot : slots) {
                NDArray norm = slot.gradient.norm();
                norm.attach(scratch);
                norms.add(norm);
            }
            return NDArrays.stack(norms).norm().getFloat();
        }
    }
}
