package dev.sweeps.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.TrialSpec;
import dev.sweeps.command.ProgramParameters;
import dev.sweeps.file.SweepFile;
import dev.sweeps.results.Documents;
import dev.sweeps.search.Search;
import dev.sweeps.search.Search.Numbered;
import dev.sweeps.search.SearchSpace;
import dev.sweeps.search.TrialName;
import dev.sweeps.validation.SharedFolders;
import dev.sweeps.validation.SweepValidator;
import dev.sweeps.validation.SweepValidator.Validation;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kubectl sweep plan}: prints the points of a file. */
@Command(
        name = "plan",
        description = {
            "Prints the points that a sweep would run, in order, without a cluster.",
            "",
            "FILE is a Sweep, or a sweep configuration of Weights & Biases."
        },
        mixinStandardHelpOptions = true)
final class Plan implements Callable<Integer> {
    private static final int SHOWN = 100;

    @Spec
    private CommandSpec command;

    @Mixin
    private FileOption file;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, yaml or json. Default: table.")
    private Format format;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Maximum number of points. Default: " + SHOWN + " in a table, all in yaml and json.")
    private Integer limit;

    enum Format {
        TABLE,
        YAML,
        JSON
    }

    /**
     * A trial before it runs.
     *
     * @param handed parameters as the program gets them
     */
    private record Planned(String name, TrialSpec trial, SortedMap<String, ParameterValue> handed) {}

    @Override
    public Integer call() throws IOException {
        if (limit != null && limit < 0) {
            throw new SweepCommandException("--limit " + limit + " is below 0; write how many points to print");
        }
        SweepFile sweep = file.read(command);
        Validation validation = sweep.isConverted()
                ? SweepValidator.validateWithoutCluster(sweep.spec())
                : SweepValidator.validate(sweep.spec());
        if (!validation.problems().isEmpty()) {
            throw new SweepCommandException(file + ": "
                    + validation.problems().stream()
                            .map(sweep::inWordsOfTheFile)
                            .collect(Collectors.joining("\n       ")));
        }
        Search search = validation.search().orElseThrow();
        SweepSpec spec = sweep.spec();
        (sweep.isConverted() ? SharedFolders.onThisMachine(spec) : SharedFolders.onACluster(spec))
                .forEach(sentence -> command.commandLine().getErr().println("warning: " + sentence));
        long count = search.size() * spec.replicates();
        long wanted = limit != null ? limit : format == Format.TABLE ? SHOWN : count;
        long shown = Math.min(wanted, search.foreseeable() * spec.replicates());
        List<Planned> points = points(sweep, search, shown);
        PrintWriter out = command.commandLine().getOut();
        if (format == Format.TABLE) {
            print(sweep, count, points, out);
        } else {
            JsonNode document = document(count, points);
            out.println(format == Format.JSON ? Documents.prettyJson(document) : YamlOutput.of(document));
        }
        if (shown < Math.min(wanted, count)) {
            command.commandLine()
                    .getErr()
                    .println("note: " + spec.method().word() + " chooses the points after the first " + shown
                            + " by what these come to");
        }
        return 0;
    }

    private static List<Planned> points(SweepFile sweep, Search search, long count) {
        int replicates = sweep.spec().replicates();
        List<Planned> points = new ArrayList<>();
        for (Numbered point : search.next(List.of(), Math.toIntExact((count + replicates - 1) / replicates))) {
            for (int replicate = 0; replicate < replicates && points.size() < count; replicate++) {
                TrialSpec trial = new TrialSpec(point.point().parameters(), replicate, null);
                points.add(new Planned(
                        TrialName.of(sweep.name(), point.point(), replicate),
                        trial,
                        ProgramParameters.of(sweep.spec(), trial)));
            }
        }
        return points;
    }

    private static JsonNode document(long count, List<Planned> points) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("count", count);
        var list = document.putArray("points");
        points.forEach(point -> {
            ObjectNode parameters = JsonNodeFactory.instance.objectNode();
            point.handed().forEach((name, value) -> parameters.set(name, value.json()));
            list.addObject().put("name", point.name()).set("parameters", parameters);
        });
        return document;
    }

    private static void print(SweepFile sweep, long count, List<Planned> points, PrintWriter out) {
        SweepSpec spec = sweep.spec();
        List<String> varying = SearchSpace.of(spec.parameters()).varying();
        List<String> header = new ArrayList<>(List.of("TRIAL"));
        varying.forEach(name -> header.add(name.toUpperCase(Locale.ROOT)));
        if (spec.replicates() > 1) {
            header.add(ProgramParameters.SEED.toUpperCase(Locale.ROOT));
        }
        Columns table = new Columns(header);
        points.forEach(point -> {
            List<String> cells = new ArrayList<>(List.of(point.name()));
            varying.forEach(
                    name -> cells.add(String.valueOf(point.trial().parameters().get(name))));
            if (spec.replicates() > 1) {
                cells.add(String.valueOf(point.handed().get(ProgramParameters.SEED)));
            }
            table.add(cells);
        });
        table.print(out);
        if (points.size() < count) {
            out.println("... " + (count - points.size()) + " more");
        }
        out.println();
        out.println(summary(spec, count));
    }

    /** {@code 40 trials, 8 at a time; 1 nvidia.com/gpu each, 8 at once}. */
    private static String summary(SweepSpec spec, long count) {
        long atOnce = Math.min(count, spec.parallelism());
        String trials = count == 1 ? "1 trial" : count + " trials, " + atOnce + " at a time";
        long gpus = spec.gpu().count();
        return gpus == 0
                ? trials + "; no GPU"
                : trials + "; " + gpus + " " + spec.gpu().resourceName() + " each, " + gpus * atOnce + " at once";
    }
}
