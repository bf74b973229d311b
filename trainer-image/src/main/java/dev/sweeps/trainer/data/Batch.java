package dev.sweeps.trainer.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Examples side by side, padded to the longest of them. What is padded is masked, so that the numbers are those of a batch padded to
 * max_seq_length, only sooner.
 *
 * @param ids {@code [batch, seq]}, int64
 * @param types {@code [batch, seq]}, int64
 * @param mask {@code [batch, seq]}, float32: 1 for a token, 0 for padding
 * @param labels {@code [batch, 1]}, int64
 */
public record Batch(NDArray ids, NDArray types, NDArray mask, NDArray labels) {

    public static Batch of(NDManager manager, List<Example> examples) {
        int batch = examples.size();
        int seq = examples.stream().mapToInt(Example::length).max().orElseThrow();
        long[] ids = new long[batch * seq];
        long[] types = new long[batch * seq];
        float[] mask = new float[batch * seq];
        long[] labels = new long[batch];
        for (int i = 0; i < batch; i++) {
            Example example = examples.get(i);
            System.arraycopy(example.ids(), 0, ids, i * seq, example.length());
            System.arraycopy(example.types(), 0, types, i * seq, example.length());
            Arrays.fill(mask, i * seq, i * seq + example.length(), 1f);
            labels[i] = example.label();
        }
        Shape shape = new Shape(batch, seq);
        return new Batch(
                owned(manager.create(ids, shape)),
                owned(manager.create(types, shape)),
                owned(manager.create(mask, shape)),
                owned(manager.create(labels, new Shape(batch, 1))));
    }

    /**
     * A copy in memory of PyTorch's own. An array made of Java's values lies in a buffer that the garbage collector may free while PyTorch
     * still reads it, and so does DJL's duplicate() of one.
     */
    private static NDArray owned(NDArray java) {
        try (java) {
            return java.add(0);
        }
    }
}
