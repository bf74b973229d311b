package dev.sweeps.trainer.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.sweeps.trainer.torch.OptimizerScript;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdamWTest {
    private static final float[] START = {1f, -2f, 0.5f};
    private static final float[] SLOPE = {3f, -0.01f, 0f};

    /** The loss is slope . w + w . w / 2, so that the gradient is slope + w and changes from step to step. */
    @Test
    void twentyStepsAreThoseOfTransformers() {
        double[] weight = {1, -2, 0.5};
        double[] bias = {1, -2, 0.5};
        AdamByHand byHand = new AdamByHand();
        try (NDManager manager = NDManager.newBaseManager();
                OptimizerScript script = OptimizerScript.load()) {
            Map<String, NDArray> parameters = new LinkedHashMap<>();
            for (String name : new String[] {"dense.weight", "dense.bias"}) {
                NDArray array = manager.create(START);
                array.setRequiresGradient(true);
                parameters.put(name, array);
            }
            AdamW adam = new AdamW(parameters, script, 1e-6, 0.1);
            LinearSchedule schedule = new LinearSchedule(0.05, 0, 20);
            for (int step = 0; step < 20; step++) {
                try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                    NDArray slope = manager.create(SLOPE);
                    NDArray loss = manager.create(0f);
                    for (NDArray w : parameters.values()) {
                        loss = loss.add(slope.mul(w).sum()).add(w.square().sum().div(2));
                    }
                    gradients.backward(loss);
                }
                double norm = adam.step(manager, schedule.at(step), 1.0);
                assertThat(norm).isCloseTo(byHand.step(weight, bias, schedule.at(step)), within(1e-5));
            }
            for (int i = 0; i < 3; i++) {
                assertThat(parameters.get("dense.weight").toFloatArray()[i])
                        .isCloseTo((float) weight[i], within(1e-5f));
                assertThat(parameters.get("dense.bias").toFloatArray()[i]).isCloseTo((float) bias[i], within(1e-5f));
            }
        }
    }

    /** transformers 2.9, optimization.py, AdamW.step, and torch.nn.utils.clip_grad_norm_, line by line. */
    private static final class AdamByHand {
        private final double[] m = new double[6];
        private final double[] v = new double[6];
        private int t;

        double step(double[] weight, double[] bias, double lr) {
            t++;
            double[] gradient = new double[6];
            double squares = 0;
            for (int i = 0; i < 6; i++) {
                gradient[i] = SLOPE[i % 3] + (i < 3 ? weight[i] : bias[i - 3]);
                squares += gradient[i] * gradient[i];
            }
            double norm = Math.sqrt(squares);
            double scale = norm > 1 ? 1 / (norm + 1e-6) : 1;
            for (int i = 0; i < 6; i++) {
                double g = gradient[i] * scale;
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.999 * v[i] + 0.001 * g * g;
                double size = lr * Math.sqrt(1 - Math.pow(0.999, t)) / (1 - Math.pow(0.9, t));
                double[] p = i < 3 ? weight : bias;
                p[i % 3] -= size * m[i] / (Math.sqrt(v[i]) + 1e-6);
                if (i < 3) {
                    p[i % 3] -= lr * 0.1 * p[i % 3];
                }
            }
            return norm;
        }
    }

    @Test
    void biasesAndLayerNormsDoNotDecayAndDistilBertsNormsDo() {
        assertThat(AdamW.decays("bert.encoder.layer.0.output.LayerNorm.weight")).isFalse();
        assertThat(AdamW.decays("classifier.bias")).isFalse();
        assertThat(AdamW.decays("distilbert.transformer.layer.0.sa_layer_norm.weight"))
                .isTrue();
    }

    @Test
    void theScheduleCountsFromZeroAndEndsAtZero() {
        LinearSchedule schedule = new LinearSchedule(1, 2, 6);
        assertThat(new double[] {schedule.at(0), schedule.at(1), schedule.at(2), schedule.at(4), schedule.at(6)})
                .containsExactly(0, 0.5, 1, 0.5, 0);
    }
}
