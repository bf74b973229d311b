package dev.sweeps.local;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialSpec;
import dev.sweeps.command.ArgumentSyntax;
import dev.sweeps.command.CommandLine;
import dev.sweeps.command.ParametersJson;
import dev.sweeps.command.ProgramParameters;
import dev.sweeps.command.TrialCommand;
import dev.sweeps.command.TrialEnvironment;
import dev.sweeps.command.WandbConfig;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The program of one trial. */
final class TrialProcess {
    /** Time between asking a program to end and killing it. The agent of W&amp;B waits as long. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    /**
     * Words arrive as they are written.
     *
     * @param environment of the trial
     */
    private record Here(Map<String, String> environment) implements ArgumentSyntax {
        @Override
        public String literal(String word) {
            return word;
        }

        /** Returns the value, or the name itself if the variable is not set, as the agent of W&amp;B does. */
        @Override
        public String variable(String name) {
            return environment.getOrDefault(name, name);
        }

        @Override
        public String interpreter() {
            return Interpreter.in(environment.getOrDefault("PATH", ""));
        }
    }

    /** Name of the command that {@code make install-trainer} installs. */
    private static final String DEFAULT_TRAINER = "run_glue";

    private final Process process;
    private final boolean isDefaultTrainer;
    private final TrialWorkers workers;

    private TrialProcess(Process process, boolean isDefaultTrainer, TrialWorkers workers) {
        this.process = process;
        this.isDefaultTrainer = isDefaultTrainer;
        this.workers = workers;
    }

    /**
     * Starts the program of a trial in the current folder.
     *
     * @throws LocalRunException if there is no such program
     */
    static TrialProcess start(RunFolder folder, String sweep, SweepSpec spec, Trial trial) throws IOException {
        TrialSpec point = trial.getSpec();
        Path json = folder.writeParameters(trial, ParametersJson.of(ProgramParameters.of(spec, point)));
        ProcessBuilder builder = new ProcessBuilder();
        Map<String, String> environment = builder.environment();
        environment.putIfAbsent("PYTHONUNBUFFERED", "1"); // What it prints is read while it runs.
        Here here = new Here(environment);
        environment.putAll(TrialEnvironment.of(sweep, trial.getMetadata().getName(), spec, point, here));
        TrialWorkers workers = TrialWorkers.of(folder, trial);
        environment.put(TrialWorkers.VARIABLE, workers.mark());
        Path wandb = folder.writeWandbConfig(trial, WandbConfig.of(ProgramParameters.of(spec, point)));
        boolean decided = WandbConfig.decides(environment.keySet());
        environment.putAll(WandbConfig.environment(wandb.toString(), decided));
        Path logged = folder.emptyWandb(trial);
        if (!decided) {
            environment.putIfAbsent(WandbRun.DIRECTORY, logged.toString());
        }
        List<String> words = words(spec, ProgramParameters.of(spec, point), json, here);
        builder.command(words);
        Path log = folder.log(trial);
        Files.deleteIfExists(log);
        builder.redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        try {
            return new TrialProcess(builder.start(), words.get(0).equals(DEFAULT_TRAINER), workers);
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Argument list too long")) {
                throw new LocalRunException(
                        "command: the parameters of a trial are more than this machine hands to a program"
                                + " (Argument list too long); let command hand over ${args_json_file} in place of ${args}");
            }
            if (words.get(0).equals(DEFAULT_TRAINER)) {
                throw new LocalRunException("program: is "
                        + (spec.program() == null ? "not named" : spec.program() + ", which is not in this folder")
                        + ", and the default trainer is not in the PATH; name the program of yours, or install the trainer with"
                        + " make install-trainer");
            }
            throw new LocalRunException("command: " + words.get(0) + " cannot be started here ("
                    + String.valueOf(e.getMessage()).replaceFirst("^Cannot run program \"[^\"]*\": ", "")
                    + "); install it, or correct command");
        }
    }

    /** Returns the default trainer if the user has no program and the trainer is installed; otherwise the command line as it is written. */
    private static List<String> words(
            SweepSpec spec, SortedMap<String, ParameterValue> parameters, Path json, ArgumentSyntax here) {
        CommandLine line = new CommandLine(spec.program(), spec.command());
        if (!line.leavesProgramOpen() || Files.exists(Path.of(TrialCommand.DEFAULT_PROGRAM))) {
            line.programFile()
                    .filter(program -> !Files.exists(Path.of(program)))
                    .ifPresent(program -> {
                        throw new LocalRunException("program: there is no " + program + " in "
                                + Path.of("").toAbsolutePath()
                                + "; change to the folder that has it, or correct program");
                    });
            return line.expand(parameters, json.toString(), here);
        }
        List<String> words = new ArrayList<>(List.of(DEFAULT_TRAINER));
        words.addAll(line.argumentsOnly().expand(parameters, json.toString(), here));
        return words;
    }

    /** Returns an identity of the process that is unique, also after a restart of this program. */
    String identity() {
        return identity(process.toHandle());
    }

    private static String identity(ProcessHandle handle) {
        return handle.pid() + " "
                + handle.info().startInstant().map(Object::toString).orElse("");
    }

    /** Ends a process that a killed run has left running. */
    static void endLeftover(String identity) throws InterruptedException {
        Optional<ProcessHandle> left = ProcessHandle.of(Long.parseLong(identity.split(" ")[0]))
                .filter(handle -> identity(handle).equals(identity));
        if (left.isPresent()) {
            end(left.get());
            for (int i = 0; i < GRACE.toMillis() / 50 && left.get().isAlive(); i++) {
                Thread.sleep(50);
            }
            kill(left.get());
        }
    }

    /** Returns the exit code; empty while the process runs. */
    Optional<Integer> exitCode() {
        workers.remember(process.toHandle());
        return process.isAlive() ? Optional.empty() : Optional.of(process.exitValue());
    }

    /** Ends the processes that the program has started and left behind. */
    void endWorkers() throws InterruptedException {
        workers.end();
    }

    /** Whether another attempt would end in the same way, as on a cluster. */
    boolean isFinal(int exitCode) {
        return isDefaultTrainer && TrialCommand.FINAL_EXIT_CODES.contains(exitCode);
    }

    /** Asks the program and the processes that it has started to end, and kills them if they do not. */
    void end() throws InterruptedException {
        end(process.toHandle());
        if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
            kill(process.toHandle());
            process.waitFor();
        }
        workers.end();
    }

    private static void end(ProcessHandle handle) {
        all(handle).forEach(ProcessHandle::destroy);
    }

    private static void kill(ProcessHandle handle) {
        all(handle).forEach(ProcessHandle::destroyForcibly);
    }

    private static List<ProcessHandle> all(ProcessHandle handle) {
        return new ArrayList<>(
                Stream.concat(Stream.of(handle), handle.descendants()).toList());
    }
}
