package dev.sweeps.trainer;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.sweeps.trainer.Checkpoints.Progress;
import dev.sweeps.trainer.data.BatchOrder;
import dev.sweeps.trainer.data.Example;
import dev.sweeps.trainer.data.GlueTask;
import dev.sweeps.trainer.data.MicroBatches;
import dev.sweeps.trainer.data.PackedBatch;
import dev.sweeps.trainer.model.SequenceClassifier;
import dev.sweeps.trainer.optim.AdamW;
import dev.sweeps.trainer.optim.Gradients;
import dev.sweeps.trainer.optim.Schedule;
import dev.sweeps.trainer.report.Profile;
import dev.sweeps.trainer.report.Profile.Phase;
import dev.sweeps.trainer.report.Report;
import dev.sweeps.trainer.torch.OptimizerScript;
import dev.sweeps.trainer.torch.TorchMemory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** The training loop of run_glue.py. */
final class Trainer implements AutoCloseable {
    private final Arguments arguments;
    private final GlueTask task;
    private final NDManager manager;
    private final SequenceClassifier model;
    private final OptimizerScript script;
    private final AdamW optimizer;
    private final Optional<Checkpoints> checkpoints;
    private final Evaluator evaluator;
    private final Report report;
    private final StopSignal stop;
    private final Profile profile = new Profile();

    Trainer(
            Arguments arguments,
            GlueTask task,
            NDManager manager,
            SequenceClassifier model,
            OptimizerScript script,
            Evaluator evaluator,
            Report report,
            StopSignal stop) {
        this.arguments = arguments;
        this.task = task;
        this.manager = manager;
        this.model = model;
        this.script = script;
        this.optimizer = new AdamW(
                model.parameters(), script, arguments.optimizer(), arguments.adamEpsilon(), arguments.weightDecay());
        this.checkpoints = arguments
                .checkpointDirectory()
                .map(directory -> new Checkpoints(
                        directory.resolve(arguments.fingerprint()),
                        model.parameters(),
                        optimizer,
                        script,
                        report::say));
        this.evaluator = evaluator;
        this.report = report;
        this.stop = stop;
    }

    /**
     * Trains from the start or from a checkpoint, and reports every {@code logging_steps}.
     *
     * @throws TrainingException with {@link ExitCode#DIVERGED} when the loss is no longer a number, and with {@link ExitCode#TERMINATED}
     *     when it was asked to stop
     */
    void train(BatchOrder order, TrainingLength length, List<Example> dev) {
        Schedule schedule = new Schedule(
                arguments.schedulerType(),
                arguments.learningRate(),
                arguments.warmupSteps(length.scheduledSteps()),
                length.scheduledSteps());
        checkpoints.ifPresent(folder -> {
            stop.listen();
            folder.claim(stop);
        });
        Progress start = checkpoints.flatMap(Checkpoints::restore).orElse(new Progress(0, 0));
        double lossSinceReport = start.lossSinceReport();
        double lossBefore = Double.NaN;

        for (int step = start.steps(); step < length.steps(); step++) {
            profile.enter(Phase.PACK);
            List<List<Example>> batches = order.batches(step);
            // Dropout follows from the seed and the number of the step, not from what was drawn before.
            Engine.getInstance().setRandomSeed(new SplittableRandom(((long) arguments.seed() << 32) + step).nextInt());
            double loss = 0;
            try (NDManager scratch = manager.newSubManager()) {
                Gradients gradients = new Gradients(scratch, script);
                for (List<Example> batch : batches) {
                    loss += backward(batch, gradients) / arguments.gradientAccumulationSteps();
                }
                update(scratch, gradients, step, loss, lossBefore, schedule.at(step));
            }
            lossSinceReport += loss;
            lossBefore = loss;

            int done = step + 1;
            progress(batches, done, length, loss);
            if (arguments.logsAfter(done)) {
                Map<String, Object> metrics = Report.metrics(done, length.epoch(done));
                Report.put(metrics, "loss", lossSinceReport / (done - arguments.logBefore(done)));
                Report.put(metrics, "learning_rate", schedule.at(done));
                if (arguments.evaluateDuringTraining()) {
                    profile.enter(Phase.EVALUATION);
                    Report.put(metrics, evaluator.evaluate(dev));
                    profile.enter(Phase.OTHER);
                }
                report.line(metrics);
                lossSinceReport = 0;
            }
            keep(new Progress(done, lossSinceReport));
        }
    }

    /** Returns the time of each phase. */
    Profile profile() {
        return profile;
    }

    /** For a run that has ended. */
    void deleteCheckpoints() {
        checkpoints.ifPresent(Checkpoints::delete);
    }

    @Override
    public void close() {
        checkpoints.ifPresent(Checkpoints::close);
    }

    /** Forward and backward, part by part. Returns the mean loss of the batch. */
    @SuppressWarnings("try") // Autograd looks on while there is a collector.
    private double backward(List<Example> batch, Gradients gradients) {
        double loss = 0;
        for (List<Example> part :
                MicroBatches.of(batch, model.config(), arguments.microBatchSize(), manager.getDevice())) {
            try (NDManager scratch = manager.newSubManager();
                    GradientCollector watching = Engine.getInstance().newGradientCollector()) {
                profile.enter(Phase.PACK);
                PackedBatch packed = PackedBatch.of(scratch, part, task.isRegression());
                NDArray share = TorchMemory.scalar(scratch, 1.0 / batch.size() / arguments.gradientAccumulationSteps());
                profile.enter(Phase.FORWARD);
                NDArray sum = Losses.of(task, model.logits(packed, true), packed.labels())
                        .sum();
                profile.enter(Phase.BACKWARD);
                gradients.add(model.gradients(sum.mul(share)));
                loss += sum.getFloat() / batch.size();
            } catch (EngineException e) {
                throw TrainingException.outOfMemory(e, part.size())
                        .map(RuntimeException.class::cast)
                        .orElse(e);
            }
        }
        return loss;
    }

    /** One step of the optimizer, if loss and gradient are numbers. */
    private void update(
            NDManager scratch, Gradients gradients, int step, double loss, double lossBefore, double learningRate) {
        profile.enter(Phase.OPTIMIZER);
        double norm = optimizer.clip(scratch, gradients, arguments.maxGradNorm());
        if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
            throw new TrainingException(
                    ExitCode.DIVERGED,
                    "%s became %s at step %d with learning_rate %s; the loss was %s the step before, and the largest gradient is that of %s; use a smaller --learning_rate"
                            .formatted(
                                    Double.isFinite(loss) ? "the gradient" : "the loss",
                                    Double.isFinite(loss) ? norm : loss,
                                    step + 1,
                                    Report.plain(arguments.learningRate()),
                                    Double.isNaN(lossBefore) ? "not known" : "%.4f".formatted(lossBefore),
                                    optimizer.longestGradient(scratch, gradients)));
        }
        optimizer.step(gradients, learningRate);
    }

    private void progress(List<List<Example>> batches, int done, TrainingLength length, double loss) {
        List<Example> examples = batches.stream().flatMap(List::stream).toList();
        profile.step(
                examples.size(),
                examples.stream().mapToLong(Example::length).sum(),
                examples.stream()
                        .mapToDouble(example -> model.config().trainingFlops(example.length()))
                        .sum());
        report.progress(done, length.steps(), length.epoch(done), loss, profile);
    }

    /** Writes a checkpoint when it is time, and ends the run when it was asked to stop. */
    private void keep(Progress progress) {
        boolean stopping = stop.isRequested();
        if (stopping || progress.steps() % arguments.saveSteps() == 0) {
            profile.enter(Phase.CHECKPOINT);
            checkpoints.ifPresent(folder -> folder.save(progress));
            profile.enter(Phase.OTHER);
        }
        if (stopping) {
            throw new TrainingException(
                    ExitCode.TERMINATED,
                    "stopped after step " + progress.steps() + " by a signal; the same command goes on from there");
        }
    }
}
