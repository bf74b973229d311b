package dev.sweeps.cli;

import dev.sweeps.cli.Pictures.Picture;
import dev.sweeps.page.Page;
import dev.sweeps.report.SweepReport;
import dev.sweeps.results.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kubectl sweep report}: the dashboard's page of a sweep as one file, or a text with pictures. */
@Command(
        name = "report",
        description = "Writes the page of a sweep to one file, which opens without a cluster and without a network.",
        mixinStandardHelpOptions = true)
final class Report implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private Source source;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "NAME.html, or NAME.md for Markdown (with pictures if --charts is given).")
    private Path output;

    @Option(names = "--charts", paramLabel = "DIR", description = "Folder for each chart as SVG and PNG.")
    private Path charts;

    @Override
    public Integer call() throws IOException {
        if (output == null && charts == null) {
            throw new SweepCommandException("say what to write: -o NAME.html, -o NAME.md or --charts DIR");
        }
        if (output != null && !isHtml() && !isMarkdown()) {
            throw new SweepCommandException("-o: " + output + " ends neither in .html nor in .md");
        }
        SweepReport report = source.load().report();
        String json = Documents.json(report);
        List<Picture> pictures = charts == null ? List.of() : Pictures.write(json, charts);
        if (output != null) {
            if (output.toAbsolutePath().getParent() != null) {
                Files.createDirectories(output.toAbsolutePath().getParent());
            }
            Files.writeString(
                    output,
                    isHtml() ? Page.withReport(json) : new MarkdownReport(report, pictures, folderOfCharts()).text());
            command.commandLine().getErr().println("wrote " + output);
        }
        if (charts != null) {
            command.commandLine().getErr().println("wrote " + pictures.size() + " charts as SVG and PNG to " + charts);
        }
        return 0;
    }

    private boolean isHtml() {
        return output.toString().endsWith(".html");
    }

    private boolean isMarkdown() {
        return output.toString().endsWith(".md");
    }

    /** Returns the folder of the charts as the text links to it. */
    private String folderOfCharts() {
        return charts == null
                ? ""
                : output.toAbsolutePath()
                        .getParent()
                        .relativize(charts.toAbsolutePath())
                        .toString()
                        .replace('\\', '/');
    }
}
