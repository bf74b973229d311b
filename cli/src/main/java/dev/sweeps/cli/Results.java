package dev.sweeps.cli;

import dev.sweeps.analysis.TrialTable;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.metrics.Rounded;
import dev.sweeps.results.Documents;
import dev.sweeps.results.ResultsCsv;
import dev.sweeps.results.SweepResults;
import dev.sweeps.results.TrialRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kubectl sweep results}: prints every trial. */
@Command(
        name = "results",
        description = "Prints all trials with their hyperparameters and metrics, the best first.",
        mixinStandardHelpOptions = true)
final class Results implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private Source source;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, csv or json. Default: table.")
    private Format format;

    enum Format {
        TABLE,
        CSV,
        JSON
    }

    @Override
    public Integer call() throws IOException {
        SweepResults results = source.load().results();
        PrintWriter out = command.commandLine().getOut();
        switch (format) {
            case TABLE -> print(results, out);
            case CSV -> ResultsCsv.write(results, out);
            case JSON -> out.println(Documents.prettyJson(results.trials()));
        }
        return 0;
    }

    private static void print(SweepResults results, PrintWriter out) {
        if (results.trials().isEmpty()) {
            out.println("No trials yet." + (results.problem() == null ? "" : " " + results.problem()));
            return;
        }
        List<String> varying = results.varying();
        List<String> header =
                new ArrayList<>(List.of("TRIAL", "STATE", results.metric().toUpperCase(Locale.ROOT)));
        varying.forEach(name -> header.add(name.toUpperCase(Locale.ROOT)));
        header.addAll(List.of("TOOK", "REASON"));
        Columns table = new Columns(header);
        results.trials().stream().sorted(bestFirst(results.goal())).forEach(row -> {
            List<String> cells = new ArrayList<>(
                    List.of(row.trial(), row.state(), row.value() == null ? "" : Rounded.of(row.value())));
            varying.forEach(
                    name -> cells.add(TrialTable.value(row.parameters(), name).toString()));
            cells.add(took(row));
            cells.add(row.reason() == null ? "" : row.reason());
            table.add(cells);
        });
        table.print(out);
    }

    private static Comparator<TrialRow> bestFirst(Goal goal) {
        Comparator<BigDecimal> order = goal == Goal.MAXIMIZE ? Comparator.reverseOrder() : Comparator.naturalOrder();
        return Comparator.comparing((TrialRow row) -> row.isRanked() ? row.value() : null, Comparator.nullsLast(order))
                .thenComparingLong(TrialRow::number);
    }

    private static String took(TrialRow row) {
        return row.started() == null || row.ended() == null
                ? ""
                : Text.duration(Duration.between(Instant.parse(row.started()), Instant.parse(row.ended())));
    }
}
