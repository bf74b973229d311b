package dev.sweeps.trainer.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.sweeps.trainer.torch.TorchMemory;
import java.util.Arrays;
import java.util.List;

/**
 * Examples side by side, padded to the longest of them. What is padded is masked, so that the numbers are those of a batch padded to
 * max_seq_length, only sooner.
 *
 * @param ids {@code [batch, seq]}, int64
 * @param types {@code [batch, seq]}, int64
 * @param mask {@code [batch, seq]}, float32, added to attention scores: 0 for a token, -1e9 for padding
 * @param labels {@code [batch, 1]}, int64
 */
public record Batch(NDArray ids, NDArray types, NDArray mask, NDArray labels) {
    /** As good as minus infinity: its softmax is 0, exactly. */
    private static final float MASKED = -1e9f;

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
            Arrays.fill(mask, i * seq + example.length(), (i + 1) * seq, MASKED);
            labels[i] = example.label();
        }
        Shape shape = new Shape(batch, seq);
        return new Batch(
                TorchMemory.longs(manager, ids, shape),
                TorchMemory.longs(manager, types, shape),
                TorchMemory.floats(manager, mask, shape),
                TorchMemory.longs(manager, labels, new Shape(batch, 1)));
    }
}
