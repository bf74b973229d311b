package dev.sweeps.trainer;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import dev.sweeps.trainer.data.BatchOrder;
import dev.sweeps.trainer.data.Example;
import dev.sweeps.trainer.data.GlueTask;
import dev.sweeps.trainer.data.GlueTokenizer;
import dev.sweeps.trainer.hub.GlueDownload;
import dev.sweeps.trainer.hub.Hub;
import dev.sweeps.trainer.hub.HubSettings;
import dev.sweeps.trainer.model.EncoderConfig;
import dev.sweeps.trainer.model.Safetensors;
import dev.sweeps.trainer.model.SavedModel;
import dev.sweeps.trainer.model.SequenceClassifier;
import dev.sweeps.trainer.optim.AdamW;
import dev.sweeps.trainer.report.Evaluation;
import dev.sweeps.trainer.report.Profile;
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
import java.util.Optional;
import java.util.function.Function;
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
        Report report = new Report(out, terminationLog, bar);
        try {
            run(Arguments.parse(words), environment, report, err, stop);
            return ExitCode.OK;
        } catch (TrainingException e) {
            return failed(e.exitCode(), e.getMessage(), report, err);
        } catch (OutOfMemoryError e) {
            return failed(
                    ExitCode.OUT_OF_MEMORY,
                    "Java's heap of " + (Runtime.getRuntime().maxMemory() >> 20) + " MB is full (" + e.getMessage()
                            + "); train on fewer rows, or give java a larger -Xmx",
                    report,
                    err);
        } catch (IOException | RuntimeException | Error e) {
            // An Error too: a trial that ran out of memory says so in its status.
            e.printStackTrace(err);
            return failed(ExitCode.UNEXPECTED, e.toString(), report, err);
        }
    }

    private static void run(
            Arguments arguments, Map<String, String> environment, Report report, PrintStream err, StopSignal stop)
            throws IOException {
        GlueTask task = GlueTask.named(arguments.taskName());
        Path output = prepareOutput(arguments);
        Devices.limitThreads();
        Device device = Devices.choose(arguments.noCuda(), environment);

        HubSettings settings = HubSettings.of(environment, arguments.cacheDirectory());
        Hub hub = new Hub(settings, err);
        Path folder = folder(arguments.model(), id -> hub.model(id, arguments.revision()));
        EncoderConfig config = EncoderConfig.load(folder);
        if (arguments.maxSequenceLength() > config.positions()) {
            throw new TrainingException(
                    ExitCode.USAGE,
                    "--max_seq_length is " + arguments.maxSequenceLength() + " and the model has " + config.positions()
                            + " positions; use at most that many");
        }
        Path tokenizer = arguments
                .tokenizer()
                .map(name -> folder(name, id -> hub.tokenizer(id, arguments.revision())))
                .orElse(folder);
        Path dataFolder = arguments.dataDirectory();
        // A folder that is named after the task, as GLUE's own are; any other one is somebody's own data.
        if (!Files.exists(dataFolder) && dataFolder.endsWith(task.folderName())) {
            dataFolder = new GlueDownload(settings, environment, err).folder(task, dataFolder);
        }
        Data data = Data.load(arguments, task, dataFolder, tokenizer);
        BatchOrder order = new BatchOrder(
                data.train(), arguments.trainBatchSize(), arguments.gradientAccumulationSteps(), arguments.seed());
        TrainingLength length = arguments.train() ? TrainingLength.of(arguments, order) : null;
        err.printf(
                "%s on %s: %d training and %d dev examples, device %s%n",
                arguments.model(),
                task.taskName(),
                data.train().size(),
                data.dev().size(),
                device);

        Engine.getInstance().setRandomSeed(arguments.seed());
        try (NDManager manager = NDManager.newBaseManager(device);
                OptimizerScript script = OptimizerScript.load();
                SequenceClassifier model = SequenceClassifier.load(
                        manager, config, Safetensors.open(folder), task.outputs(), arguments.bf16())) {
            Evaluator evaluator = new Evaluator(task, manager, model, arguments.evalBatchSize());
            Optional<Checkpoints> checkpoints = Optional.empty();
            Map<String, Object> metrics = Report.metrics(0, 0);
            if (arguments.train()) {
                AdamW optimizer = new AdamW(
                        model.parameters(),
                        script,
                        arguments.optimizer(),
                        arguments.adamEpsilon(),
                        arguments.weightDecay());
                checkpoints = arguments
                        .checkpointDirectory()
                        .map(directory -> new Checkpoints(
                                directory, arguments.fingerprint(), model.parameters(), optimizer, script, err));
                if (checkpoints.isPresent()) {
                    stop.listen();
                }
                Profile profile = new Profile();
                new Trainer(arguments, task, manager, model, optimizer, checkpoints, evaluator, report, profile, stop)
                        .train(order, length, data.dev());
                if (arguments.profile()) {
                    err.print(profile.table());
                    Report.profile(output, profile);
                }
                metrics = Report.metrics(length.steps(), length.epoch(length.steps()));
            }
            if (arguments.saveModel()) {
                SavedModel.write(output, model, task, folder, tokenizer);
            }
            if (arguments.evaluate()) {
                Evaluation evaluation = evaluator.evaluate(data.dev());
                Report.put(metrics, evaluation);
                Report.evalResults(output, task.taskName(), evaluation);
                if (!data.devMismatched().isEmpty()) {
                    Evaluation mismatched = evaluator.evaluate(data.devMismatched());
                    Report.put(metrics, mismatched, "_mm");
                    Report.evalResults(output, task.taskName() + "-mm", mismatched);
                }
                report.line(metrics);
                report.end(metrics);
            }
            if (checkpoints.isPresent()) {
                checkpoints.get().delete();
            }
        }
    }

    /** A folder that is there, else one that the Hub's client makes of an id. */
    private static Path folder(String name, Function<String, Path> fromHub) {
        Path folder = Path.of(name);
        return Files.isDirectory(folder) || !Hub.isId(name) ? folder : fromHub.apply(name);
    }

    /** Tokenised examples. */
    private record Data(List<Example> train, List<Example> dev, List<Example> devMismatched) {
        static Data load(Arguments arguments, GlueTask task, Path folder, Path tokenizerFolder) {
            try (GlueTokenizer tokenizer =
                    GlueTokenizer.load(tokenizerFolder, arguments.maxSequenceLength(), arguments.padToMaxLength())) {
                return new Data(
                        arguments.train() ? tokenizer.encode(each -> task.train(folder, each)) : List.of(),
                        tokenizer.encode(each -> task.dev(folder, each)),
                        arguments.evaluate() ? tokenizer.encode(each -> task.devMismatched(folder, each)) : List.of());
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
