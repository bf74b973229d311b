package dev.sweeps.trainer.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.sweeps.trainer.torch.TorchMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Examples with their tokens side by side and no padding between them, the longest example first. Only attention looks at an example as
 * a whole: for it the examples lie in groups of like length, each padded to its longest.
 *
 * @param ids {@code [tokens]}, int64
 * @param types {@code [tokens]}, int64
 * @param positions of each token in its example, {@code [tokens]}, int64
 * @param starts where each example begins, {@code [batch]}, int64
 * @param labels {@code [batch]}: int64 classes, or float32 scores of a regression
 * @param groups {@code [groups, 3]}, int64: tokens, examples and the longest example of each group
 * @param slots for each group, where its tokens lie among its padded ones, {@code [tokens]}, int64; empty where all are equally long
 * @param masks for each group, added to attention scores, {@code [examples, 1, 1, longest]}, float32: 0, or -1e9 for padding; empty where
 *     there is none
 * @param examples in this order
 */
public record PackedBatch(
        NDArray ids,
        NDArray types,
        NDArray positions,
        NDArray starts,
        NDArray labels,
        NDArray groups,
        List<NDArray> slots,
        List<NDArray> masks,
        List<Example> examples) {

    /** Stands for minus infinity: its softmax is exactly 0. */
    private static final float MASKED = -1e9f;

    /** Number of examples per attention group. Larger groups have more padding, smaller ones have more and smaller products. */
    private static final int GROUP = 4;

    /**
     * @param regression whether the labels are scores
     */
    public static PackedBatch of(NDManager manager, List<Example> examples, boolean regression) {
        List<Example> sorted = examples.stream()
                .sorted(Comparator.comparingInt(Example::length).reversed())
                .toList();
        int tokens = sorted.stream().mapToInt(Example::length).sum();
        long[] ids = new long[tokens];
        long[] types = new long[tokens];
        long[] positions = new long[tokens];
        long[] starts = new long[sorted.size()];
        int start = 0;
        for (int i = 0; i < sorted.size(); i++) {
            Example example = sorted.get(i);
            System.arraycopy(example.types(), 0, types, start, example.length());
            for (int j = 0; j < example.length(); j++) {
                ids[start + j] = example.ids()[j];
                positions[start + j] = j;
            }
            starts[i] = start;
            start += example.length();
        }
        List<List<Example>> groups = groups(sorted);
        return new PackedBatch(
                TorchMemory.longs(manager, ids, new Shape(tokens)),
                TorchMemory.longs(manager, types, new Shape(tokens)),
                TorchMemory.longs(manager, positions, new Shape(tokens)),
                TorchMemory.longs(manager, starts, new Shape(starts.length)),
                labels(manager, sorted, regression),
                TorchMemory.longs(manager, sizes(groups), new Shape(groups.size(), 3)),
                groups.stream().map(group -> slots(manager, group)).toList(),
                groups.stream().map(group -> mask(manager, group)).toList(),
                sorted);
    }

    private static List<List<Example>> groups(List<Example> sorted) {
        List<List<Example>> groups = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += GROUP) {
            groups.add(sorted.subList(from, Math.min(sorted.size(), from + GROUP)));
        }
        return groups;
    }

    private static NDArray labels(NDManager manager, List<Example> examples, boolean regression) {
        Shape shape = new Shape(examples.size());
        if (!regression) {
            return TorchMemory.longs(
                    manager,
                    examples.stream()
                            .mapToLong(example -> (long) example.label())
                            .toArray(),
                    shape);
        }
        float[] scores = new float[examples.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = examples.get(i).label();
        }
        return TorchMemory.floats(manager, scores, shape);
    }

    private static long[] sizes(List<List<Example>> groups) {
        return groups.stream()
                .flatMapToLong(group -> LongStream.of(tokens(group), group.size(), longest(group)))
                .toArray();
    }

    private static NDArray slots(NDManager manager, List<Example> group) {
        if (longest(group) == group.get(group.size() - 1).length()) {
            return TorchMemory.longs(manager, new long[0], new Shape(0));
        }
        LongStream slots = LongStream.empty();
        for (int i = 0; i < group.size(); i++) {
            long from = (long) i * longest(group);
            slots = LongStream.concat(
                    slots, LongStream.range(from, from + group.get(i).length()));
        }
        return TorchMemory.longs(manager, slots.toArray(), new Shape(tokens(group)));
    }

    private static NDArray mask(NDManager manager, List<Example> group) {
        int longest = longest(group);
        if (group.stream().allMatch(example -> example.attended() == longest)) {
            return TorchMemory.floats(manager, new float[0], new Shape(0));
        }
        float[] mask = new float[group.size() * longest];
        for (int i = 0; i < group.size(); i++) {
            Arrays.fill(mask, i * longest + group.get(i).attended(), (i + 1) * longest, MASKED);
        }
        return TorchMemory.floats(manager, mask, new Shape(group.size(), 1, 1, longest));
    }

    private static int tokens(List<Example> group) {
        return group.stream().mapToInt(Example::length).sum();
    }

    /** Returns the length of the first example, the longest, because they are sorted. */
    private static int longest(List<Example> group) {
        return group.get(0).length();
    }
}
