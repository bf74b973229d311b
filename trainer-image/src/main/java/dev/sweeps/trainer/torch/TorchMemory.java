package dev.sweeps.trainer.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;

/**
 * Tensors in memory that PyTorch allocated itself. What DJL makes of a number or an array of Java's lies in a direct buffer, which the
 * garbage collector frees as soon as Java no longer looks at it, though autograd may still: the backward pass then reads what lies there
 * by chance. So nothing that takes part in a graph is made of Java's values, not even the number in {@code x.mul(0.5f)}.
 */
public final class TorchMemory {
    private TorchMemory() {}

    /** A float32 tensor of these values, row by row. */
    public static NDArray floats(NDManager manager, float[] values, Shape shape) {
        return copy(manager.create(values, shape));
    }

    /** A float32 tensor of these bytes, little-endian, row by row. */
    public static NDArray floats(NDManager manager, ByteBuffer values, Shape shape) {
        return copy(manager.create(values, shape, DataType.FLOAT32));
    }

    /** An int64 tensor of these values, row by row. */
    public static NDArray longs(NDManager manager, long[] values, Shape shape) {
        return copy(manager.create(values, shape));
    }

    /** A float32 scalar. */
    public static NDArray scalar(NDManager manager, double value) {
        return manager.full(new Shape(), (float) value);
    }

    /** DJL's {@code duplicate()} would share the memory of what it copies. */
    private static NDArray copy(NDArray java) {
        try (java) {
            return java.add(0);
        }
    }
}
