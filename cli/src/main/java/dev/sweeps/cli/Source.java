package dev.sweeps.cli;

import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.local.RunFolder;
import dev.sweeps.report.SweepReport;
import dev.sweeps.results.SweepResults;
import dev.sweeps.results.table.InvalidTable;
import dev.sweeps.results.table.RunTable;
import dev.sweeps.results.table.RunTable.Columns;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads results from a sweep on a cluster, from the folder of a local run, or from a table in a file. */
final class Source {
    /** Names of metrics that are seldom minimized. */
    @Parameters(index = "0", arity = "0..1", paramLabel = "SWEEP", description = "Name of the sweep.")
    private String sweep;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Folder of a sweep that kubectl sweep run has run on this machine, instead of one on a cluster.")
    private Path dir;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @ArgGroup(exclusive = false, heading = "Instead of a sweep, a table of runs of any tool:%n")
    private Table table;

    /** A CSV file and the meaning of its columns. */
    static final class Table {
        @Option(
                names = {"-f", "--filename"},
                required = true,
                paramLabel = "FILE",
                description =
                        "CSV with a line for each run: an export of Weights & Biases, MLflow, Optuna, Ray Tune, Katib,"
                                + " SageMaker, scikit-learn, Ax or Hyperopt, or the CSV or JSON of kubectl sweep results.")
        private Path file;

        @Option(
                names = "--metric",
                paramLabel = "COLUMN",
                description = "Column of the metric; not needed if the tool always gives it the same name.")
        private String metric;

        @Option(
                names = "--goal",
                paramLabel = "GOAL",
                description = "maximize or minimize. If not given, that of the tool, or else minimize.")
        private Goal goal;

        @Option(
                names = "--group-by",
                paramLabel = "COLUMN",
                split = ",",
                description = "Columns that form groups, each with its best run.")
        private List<String> groupBy = List.of();

        @Option(
                names = "--parameters",
                paramLabel = "COLUMN",
                split = ",",
                description =
                        "Columns of the hyperparameters. If not given, those that the tool marks, otherwise by their names.")
        private List<String> parameters = List.of();

        @Option(
                names = "--ignore",
                paramLabel = "COLUMN",
                split = ",",
                description = "Columns that are not hyperparameters.")
        private List<String> ignored = List.of();

        @Option(
                names = "--eval-samples",
                paramLabel = "N",
                description = "Size of the evaluation set, from which the error of an accuracy follows.")
        private Integer evalSamples;
    }

    /** Results, and the spec if the sweep is known. */
    record Loaded(SweepResults results, Optional<SweepSpec> spec) {

        SweepReport report() {
            return SweepReport.of(results, spec);
        }
    }

    Loaded load() throws IOException {
        if (table != null && sweep != null) {
            throw new SweepCommandException(
                    "both a SWEEP (" + sweep + ") and a file (-f " + table.file + ") are given; keep one of them");
        }
        if (dir != null && (table != null || sweep != null)) {
            throw new SweepCommandException("--dir " + dir + " is a sweep, and "
                    + (sweep == null ? "a file (-f)" : "a SWEEP (" + sweep + ")") + " is given too; keep one of them");
        }
        if (table != null) {
            return new Loaded(read(), Optional.empty());
        }
        if (dir != null) {
            RunFolder folder = new RunFolder(dir);
            Sweep local = folder.sweep()
                    .orElseThrow(() -> new SweepCommandException("--dir: " + dir
                            + " is not the folder of a sweep; it has a sweep.json, and kubectl sweep run makes one"));
            List<Trial> trials = folder.trials();
            folder.unreadable().forEach(file -> command.commandLine()
                    .getErr()
                    .println("note: " + file + " is torn or not the file of a trial, and is left out"));
            return new Loaded(SweepResults.of(local, trials), Optional.of(local.getSpec()));
        }
        Cluster cluster = Cluster.of(command);
        try (KubernetesClient client = cluster.connect()) {
            if (sweep == null) {
                throw new SweepCommandException("name a sweep, or a table with -f FILE --metric COLUMN; in namespace "
                        + cluster.namespace(client) + " there is "
                        + cluster.names(client)
                                .collect(Collectors.collectingAndThen(
                                        Collectors.joining(", "), names -> names.isEmpty() ? "no sweep" : names)));
            }
            Sweep found = cluster.sweep(client, sweep);
            return new Loaded(
                    SweepResults.of(found, cluster.trials(client, found)), Optional.ofNullable(found.getSpec()));
        }
    }

    private SweepResults read() throws IOException {
        if (!Files.isReadable(table.file) || Files.isDirectory(table.file)) {
            throw new SweepCommandException("-f: there is no file " + table.file + " that can be read");
        }
        String name = table.file.getFileName().toString().replaceAll("\\.(csv|tsv|json|txt)$", "");
        try {
            RunTable read = RunTable.read(
                    name,
                    Files.readAllBytes(table.file),
                    new Columns(
                            table.metric,
                            table.goal,
                            table.groupBy,
                            table.parameters,
                            table.ignored,
                            table.evalSamples));
            read.notes().forEach(note -> command.commandLine().getErr().println("note: " + table.file + ": " + note));
            return read.results();
        } catch (InvalidTable e) {
            throw new SweepCommandException(table.file + ": " + e.getMessage());
        }
    }
}
