package dev.sweeps.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.command.CommandText;
import dev.sweeps.file.SweepFile;
import dev.sweeps.local.LocalRun;
import dev.sweeps.local.RunFolder;
import dev.sweeps.results.SweepResults;
import dev.sweeps.validation.SharedFolders;
import dev.sweeps.validation.SweepValidator;
import dev.sweeps.validation.SweepValidator.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kubectl sweep run}: runs a sweep without a cluster. */
@Command(
        name = "run",
        description = {
            "Runs a sweep on this machine, without a cluster. The command line of each point runs in the current folder.",
            "",
            "FILE is a Sweep, or a sweep configuration of Weights & Biases. Results are files in the folder of --dir. If it is"
                    + " interrupted, the same command continues it. Image, GPUs and the rest of the template have no effect."
                    + " Exits with 0 if the sweep is Complete, with 1 if it is Failed."
        },
        mixinStandardHelpOptions = true)
final class Run implements Callable<Integer> {
    private static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";

    @Spec
    private CommandSpec command;

    @Mixin
    private FileOption file;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of parallel trials. Default: 1.")
    private int parallel;

    @Option(names = "--dir", paramLabel = "DIR", description = "Folder for the results. Default: sweeps/NAME.")
    private Path dir;

    /** The estimate of the time left, which is removed before lines are compared because it changes all the time. */
    private static final Pattern TIME_LEFT = Pattern.compile(", about \\S+ left");

    private List<String> shown = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (parallel < 1) {
            throw new SweepCommandException(
                    "--parallel " + parallel + " is below 1; write how many trials run at a time");
        }
        SweepFile sweep = file.read(command);
        ObjectNode manifest = sweep.manifest().deepCopy();
        ((ObjectNode) manifest.get("spec")).put("parallelism", parallel);
        Sweep local = Serialization.unmarshal(manifest.toString(), Sweep.class);
        Validation validation = SweepValidator.validateWithoutCluster(local.getSpec());
        if (!validation.problems().isEmpty()) {
            throw new SweepCommandException(file + ": "
                    + validation.problems().stream()
                            .map(sweep::inWordsOfTheFile)
                            .collect(Collectors.joining("\n       ")));
        }
        if (local.getSpec().suspend()) {
            throw new SweepCommandException(file + ": suspend is true, so that nothing would run; set it to false");
        }
        RunFolder folder = new RunFolder(dir == null ? RunFolder.standard(sweep.name()) : dir);
        SharedFolders.onThisMachine(local.getSpec())
                .forEach(sentence -> command.commandLine().getErr().println("warning: " + sentence));
        folder.trials();
        folder.unreadable().forEach(file -> command.commandLine()
                .getErr()
                .println("note: " + file + " is torn or not the file of a trial; if it was one, its point runs again"));
        SweepResults results =
                new LocalRun(folder, local, validation.search().orElseThrow(), Clock.systemUTC(), this::show).run();
        PrintWriter out = command.commandLine().getOut();
        results.trials().stream()
                .filter(row -> row.state().equals(State.FAILED.word()))
                .findFirst()
                .ifPresent(row ->
                        out.println("\ntrial " + row.trial() + " failed: " + row.reason() + ": " + row.message()));
        out.println();
        out.println("kubectl sweep analyze --dir " + CommandText.quoted(folder.toString()) + "   shows the results");
        return new Progress(results, Clock.systemUTC().instant()).succeeded() ? 0 : 1;
    }

    private void show(SweepResults results) {
        boolean terminal = System.console() != null;
        Progress progress = new Progress(results, Clock.systemUTC().instant());
        List<String> now = terminal ? progress.screen() : List.of(progress.line());
        List<String> news = terminal
                ? now
                : now.stream()
                        .map(line -> TIME_LEFT.matcher(line).replaceAll(""))
                        .toList();
        if (!news.equals(shown)) {
            PrintWriter out = command.commandLine().getOut();
            out.print(terminal ? HOME_AND_CLEAR : "");
            now.forEach(out::println);
            out.flush();
            shown = news;
        }
    }
}
