package dev.sweeps.trainer.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.List;
import java.util.Map;

/** Operations over lists of tensors, in place: {@code optimizer.py}. */
public final class OptimizerScript implements AutoCloseable {
    private final TorchScript script;

    private OptimizerScript(TorchScript script) {
        this.script = script;
    }

    public static OptimizerScript load() {
        return new OptimizerScript(TorchScript.load("optimizer.py", Map.of()));
    }

    /** The Euclidean norm of all tensors as one vector. */
    public double norm(NDManager scratch, List<NDArray> tensors) {
        try (IValue list = TorchScript.list(tensors);
                IValue norm = script.call("norm", list)) {
            return norm.toTensor((PtNDManager) scratch).getFloat();
        }
    }

    /** Multiplies all tensors. */
    public void scale(List<NDArray> tensors, double factor) {
        try (IValue list = TorchScript.list(tensors);
                IValue value = IValue.from(factor)) {
            script.call("scale_", list, value).close();
        }
    }

    /** Adds to each tensor the one at its place in the other list. */
    public void add(List<NDArray> tensors, List<NDArray> more) {
        try (IValue list = TorchScript.list(tensors);
                IValue others = TorchScript.list(more)) {
            script.call("add_", list, others).close();
        }
    }

    /** Sets a tensor to the values of another one. */
    public void copy(NDArray tensor, NDArray values) {
        try (IValue list = TorchScript.list(List.of(tensor, values))) {
            script.call("copy_", list).close();
        }
    }

    /** Sets a tensor to a number, everywhere. */
    public void set(NDArray tensor, double value) {
        try (IValue list = TorchScript.list(List.of(tensor));
                IValue number = IValue.from(value)) {
            script.call("fill_", list, number).close();
        }
    }

    /**
     * One step of Adam without decay: {@code p -= lr * m' / (sqrt(v') + eps)} with bias-corrected moments, PyTorch's placement of epsilon.
     *
     * @param steps a scalar for each weight, counted up here
     */
    public void adam(
            List<NDArray> weights,
            List<NDArray> gradients,
            List<NDArray> first,
            List<NDArray> second,
            List<NDArray> steps,
            double learningRate,
            double epsilon) {
        try (IValue w = TorchScript.list(weights);
                IValue g = TorchScript.list(gradients);
                IValue m = TorchScript.list(first);
                IValue v = TorchScript.list(second);
                IValue t = TorchScript.list(steps);
                IValue lr = IValue.from(learningRate);
                IValue eps = IValue.from(epsilon)) {
            script.call("adam_", w, g, m, v, t, lr, eps).close();
        }
    }

    /** A counter for {@link #adam}: a scalar zero. */
    public static NDArray counter(NDManager manager) {
        return manager.zeros(new Shape());
    }

    @Override
    public void close() {
        script.close();
    }
}
