package dev.sweeps.results.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.results.Documents;
import dev.sweeps.results.ResultsCsv;
import dev.sweeps.results.SweepResults;
import dev.sweeps.results.TrialRow;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table of runs from a file.
 *
 * @param results with one trial for each run; only those that finished are ranked
 * @param notes sentences for the user: as what the table was read, and what is left out
 */
public record RunTable(SweepResults results, List<String> notes) {
    /** Metrics of which nobody wants more. */
    private static final Pattern LESS_IS_BETTER = Pattern.compile(
            ".*(loss|error|perplexity)|(.*[_/ .-])?(err|ppl|rmse|mse|mae|mape|wer|cer|nll|fid|runtime)",
            Pattern.CASE_INSENSITIVE);

    /** A value that is not finite. A number with an exponent of three digits or more may be too large for a double. */
    private static final Pattern NOT_A_NUMBER =
            Pattern.compile("[-+]?(nan|inf|infinity|[0-9.]+e\\+?[0-9]{3,4})", Pattern.CASE_INSENSITIVE);

    /** Text that tools write into a cell without a value. */
    private static final Pattern NO_VALUE = Pattern.compile("n/?a|<na>|none|null|-{1,3}", Pattern.CASE_INSENSITIVE);

    private static final String RAY_LENGTH = "training_iteration";
    private static final String EVAL_SAMPLES = "eval_samples";

    /** Prefixes that a user may leave out of the name of a column. */
    private static final List<String> PREFIXES = List.of(
            "",
            "metrics.",
            "params.",
            "params_",
            "param_",
            "config/",
            "config.",
            "Param ",
            "misc.vals.",
            "result.",
            "summary.");

    private static final String OTHER_JSON =
            "is JSON, but not what kubectl sweep results -o json writes; export the runs as CSV";

    /** Runs that a note names. */
    private static final int MAX_NAMED = 5;

    /**
     * What to take from a table.
     *
     * @param metric column; null for the one that the tool has
     * @param goal null for the one that the tool has, or else to minimize
     * @param parameters columns of the hyperparameters; empty to recognise them
     * @param ignored columns that are none
     * @param evalSamples size of the evaluation set; null if it is not known
     */
    public record Columns(
            String metric,
            Goal goal,
            List<String> groupBy,
            List<String> parameters,
            List<String> ignored,
            Integer evalSamples) {}

    /**
     * Reads a table.
     *
     * @param name of the results
     * @param file its bytes, in UTF-8, UTF-16 or Windows-1252
     * @throws InvalidTable if it is not a table of runs or lacks what is asked for
     */
    public static RunTable read(String name, byte[] file, Columns wanted) {
        TextDecoding decoded = TextDecoding.of(file);
        String text = decoded.text();
        if (text.stripLeading().startsWith("[") || text.stripLeading().startsWith("{")) {
            return ofRows(name, text, wanted);
        }
        Sheet packed = Sheet.of(text);
        TableFormat format = TableFormats.of(packed);
        Reading reading = new Reading(format.unpacked(packed), format, wanted);
        List<String> notes = new ArrayList<>();
        if (!decoded.charset().equals(StandardCharsets.UTF_8)) {
            notes.add("it is not UTF-8, and was read as " + decoded.charset().name());
        }
        List<TrialRow> rows = reading.rows();
        notes.addAll(reading.notes(rows));
        Optional<Goal> goal = Optional.ofNullable(wanted.goal()).or(format::goal);
        if (goal.isEmpty()) {
            smallestIsBest(reading.metric).ifPresent(notes::add);
        }
        return new RunTable(
                results(name, reading.metric, goal.orElse(Goal.MINIMIZE), reading.groupBy, rows), List.copyOf(notes));
    }

    /** Returns a note for a user who gave no goal; empty if the metric is known to be minimized. */
    private static Optional<String> smallestIsBest(String metric) {
        return LESS_IS_BETTER.matcher(metric).matches()
                ? Optional.empty()
                : Optional.of("the smallest " + metric + " counts as the best; if more is better, add --goal maximize");
    }

    /** Reads the output of {@code kubectl sweep results -o json}. */
    private static RunTable ofRows(String name, String text, Columns wanted) {
        List<TrialRow> rows;
        try {
            rows = Documents.read(text, new TypeReference<List<TrialRow>>() {});
        } catch (JsonProcessingException e) {
            boolean isBroken = e instanceof StreamReadException || e.getCause() instanceof StreamReadException;
            throw new InvalidTable(
                    isBroken ? "is broken JSON: " + e.getOriginalMessage() + "; export the runs again" : OTHER_JSON);
        }
        if (rows.stream().anyMatch(row -> row == null || row.trial() == null || row.state() == null)) {
            throw new InvalidTable(OTHER_JSON);
        }
        String metric = wanted.metric();
        if (metric == null) {
            throw new InvalidTable("--metric: say which of the metrics is meant: "
                    + rows.stream()
                            .flatMap(row -> row.metrics().keySet().stream())
                            .distinct()
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
        boolean isThatOfTheSweep = rows.stream().allMatch(row -> isValueOf(metric, row));
        List<TrialRow> all = isThatOfTheSweep
                ? rows
                : rows.stream()
                        .map(row -> row.withValue(row.metrics().get(metric)))
                        .toList();
        List<String> notes = new ArrayList<>();
        notes.add("read as results of kubectl sweep; " + ranked(all));
        if (wanted.goal() == null) {
            smallestIsBest(metric).ifPresent(notes::add);
        }
        Goal goal = Objects.requireNonNullElse(wanted.goal(), Goal.MINIMIZE);
        return new RunTable(results(name, metric, goal, wanted.groupBy(), all), List.copyOf(notes));
    }

    /** Whether the value of a row is the last or the best one of the metric. */
    private static boolean isValueOf(String metric, TrialRow row) {
        BigDecimal last = row.metrics().get(metric);
        return last == null
                || row.value() == null
                || last.compareTo(row.value()) == 0
                || row.history().stream().map(MetricPoint::value).anyMatch(value -> value.compareTo(row.value()) == 0);
    }

    private static SweepResults results(
            String name, String metric, Goal goal, List<String> groupBy, List<TrialRow> rows) {
        return new SweepResults(
                null, name, null, metric, goal, groupBy, null, null, false, rows.size(), null, null, null, null, rows);
    }

    /** {@code 21 of 24 runs are ranked; not ranked: 1 failed (run-7), 2 killed (run-9, run-11)}. */
    private static String ranked(List<TrialRow> rows) {
        long ranked = rows.stream().filter(TrialRow::isRanked).count();
        Map<String, List<String>> others = new LinkedHashMap<>();
        rows.stream().filter(row -> !row.isRanked()).forEach(row -> others.computeIfAbsent(
                        why(row), none -> new ArrayList<>())
                .add(row.trial()));
        String listed = others.entrySet().stream()
                .map(group -> group.getValue().size() + " " + group.getKey() + " ("
                        + group.getValue().stream().limit(MAX_NAMED).collect(Collectors.joining(", "))
                        + (group.getValue().size() > MAX_NAMED ? ", ..." : "") + ")")
                .collect(Collectors.joining(", "));
        return ranked + " of " + rows.size() + " runs are ranked" + (listed.isEmpty() ? "" : "; not ranked: " + listed);
    }

    private static String why(TrialRow row) {
        boolean hasFinished = row.state().equals(State.SUCCEEDED.word());
        String word = row.reason() == null ? row.state() : row.reason();
        return hasFinished ? "without a value" : word.toLowerCase(Locale.ROOT);
    }

    /** Reads the rows of a sheet in a format. */
    private static final class Reading {
        private final Sheet sheet;
        private final TableFormat format;
        private final String metric;
        private final List<String> groupBy;
        private final List<String> parameters;
        private final Optional<String> state;
        private final Integer evalSamples;
        private final Set<String> unknownStates = new TreeSet<>();

        Reading(Sheet sheet, TableFormat format, Columns wanted) {
            this.sheet = sheet;
            this.format = format;
            this.evalSamples = wanted.evalSamples();
            LearningCurve.stepColumn(sheet, format.nameColumns()).ifPresent(column -> {
                throw new InvalidTable("has a row for each step (column " + column
                        + "), not for each run; export the table of runs instead. If each row is a run, rename the column "
                        + column);
            });
            this.metric = metric(wanted);
            this.groupBy = wanted.groupBy().stream()
                    .map(name -> column("--group-by", name))
                    .toList();
            List<String> ignored = wanted.ignored().stream()
                    .map(name -> column("--ignore", name))
                    .toList();
            Set<String> hyperparameters = new LinkedHashSet<>(
                    wanted.parameters().isEmpty()
                            ? format.hyperparameters(sheet)
                            : wanted.parameters().stream()
                                    .map(name -> column("--parameters", name))
                                    .toList());
            hyperparameters.addAll(groupBy);
            hyperparameters.removeAll(ignored);
            hyperparameters.remove(metric);
            this.parameters = List.copyOf(hyperparameters);
            this.state = stateColumn();
            Stream.concat(Stream.of(metric), parameters.stream())
                    .filter(sheet::isTwice)
                    .findFirst()
                    .ifPresent(twice -> {
                        throw new InvalidTable("the column " + twice + " occurs twice; rename one of them");
                    });
        }

        private String metric(Columns wanted) {
            if (wanted.metric() != null) {
                return column("--metric", wanted.metric());
            }
            return format.metricColumn()
                    .filter(sheet::has)
                    .orElseThrow(() -> new InvalidTable("--metric: say which column is the metric; the columns are "
                            + String.join(", ", sheet.header())));
        }

        /** Ray's {@code done} says nothing if it is false for all: programs that end by themselves may leave it so. */
        private Optional<String> stateColumn() {
            return format.stateColumn(sheet)
                    .filter(column -> !column.equals("done")
                            || sheet.rows().stream()
                                    .anyMatch(row -> sheet.cell(row, column).equalsIgnoreCase("true")));
        }

        /** The column of a name, which may lack the prefix that the tool gives it. */
        private String column(String option, String name) {
            return PREFIXES.stream()
                    .map(prefix -> prefix + name)
                    .filter(sheet::has)
                    .findFirst()
                    .orElseThrow(() -> new InvalidTable(option + ": there is no column " + name + nearest(name)
                            + "; the columns are " + String.join(", ", sheet.header())));
        }

        private String nearest(String name) {
            return sheet.header().stream()
                    .filter(column -> column.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT))
                            || (!column.isBlank()
                                    && name.toLowerCase(Locale.ROOT).contains(column.toLowerCase(Locale.ROOT))))
                    .min(Comparator.comparingInt(column -> Math.abs(column.length() - name.length())))
                    .map(column -> "; did you mean " + column + "?")
                    .orElse("");
        }

        List<TrialRow> rows() {
            List<TrialRow> rows = new ArrayList<>();
            for (List<String> row : sheet.rows()) {
                rows.add(row(row, rows.size()));
            }
            return rows;
        }

        private TrialRow row(List<String> row, int number) {
            boolean isOurs = format instanceof OwnTable;
            Map<String, ParameterValue> values = new TreeMap<>();
            for (String column : parameters) {
                String cell = format.value(sheet.cell(row, column));
                if (!cell.isEmpty()) {
                    values.put(
                            isOurs ? ResultsCsv.parameterOf(column) : column,
                            isOurs ? Cells.exact(cell) : Cells.foreign(cell, sheet));
                }
            }
            Map<String, BigDecimal> metrics = new TreeMap<>();
            for (String column : sheet.header()) {
                Optional<String> name = isOurs ? ResultsCsv.metricOf(column) : Optional.of(column);
                if (!parameters.contains(column) && name.isPresent()) {
                    sheet.number(sheet.cell(row, column)).ifPresent(value -> metrics.put(name.get(), value));
                }
            }
            if (evalSamples != null) {
                metrics.put(EVAL_SAMPLES, BigDecimal.valueOf(evalSamples));
            }
            Outcome outcome = outcome(row, number);
            return new TrialRow(
                    nameOf(row, number),
                    number,
                    values,
                    outcome.state.word(),
                    outcome.reason,
                    isOurs ? blankToNull(sheet.cell(row, "message")) : null,
                    outcome.value,
                    metrics,
                    isOurs
                            ? sheet.number(sheet.cell(row, "step"))
                                    .map(BigDecimal::longValue)
                                    .orElse(null)
                            : null,
                    isOurs
                            ? sheet.number(sheet.cell(row, "attempts"))
                                    .map(BigDecimal::intValue)
                                    .orElse(null)
                            : null,
                    null,
                    isOurs ? blankToNull(sheet.cell(row, "node")) : null,
                    null,
                    isOurs ? blankToNull(sheet.cell(row, "created")) : null,
                    isOurs ? blankToNull(sheet.cell(row, "started")) : null,
                    isOurs ? blankToNull(sheet.cell(row, "ended")) : null,
                    null);
        }

        private record Outcome(State state, String reason, BigDecimal value) {}

        private Outcome outcome(List<String> row, int number) {
            String written = Cells.withoutNumpy(sheet.cell(row, metric));
            String cell = NO_VALUE.matcher(written).matches() ? "" : written;
            Optional<BigDecimal> value = sheet.number(cell);
            boolean isNotANumber = value.isEmpty() && NOT_A_NUMBER.matcher(cell).matches();
            if (value.isEmpty() && !cell.isEmpty() && !isNotANumber) {
                throw new InvalidTable("row %d: %s is %s, which is not a number; write one as 0.5, NaN, or nothing"
                        .formatted(number + 1, metric, cell));
            }
            String word = state.map(column -> sheet.cell(row, column)).orElse("");
            State ended = state(word);
            if (format instanceof OwnTable) {
                return new Outcome(ended, blankToNull(sheet.cell(row, ResultsCsv.REASON)), value.orElse(null));
            }
            if (isNotANumber && (ended == State.SUCCEEDED || ended == State.FAILED)) {
                return new Outcome(State.FAILED, TrialStatus.DIVERGED, null);
            }
            if (ended == State.SUCCEEDED && value.isEmpty()) {
                return new Outcome(State.FAILED, "without a value", null);
            }
            String why = word.isEmpty() ? "without a state" : word;
            String reason = state.filter("done"::equals).isPresent() ? "not done" : why;
            return new Outcome(ended, ended == State.SUCCEEDED ? null : reason, value.orElse(null));
        }

        private State state(String word) {
            if (state.isEmpty()) {
                return State.SUCCEEDED;
            }
            if (state.get().equals("done")) {
                return word.equalsIgnoreCase("true") ? State.SUCCEEDED : State.RUNNING;
            }
            Optional<State> known = RunState.of(word);
            if (known.isEmpty()) {
                unknownStates.add(word.isEmpty() ? "(none)" : word);
            }
            return known.orElse(State.FAILED);
        }

        List<String> notes(List<TrialRow> rows) {
            List<String> notes = new ArrayList<>();
            notes.add("read as " + format.name() + "; "
                    + (parameters.isEmpty()
                            ? "no column is a hyperparameter: name them with --parameters"
                            : "hyperparameters: " + String.join(", ", parameters)
                                    + " (--parameters and --ignore change this)")
                    + "; " + ranked(rows));
            if (!unknownStates.isEmpty()) {
                notes.add("unknown states in column " + state.orElse("") + ": " + String.join(", ", unknownStates)
                        + "; these runs are not ranked");
            }
            if (format == TableFormats.RAY) {
                lengths(rows).ifPresent(notes::add);
            }
            if (state.isEmpty()) {
                notes.add("no column says which runs finished, so that every run with a value is ranked");
            }
            return notes;
        }

        /** Returns a note if the ranked runs differ in length. Ray Tune marks runs that its scheduler stopped early as done, too. */
        private Optional<String> lengths(List<TrialRow> rows) {
            Set<BigDecimal> lengths = rows.stream()
                    .filter(TrialRow::isRanked)
                    .map(row -> row.metrics().get(RAY_LENGTH))
                    .filter(Objects::nonNull)
                    .collect(Collectors.toCollection(TreeSet::new));
            return lengths.size() < 2
                    ? Optional.empty()
                    : Optional.of(
                            RAY_LENGTH + " differs between the ranked runs. Runs that a scheduler stopped early are"
                                    + " ranked too, because Ray Tune does not mark them");
        }

        private String nameOf(List<String> row, int number) {
            return format.nameColumns().stream()
                    .filter(sheet::has)
                    .map(column -> sheet.cell(row, column))
                    .filter(cell -> !cell.isEmpty())
                    .findFirst()
                    .orElse("row " + (number + 1));
        }

        private static String blankToNull(String text) {
            return text.isEmpty() ? null : text;
        }
    }
}
