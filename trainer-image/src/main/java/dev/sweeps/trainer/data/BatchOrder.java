package dev.sweeps.trainer.data;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Which examples a step is trained on, in the order in which run_glue of May 2020 (transformers 2.9 on PyTorch 1.5) takes them:
 * {@code torch.manual_seed(seed)}, then for each epoch a number for the workers of the data loader and {@code torch.randperm}. Batches that
 * are left over at the end of an epoch, because they are fewer than gradient_accumulation_steps, count for the first step of the next one.
 */
public final class BatchOrder {
    private final List<Example> examples;
    private final int batchSize;
    private final int accumulation;
    private final int seed;

    private int drawn;
    private long[] permutation;

    /**
     * @param batchSize examples of a batch; the last one of an epoch may be smaller
     * @param accumulation batches of a step
     */
    public BatchOrder(List<Example> examples, int batchSize, int accumulation, int seed) {
        this.examples = examples;
        this.batchSize = batchSize;
        this.accumulation = accumulation;
        this.seed = seed;
    }

    public int batchesPerEpoch() {
        return (examples.size() + batchSize - 1) / batchSize;
    }

    public int stepsPerEpoch() {
        return Math.max(1, batchesPerEpoch() / accumulation);
    }

    /** The batches of a step, counted from 0. */
    public List<List<Example>> batches(int step) {
        int epoch = step / stepsPerEpoch();
        int inEpoch = step % stepsPerEpoch();
        int size = Math.min(accumulation, batchesPerEpoch());
        List<List<Example>> batches = new ArrayList<>();
        if (inEpoch == 0 && epoch > 0) {
            for (int batch = stepsPerEpoch() * size; batch < batchesPerEpoch(); batch++) {
                batches.add(batch(epoch - 1, batch));
            }
        }
        for (int batch = inEpoch * size; batch < (inEpoch + 1) * size; batch++) {
            batches.add(batch(epoch, batch));
        }
        return batches;
    }

    private List<Example> batch(int epoch, int batch) {
        draw(epoch);
        List<Example> chosen = new ArrayList<>();
        for (int i = batch * batchSize; i < Math.min(examples.size(), (batch + 1) * batchSize); i++) {
            chosen.add(examples.get((int) permutation[i]));
        }
        return chosen;
    }

    /** Draws all epochs up to this one, so that the order of an epoch follows from its number alone. */
    private void draw(int epoch) {
        if (drawn == epoch + 1) {
            return;
        }
        Engine.getInstance().setRandomSeed(seed);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            for (int i = 0; i <= epoch; i++) {
                manager.randomInteger(0, Long.MAX_VALUE, new Shape(), DataType.INT64)
                        .close();
                try (NDArray order = manager.randomPermutation(examples.size())) {
                    permutation = order.toLongArray();
                }
            }
        }
        drawn = epoch + 1;
    }
}
