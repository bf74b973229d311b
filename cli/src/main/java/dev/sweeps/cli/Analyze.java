package dev.sweeps.cli;

import dev.sweeps.report.SweepReport;
import dev.sweeps.results.Documents;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kubectl sweep analyze}: prints the analysis. */
@Command(
        name = "analyze",
        description =
                "Analyses the results: the best of each group with its uncertainty, which hyperparameters matter, and"
                        + " whether the groups need different ones.",
        mixinStandardHelpOptions = true)
final class Analyze implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private Source source;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json. Default: text.")
    private Format format;

    enum Format {
        TEXT,
        JSON
    }

    @Override
    public Integer call() throws IOException {
        SweepReport report = source.load().report();
        PrintWriter out = command.commandLine().getOut();
        switch (format) {
            case TEXT -> new AnalysisText(report).lines().forEach(out::println);
            case JSON -> out.println(Documents.prettyJson(report.analysis()));
        }
        return 0;
    }
}
