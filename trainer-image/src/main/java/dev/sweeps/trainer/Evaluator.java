package dev.sweeps.trainer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.sweeps.trainer.data.Example;
import dev.sweeps.trainer.data.GlueMetrics;
import dev.sweeps.trainer.data.GlueTask;
import dev.sweeps.trainer.data.PackedBatch;
import dev.sweeps.trainer.model.SequenceClassifier;
import dev.sweeps.trainer.report.Evaluation;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** How a model does on a dev set. What it answers to an example does not depend on the others, so that examples of like length go together. */
final class Evaluator {
    /** Examples that are computed together. */
    private static final int CHUNK = 32;

    private final GlueTask task;
    private final NDManager manager;
    private final SequenceClassifier model;
    private final int batchSize;

    /**
     * @param batchSize examples of a batch in the sense of run_glue, whose loss is the mean of the batches' means
     */
    Evaluator(GlueTask task, NDManager manager, SequenceClassifier model, int batchSize) {
        this.task = task;
        this.manager = manager;
        this.model = model;
        this.batchSize = batchSize;
    }

    Evaluation evaluate(List<Example> dev) {
        double[] predictions = new double[dev.size()];
        double[] losses = new double[dev.size()];
        int[] longestFirst = IntStream.range(0, dev.size())
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> dev.get(i).length())
                        .reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        for (int from = 0; from < dev.size(); from += CHUNK) {
            int[] chunk = Arrays.copyOfRange(longestFirst, from, Math.min(dev.size(), from + CHUNK));
            try (NDManager scratch = manager.newSubManager()) {
                List<Example> examples = Arrays.stream(chunk).mapToObj(dev::get).toList();
                PackedBatch batch = PackedBatch.of(scratch, examples, task.isRegression());
                NDArray logits = model.logits(batch, false); // [chunk, outputs]
                float[] chunkLosses = Losses.of(task, logits, batch.labels()).toFloatArray();
                double[] answers = answers(logits);
                for (int i = 0; i < chunk.length; i++) {
                    predictions[chunk[i]] = answers[i];
                    losses[chunk[i]] = chunkLosses[i];
                }
            }
        }
        double[] labels = dev.stream().mapToDouble(Example::label).toArray();
        boolean collapsed = Arrays.stream(predictions).distinct().count() == 1;
        return new Evaluation(
                GlueMetrics.of(task.score(), predictions, labels), meanOfBatches(losses), dev.size(), collapsed);
    }

    /** Classes, or scores of a regression. */
    private double[] answers(NDArray logits) {
        if (task.isRegression()) {
            float[] scores = logits.toFloatArray();
            return IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).toArray();
        }
        return Arrays.stream(logits.argMax(1).toLongArray()).asDoubleStream().toArray();
    }

    private double meanOfBatches(double[] losses) {
        return IntStream.iterate(0, from -> from < losses.length, from -> from + batchSize)
                .mapToDouble(from -> Arrays.stream(losses, from, Math.min(losses.length, from + batchSize))
                        .average()
                        .orElseThrow())
                .average()
                .orElseThrow();
    }
}
