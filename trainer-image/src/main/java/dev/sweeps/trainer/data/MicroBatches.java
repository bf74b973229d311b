package dev.sweeps.trainer.data;

import ai.djl.Device;
import dev.sweeps.trainer.model.EncoderConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/** Parts of a batch that are computed one after the other. Their gradients add up to those of the batch, in less memory. */
public final class MicroBatches {
    /**
     * What a part may take of activations, in bytes. A constant and not what is free on the machine, because the parts decide the last
     * digits of the sums. A GPU gets larger ones: small products leave most of it idle.
     */
    private static final long BUDGET = 1L << 30;

    private static final long GPU_BUDGET = 4L << 30;

    private MicroBatches() {}

    /**
     * The batch in parts, longest examples first.
     *
     * @param size examples of a part; empty for as many as memory of this device is meant for
     */
    public static List<List<Example>> of(List<Example> batch, EncoderConfig config, OptionalInt size, Device device) {
        long budget = device.isGpu() ? GPU_BUDGET : BUDGET;
        List<Example> longestFirst = batch.stream()
                .sorted(Comparator.comparingInt(Example::length).reversed())
                .toList();
        List<List<Example>> parts = new ArrayList<>();
        List<Example> part = new ArrayList<>();
        long bytes = 0;
        for (Example example : longestFirst) {
            long more = config.activationBytes(example.length());
            boolean full = size.isPresent() ? part.size() == size.getAsInt() : bytes + more > budget;
            if (full && !part.isEmpty()) {
                parts.add(part);
                part = new ArrayList<>();
                bytes = 0;
            }
            part.add(example);
            bytes += more;
        }
        parts.add(part);
        return parts;
    }
}
