package dev.sweeps.results;

import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * Tables of trials as CSV: {@code trial}, the parameters, {@code state}, {@code reason}, the metrics, and where and when. Read are such tables
 * and those of others, one row a run, as Weights and Biases exports them.
 */
public final class ResultsCsv {
    private static final String TRIAL = "trial";
    private static final String STATE = "state";
    private static final String REASON = "reason";
    private static final List<String> LAST = List.of("step", "attempts", "node", "created", "started", "ended");

    /** Before a metric that has the name of a parameter. */
    private static final String METRIC_PREFIX = "metrics.";

    /** What Weights and Biases, Optuna and others write beside parameters and metrics, in lower case. */
    private static final Set<String> BOOKKEEPING = Set.of(
            TRIAL,
            "name",
            "id",
            "number",
            STATE,
            REASON,
            "notes",
            "user",
            "tags",
            "created",
            "createdat",
            "updated",
            "end time",
            "runtime",
            "duration",
            "sweep",
            "group",
            "job type",
            "hostname",
            "commit",
            "github",
            "host",
            "datetime_start",
            "datetime_complete",
            "epoch",
            "step",
            "global_step",
            "attempts",
            "node",
            "started",
            "ended",
            "eval_samples");

    /** Names of what is measured, not chosen. */
    private static final Pattern MEASURED = Pattern.compile(
            "_.*|(eval|val|valid|test|best)[_/.].*|.*(loss|acc|accuracy|f1|mcc|perplexity|runtime|per_second)|metrics\\..*",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern NOT_A_NUMBER = Pattern.compile("[-+]?(nan|inf|infinity)", Pattern.CASE_INSENSITIVE);
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,4})?");

    /** Characters of the first line. */
    private static final int MAX_HEADER = 1 << 20;

    private ResultsCsv() {}

    /** What to take from a table of somebody else's. */
    public record Columns(
            String metric, Goal goal, List<String> groupBy, List<String> parameters, Integer evalSamples) {}

    /** Writes a table. */
    public static void write(SweepResults results, Appendable out) throws IOException {
        Set<String> parameters = new TreeSet<>();
        Set<String> metrics = new TreeSet<>();
        metrics.add(results.metric());
        results.trials().forEach(row -> {
            parameters.addAll(row.parameters().keySet());
            metrics.addAll(row.metrics().keySet());
        });
        List<String> header = new ArrayList<>(List.of(TRIAL));
        header.addAll(parameters);
        header.addAll(List.of(STATE, REASON));
        metrics.forEach(metric -> header.add(parameters.contains(metric) ? METRIC_PREFIX + metric : metric));
        header.addAll(LAST.stream().filter(column -> !header.contains(column)).toList());
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader(header.toArray(String[]::new))
                .setRecordSeparator('\n')
                .get();
        // Not closed: that would close what it is printed to.
        CSVPrinter printer = new CSVPrinter(out, format);
        for (TrialRow row : results.trials()) {
            printer.printRecord(cells(row, results.metric(), parameters, metrics, header));
        }
        printer.flush();
    }

    private static List<Object> cells(
            TrialRow row, String metric, Set<String> parameters, Set<String> metrics, List<String> header) {
        List<Object> cells = new ArrayList<>();
        cells.add(row.trial());
        parameters.forEach(name -> cells.add(row.parameters().get(name)));
        cells.add(row.state());
        cells.add(row.reason());
        metrics.forEach(name -> {
            BigDecimal value = name.equals(metric) ? row.value() : row.metrics().get(name);
            cells.add(value == null ? null : value.toPlainString());
        });
        Map<String, Object> last = new LinkedHashMap<>();
        last.put("step", row.step());
        last.put("attempts", row.attempts());
        last.put("node", row.node());
        last.put("created", row.created());
        last.put("started", row.started());
        last.put("ended", row.ended());
        header.subList(cells.size(), header.size()).forEach(column -> cells.add(last.get(column)));
        return cells;
    }

    /**
     * Reads a table.
     *
     * @param name of the results
     * @throws IllegalArgumentException with a sentence for the user, if the table lacks what is asked for
     */
    public static SweepResults read(String name, Reader csv, Columns wanted) throws IOException {
        BufferedReader text = withoutByteOrderMark(csv);
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(delimiter(text))
                .setHeader()
                .setSkipHeaderRecord(true)
                .setIgnoreSurroundingSpaces(true)
                // pandas writes its index under no name.
                .setAllowMissingColumnNames(true)
                .get();
        try (CSVParser parser = format.parse(text)) {
            List<String> header = parser.getHeaderNames();
            List<String> parameters = parameters(header, wanted);
            check(header, parameters, wanted);
            List<TrialRow> rows = new ArrayList<>();
            for (CSVRecord line : parser) {
                if (line.size() != header.size()) {
                    throw new IllegalArgumentException(
                            "row %d has %d cells, and the header has %d; an empty cell needs its comma too"
                                    .formatted(rows.size() + 1, line.size(), header.size()));
                }
                rows.add(row(line, rows.size(), header, parameters, wanted));
            }
            return new SweepResults(
                    null,
                    name,
                    null,
                    wanted.metric(),
                    wanted.goal(),
                    wanted.groupBy(),
                    null,
                    null,
                    false,
                    rows.size(),
                    null,
                    null,
                    null,
                    null,
                    rows);
        }
    }

    private static void check(List<String> header, List<String> parameters, Columns wanted) {
        if (header.isEmpty()) {
            throw new IllegalArgumentException("the table is empty; its first line names the columns");
        }
        if (!header.contains(wanted.metric())) {
            throw new IllegalArgumentException((wanted.metric() == null
                            ? "--metric: say which column is the metric"
                            : "--metric: there is no column " + wanted.metric())
                    + "; the columns are " + String.join(", ", header));
        }
        for (String column : Stream.of(List.of(wanted.metric()), wanted.groupBy(), parameters)
                .flatMap(List::stream)
                .toList()) {
            if (!header.contains(column)) {
                throw new IllegalArgumentException(
                        "there is no column " + column + "; the parameters are " + String.join(", ", parameters));
            }
            if (Collections.frequency(header, column) > 1) {
                throw new IllegalArgumentException("the column " + column + " is there twice; rename one of them");
            }
        }
    }

    /** Spreadsheets write one before the first column's name. */
    private static BufferedReader withoutByteOrderMark(Reader csv) throws IOException {
        BufferedReader text = new BufferedReader(csv);
        text.mark(1);
        if (text.read() != '\uFEFF') {
            text.reset();
        }
        return text;
    }

    /** What parts the columns: a comma, or where the first line has none, a semicolon or a tab. */
    private static String delimiter(BufferedReader text) throws IOException {
        text.mark(MAX_HEADER);
        String header = Objects.requireNonNullElse(text.readLine(), "");
        text.reset();
        return Stream.of(",", ";", "\t").filter(header::contains).findFirst().orElse(",");
    }

    /** The columns that are taken for parameters: those asked for, or those of our own layout, or those that look like some. */
    static List<String> parameters(List<String> header, Columns wanted) {
        if (!wanted.parameters().isEmpty()) {
            return wanted.parameters();
        }
        if (!header.isEmpty() && header.get(0).equals(TRIAL) && header.contains(STATE)) {
            return header.subList(1, header.indexOf(STATE));
        }
        return header.stream()
                .filter(column -> wanted.groupBy().contains(column)
                        || !column.equals(wanted.metric())
                                && !column.isEmpty()
                                && !BOOKKEEPING.contains(column.toLowerCase(Locale.ROOT))
                                && !MEASURED.matcher(column).matches())
                .toList();
    }

    private static TrialRow row(
            CSVRecord line, int number, List<String> header, List<String> parameterColumns, Columns wanted) {
        Map<String, ParameterValue> parameters = new TreeMap<>();
        for (String column : parameterColumns) {
            String text = cell(line, column);
            if (!text.isEmpty()) {
                parameters.put(column, parameter(text));
            }
        }
        Map<String, BigDecimal> metrics = new TreeMap<>();
        for (String column : header) {
            String text = cell(line, column);
            if (!parameterColumns.contains(column) && NUMBER.matcher(text).matches()) {
                metrics.put(
                        column.startsWith(METRIC_PREFIX) ? column.substring(METRIC_PREFIX.length()) : column,
                        new BigDecimal(text));
            }
        }
        if (wanted.evalSamples() != null) {
            metrics.put("eval_samples", BigDecimal.valueOf(wanted.evalSamples()));
        }
        String metric = cell(line, wanted.metric());
        BigDecimal value = NUMBER.matcher(metric).matches() ? new BigDecimal(metric) : null;
        if (value == null && !metric.isEmpty() && !NOT_A_NUMBER.matcher(metric).matches()) {
            throw new IllegalArgumentException("row %d: %s is %s, which is no number; write one as 0.5, NaN, or nothing"
                    .formatted(number + 1, wanted.metric(), metric));
        }
        String reason = NOT_A_NUMBER.matcher(metric).matches() ? TrialStatus.DIVERGED : cell(line, REASON);
        return new TrialRow(
                name(line, header, number),
                number,
                parameters,
                value == null ? State.FAILED.word() : State.SUCCEEDED.word(),
                reason.isEmpty() ? null : reason,
                null,
                value,
                metrics,
                null,
                null,
                null,
                blankToNull(cell(line, "node")),
                null,
                blankToNull(cell(line, "created")),
                blankToNull(cell(line, "started")),
                blankToNull(cell(line, "ended")),
                null);
    }

    private static String name(CSVRecord line, Collection<String> header, int number) {
        return Stream.of(TRIAL, "Name", "name", "ID", "id")
                .filter(header::contains)
                .map(column -> cell(line, column))
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("row " + (number + 1));
    }

    private static ParameterValue parameter(String text) {
        if (NUMBER.matcher(text).matches()) {
            return ParameterValue.number(text);
        }
        return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")
                ? new ParameterValue(Boolean.valueOf(text.toLowerCase(Locale.ROOT)))
                : ParameterValue.text(text);
    }

    private static String cell(CSVRecord line, String column) {
        return line.isSet(column) ? line.get(column) : "";
    }

    private static String blankToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
