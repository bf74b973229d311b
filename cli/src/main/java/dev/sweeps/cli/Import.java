package dev.sweeps.cli;

import dev.sweeps.file.SweepFile;
import dev.sweeps.validation.SweepValidator;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kubectl sweep import}: a file of another tool as a Sweep. */
@Command(
        name = "import",
        description = {
            "Converts a sweep configuration of Weights & Biases, or an Experiment of Katib, to a Sweep.",
            "",
            "The Sweep is written to standard output. Notes on standard error list what was added and what has no counterpart."
        },
        mixinStandardHelpOptions = true)
final class Import implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private FileOption file;

    @Override
    public Integer call() throws IOException {
        SweepFile sweep = file.read(command);
        command.commandLine().getOut().println(YamlOutput.of(sweep.manifest()));
        List<String> problems = SweepValidator.problems(sweep.spec());
        problems.forEach(problem -> command.commandLine().getErr().println("note: to run it, mend " + problem));
        return 0;
    }
}
