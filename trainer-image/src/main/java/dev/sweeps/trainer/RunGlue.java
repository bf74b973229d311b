package dev.sweeps.trainer;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import dev.sweeps.trainer.data.BatchOrder;
import dev.sweeps.trainer.data.Example;
import dev.sweeps.trainer.data.GlueTask;
import dev.sweeps.trainer.data.GlueTokenizer;
import dev.sweeps.trainer.data.LabelOrder;
import dev.sweeps.trainer.model.EncoderConfig;
import dev.sweeps.trainer.model.Safetensors;
import dev.sweeps.trainer.model.SavedModel;
import dev.sweeps.trainer.model.SequenceClassifier;
import dev.sweeps.trainer.report.Evaluation;
import dev.sweeps.trainer.report.ProgressBar;
import dev.sweeps.trainer.report.Report;
import dev.sweeps.trainer.torch.Devices;
import dev.sweeps.trainer.torch.OptimizerScript;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code run_glue.py} in Java: fine-tunes an encoder on a GLUE task, and reports its accuracy. */
public final class RunGlue {
    private RunGlue() {}

    public static void main(String[] words) {
        System.exit(run(List.of(words), System.getenv(), System.out, System.err).code());
    }

    /**
     * Runs a command line.
     *
     * @param environment {@code TERMINATION_LOG} names another file than {@code /dev/termination-log}
     * @param out metrics, a JSON object a line
     * @param err for people
     */
    public static ExitCode run(List<String> words, Map<String, String> environment, PrintStream out, PrintStream err) {
        try (StopSignal stop = new StopSignal()) {
            return run(words, environment, out, err, stop);
        }
    }

    static ExitCode run(
            List<String> words, Map<String, String> environment, PrintStream out, PrintStream err, StopSignal stop) {
        if (words.contains("--help") || words.contains("-h")) {
            out.print(Arguments.help());
            return ExitCode.OK;
        }
        Path terminationLog = Path.of(environment.getOrDefault("TERMINATION_LOG", "/dev/termination-log"));
        // A console is where both input and output are a terminal: not in a Pod, nor in a pipe.
        ProgressBar bar = new ProgressBar(System.console() != null && out == System.out ? System.err : null);
        Report report = new Report(out, err, terminationLog, bar);
        try {
            run(Arguments.parse(words), environment, report, stop);
            return ExitCode.OK;
        } catch (TrainingException e) {
            return failed(e.exitCode(), e.getMessage(), report);
        } catch (OutOfMemoryError e) {
            return failed(
                    ExitCode.OUT_OF_MEMORY,
                    "Java's heap of " + (Runtime.getRuntime().maxMemory() >> 20) + " MB is full (" + e.getMessage()
                            + "); train on fewer rows, or give java a larger -Xmx",
                    report);
        } catch (IOException | RuntimeException | Error e) {
            // An Error too: a trial that ran out of memory says so in its status.
            e.printStackTrace(err);
            return failed(ExitCode.UNEXPECTED, e.toString(), report);
        }
    }

    private static void run(Arguments arguments, Map<String, String> environment, Report report, StopSignal stop)
            throws IOException {
        GlueTask task = GlueTask.named(arguments.taskName());
        Path output = prepareOutput(arguments);
        Devices.limitThreads();
        Device device = Devices.choose(arguments.noCuda(), environment);

        if (arguments.bf16() && !device.isGpu() && !Devices.hasAmx(Path.of("/proc/cpuinfo"))) {
            report.say("this processor has no AMX, without which --bf16 makes the training slower; leave it out here");
        }
        Inputs inputs = Inputs.locate(arguments, task, environment, report::say);
        EncoderConfig config = EncoderConfig.load(inputs.model());
        if (arguments.maxSequenceLength() > config.positions()) {
            throw new TrainingException(
                    ExitCode.USAGE,
                    "--max_seq_length is " + arguments.maxSequenceLength() + " and the model has " + config.positions()
                            + " positions; use at most that many");
        }
        Engine.getInstance().setRandomSeed(arguments.seed());
        try (Examples examples = Examples.read(arguments, task, inputs);
                NDManager manager = NDManager.newBaseManager(device);
                OptimizerScript script = OptimizerScript.load();
                SequenceClassifier model = SequenceClassifier.load(
                        manager, config, Safetensors.open(inputs.model()), task.outputs(), arguments.bf16())) {
            report.say("%s on %s: %d training and %d dev examples, device %s"
                    .formatted(
                            arguments.model(),
                            task.taskName(),
                            examples.train().size(),
                            examples.dev().size(),
                            device));
            if (model.freshParameters().isEmpty()) {
                LabelOrder.check(inputs.model(), task);
            } else {
                report.say("the checkpoint has no %s: new ones are drawn, which answer by chance until they are trained"
                        .formatted(String.join(", ", model.freshParameters())));
            }
            Evaluator evaluator = new Evaluator(task, manager, model, arguments.evalBatchSize());
            try (Trainer trainer = arguments.train()
                    ? new Trainer(arguments, task, manager, model, script, evaluator, report, stop)
                    : null) {
                Map<String, Object> metrics = Report.metrics(0, 0);
                if (trainer != null) {
                    metrics = train(trainer, arguments, examples);
                    if (arguments.profile()) {
                        report.profile(output, trainer.profile());
                    }
                }
                if (arguments.saveModel()) {
                    SavedModel.write(output, model, task, inputs.model(), inputs.tokenizer());
                }
                if (arguments.evaluate()) {
                    evaluate(evaluator, task, examples, metrics, output);
                    report.line(metrics);
                    report.end(metrics);
                }
                if (trainer != null) {
                    trainer.deleteCheckpoints();
                }
            }
        }
    }

    /** Returns how far it got, to be followed by how well. */
    private static Map<String, Object> train(Trainer trainer, Arguments arguments, Examples examples) {
        BatchOrder order = new BatchOrder(
                examples.train(), arguments.trainBatchSize(), arguments.gradientAccumulationSteps(), arguments.seed());
        TrainingLength length = TrainingLength.of(arguments, order);
        trainer.train(order, length, examples.dev());
        return Report.metrics(length.steps(), length.epoch(length.steps()));
    }

    /** On the dev set, and for MNLI on its second one, whose figures are called {@code eval_acc_mm} and the like. */
    private static void evaluate(
            Evaluator evaluator, GlueTask task, Examples examples, Map<String, Object> metrics, Path output)
            throws IOException {
        Evaluation evaluation = evaluator.evaluate(examples.dev());
        Report.put(metrics, evaluation);
        Report.evalResults(output, task.taskName(), evaluation);
        if (!examples.devMismatched().isEmpty()) {
            Evaluation mismatched = evaluator.evaluate(examples.devMismatched());
            Report.put(metrics, mismatched, "_mm");
            Report.evalResults(output, task.taskName() + "-mm", mismatched);
        }
    }

    /** The data sets, with the tokenizer that works on them while they are used. */
    private record Examples(
            GlueTokenizer tokenizer, List<Example> train, List<Example> dev, List<Example> devMismatched)
            implements AutoCloseable {
        static Examples read(Arguments arguments, GlueTask task, Inputs inputs) {
            Path data = inputs.data();
            GlueTokenizer tokenizer =
                    GlueTokenizer.load(inputs.tokenizer(), arguments.maxSequenceLength(), arguments.padToMaxLength());
            try {
                return new Examples(
                        tokenizer,
                        arguments.train() ? tokenizer.examples(each -> task.train(data, each)) : List.of(),
                        tokenizer.examples(each -> task.dev(data, each)),
                        arguments.evaluate() ? tokenizer.examples(each -> task.devMismatched(data, each)) : List.of());
            } catch (RuntimeException e) {
                tokenizer.close();
                throw e;
            }
        }

        @Override
        public void close() {
            tokenizer.close();
        }
    }

    /** run_glue.py refuses to write among files of an earlier run, unless told to. */
    private static Path prepareOutput(Arguments arguments) throws IOException {
        Path output = arguments.outputDirectory();
        Files.createDirectories(output);
        try (Stream<Path> files = Files.list(output)) {
            if (arguments.train()
                    && !arguments.overwriteOutputDirectory()
                    && files.findAny().isPresent()) {
                throw new TrainingException(
                        ExitCode.USAGE,
                        "--output_dir " + output + " is not empty; give --overwrite_output_dir or another folder");
            }
        }
        return output;
    }

    private static ExitCode failed(ExitCode code, String sentence, Report report) {
        report.say("RunGlue: " + sentence);
        Map<String, Object> message = new LinkedHashMap<>();
        code.reason().ifPresent(reason -> message.put("reason", reason));
        message.put("error", sentence);
        report.end(message);
        return code;
    }
}
