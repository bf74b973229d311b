package dev.sweeps.trainer;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.sweeps.trainer.data.Batch;
import dev.sweeps.trainer.data.Example;
import dev.sweeps.trainer.model.SequenceClassifier;
import dev.sweeps.trainer.optim.AdamW;
import dev.sweeps.trainer.optim.LinearSchedule;
import dev.sweeps.trainer.report.Evaluation;
import dev.sweeps.trainer.report.Report;
import dev.sweeps.trainer.torch.OptimizerScript;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The training loop of run_glue.py. */
final class Trainer {
    private final Arguments arguments;
    private final NDManager manager;
    private final SequenceClassifier model;
    private final Report report;

    Trainer(Arguments arguments, NDManager manager, SequenceClassifier model, Report report) {
        this.arguments = arguments;
        this.manager = manager;
        this.model = model;
        this.report = report;
    }

    /**
     * Trains, and reports every {@code logging_steps}.
     *
     * @throws TrainingException with {@link ExitCode#DIVERGED} when the loss is no longer a number
     */
    void train(List<Example> train, List<Example> dev, TrainingLength length) {
        try (OptimizerScript script = OptimizerScript.load()) {
            AdamW optimizer = new AdamW(model.parameters(), script, arguments.adamEpsilon(), arguments.weightDecay());
            train(train, dev, length, optimizer);
        }
    }

    private void train(List<Example> train, List<Example> dev, TrainingLength length, AdamW optimizer) {
        LinearSchedule schedule =
                new LinearSchedule(arguments.learningRate(), arguments.warmupSteps(), length.scheduledSteps());
        Random order = new Random(arguments.seed());
        double lossSinceReport = 0;

        List<Example> epoch = List.of();
        for (int step = 0; step < length.steps(); step++) {
            int inEpoch = step % length.stepsPerEpoch();
            if (inEpoch == 0) {
                epoch = shuffled(train, order);
            }
            int from = inEpoch * arguments.trainBatchSize();
            List<Example> examples = epoch.subList(from, Math.min(epoch.size(), from + arguments.trainBatchSize()));

            double learningRate = schedule.at(step);
            double loss = step(examples, optimizer, learningRate);
            if (!Double.isFinite(loss)) {
                throw new TrainingException(
                        ExitCode.DIVERGED,
                        "the loss became " + loss + " at step " + (step + 1) + " with learning_rate "
                                + Report.plain(arguments.learningRate()) + "; use a smaller one");
            }
            lossSinceReport += loss;

            if ((step + 1) % arguments.loggingSteps() == 0) {
                Map<String, Object> metrics = Report.metrics(step + 1, length.epoch(step + 1));
                Report.put(metrics, "loss", lossSinceReport / arguments.loggingSteps());
                Report.put(metrics, "learning_rate", schedule.at(step + 1));
                if (arguments.evaluateDuringTraining()) {
                    Report.put(metrics, evaluate(dev));
                }
                report.line(metrics);
                lossSinceReport = 0;
            }
        }
    }

    /** Forward, backward, update. Returns the mean cross entropy of the batch. */
    private double step(List<Example> examples, AdamW optimizer, double learningRate) {
        try (NDManager scratch = manager.newSubManager()) {
            double loss;
            try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                Batch batch = Batch.of(scratch, examples);
                NDArray crossEntropy =
                        crossEntropy(model.logits(batch, true), batch.labels()).mean();
                gradients.backward(crossEntropy);
                loss = crossEntropy.getFloat();
            }
            optimizer.step(scratch, learningRate, arguments.maxGradNorm());
            return loss;
        }
    }

    /** Accuracy and mean loss on the dev set. */
    Evaluation evaluate(List<Example> dev) {
        int right = 0;
        double loss = 0;
        int firstClass = 0;
        for (int from = 0; from < dev.size(); from += arguments.evalBatchSize()) {
            List<Example> examples = dev.subList(from, Math.min(dev.size(), from + arguments.evalBatchSize()));
            try (NDManager scratch = manager.newSubManager()) {
                Batch batch = Batch.of(scratch, examples);
                NDArray logits = model.logits(batch, false); // [batch, labels]
                loss += crossEntropy(logits, batch.labels()).sum().getFloat();
                long[] answers = logits.argMax(1).toLongArray();
                for (int i = 0; i < answers.length; i++) {
                    right += answers[i] == examples.get(i).label() ? 1 : 0;
                    firstClass += answers[i] == 0 ? 1 : 0;
                }
            }
        }
        boolean collapsed = firstClass == 0 || firstClass == dev.size();
        return new Evaluation((double) right / dev.size(), loss / dev.size(), dev.size(), collapsed);
    }

    /** logits [batch, labels], labels [batch, 1] → [batch, 1]. */
    private static NDArray crossEntropy(NDArray logits, NDArray labels) {
        return logits.logSoftmax(-1).gather(labels, 1).neg();
    }

    private static List<Example> shuffled(List<Example> examples, Random order) {
        List<Example> shuffled = new ArrayList<>(examples);
        Collections.shuffle(shuffled, order);
        return shuffled;
    }
}
