package dev.sweeps.trainer;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import dev.sweeps.trainer.data.Example;
import dev.sweeps.trainer.data.GlueTask;
import dev.sweeps.trainer.data.PairTokenizer;
import dev.sweeps.trainer.model.EncoderConfig;
import dev.sweeps.trainer.model.Safetensors;
import dev.sweeps.trainer.model.SequenceClassifier;
import dev.sweeps.trainer.report.Evaluation;
import dev.sweeps.trainer.report.Report;
import dev.sweeps.trainer.torch.Devices;
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
        if (words.contains("--help") || words.contains("-h")) {
            out.print(Arguments.help());
            return ExitCode.OK;
        }
        Path terminationLog = Path.of(environment.getOrDefault("TERMINATION_LOG", "/dev/termination-log"));
        Report report = new Report(out, terminationLog);
        try {
            run(Arguments.parse(words), environment, report, err);
            return ExitCode.OK;
        } catch (TrainingException e) {
            return failed(e.exitCode(), e.getMessage(), report, err);
        } catch (IOException | RuntimeException | Error e) {
            // An Error too: a trial that ran out of memory says so in its status.
            e.printStackTrace(err);
            return failed(ExitCode.UNEXPECTED, e.toString(), report, err);
        }
    }

    private static void run(Arguments arguments, Map<String, String> environment, Report report, PrintStream err)
            throws IOException {
        GlueTask task = GlueTask.named(arguments.taskName());
        Path output = prepareOutput(arguments);
        Devices.limitThreads();
        Device device = Devices.choose(arguments.noCuda(), environment);

        List<Example> train;
        List<Example> dev;
        EncoderConfig config = EncoderConfig.load(arguments.modelDirectory());
        if (arguments.maxSequenceLength() > config.positions()) {
            throw new TrainingException(
                    ExitCode.USAGE,
                    "--max_seq_length is " + arguments.maxSequenceLength() + " and the model has " + config.positions()
                            + " positions; use at most that many");
        }
        try (PairTokenizer tokenizer =
                PairTokenizer.load(arguments.tokenizerDirectory(), arguments.maxSequenceLength())) {
            train = arguments.train() ? tokenizer.encode(task.read(arguments.dataDirectory(), "train.tsv")) : List.of();
            dev = tokenizer.encode(task.read(arguments.dataDirectory(), "dev.tsv"));
        }
        TrainingLength length = arguments.train() ? TrainingLength.of(arguments, train.size()) : null;
        err.printf(
                "%s on %s: %d training and %d dev examples, device %s%n",
                arguments.modelDirectory(), task.name(), train.size(), dev.size(), device);

        try (NDManager manager = NDManager.newBaseManager(device)) {
            Engine.getInstance().setRandomSeed(arguments.seed());
            SequenceClassifier model = SequenceClassifier.load(
                    manager,
                    config,
                    Safetensors.open(arguments.modelDirectory()),
                    task.labels().size());
            Engine.getInstance().setRandomSeed(arguments.seed());
            Trainer trainer = new Trainer(arguments, manager, model, report);
            Map<String, Object> metrics = Report.metrics(0, 0);
            if (arguments.train()) {
                trainer.train(train, dev, length);
                metrics = Report.metrics(length.steps(), length.epoch(length.steps()));
            }
            if (arguments.evaluate()) {
                Evaluation evaluation = trainer.evaluate(dev);
                Report.put(metrics, evaluation);
                report.line(metrics);
                report.end(metrics);
                Report.evalResults(output, task.name(), evaluation);
            }
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

    private static ExitCode failed(ExitCode code, String sentence, Report report, PrintStream err) {
        err.println("RunGlue: " + sentence);
        Map<String, Object> message = new LinkedHashMap<>();
        code.reason().ifPresent(reason -> message.put("reason", reason));
        message.put("error", sentence);
        report.end(message);
        return code;
    }
}
