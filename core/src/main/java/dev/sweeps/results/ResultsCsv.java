package dev.sweeps.results;

import dev.sweeps.results.table.Cells;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Writes tables of trials as CSV: {@code trial}, the parameters, {@code state}, {@code reason}, the metrics, and where and when.
 * {@link dev.sweeps.results.table.RunTable} reads them back.
 */
public final class ResultsCsv {
    public static final String TRIAL = "trial";
    public static final String STATE = "state";
    public static final String REASON = "reason";
    private static final String STEP = "step";
    private static final List<String> LAST =
            List.of(STEP, "attempts", "node", "created", "started", "ended", "message");

    /** Before a metric or a parameter that has the name of another column. */
    private static final String METRIC_PREFIX = "metrics.";

    private static final String PARAMETER_PREFIX = "parameters.";

    private ResultsCsv() {}

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
        metrics.remove(STEP); // It has a column of its own.
        parameters.forEach(name -> header.add(isOwn(name) ? PARAMETER_PREFIX + name : name));
        header.addAll(List.of(STATE, REASON));
        metrics.forEach(
                metric -> header.add(isOwn(metric) || parameters.contains(metric) ? METRIC_PREFIX + metric : metric));
        header.addAll(LAST);
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
        parameters.forEach(name -> cells.add(Cells.of(row.parameters().get(name))));
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
        last.put("message", row.message());
        header.subList(cells.size(), header.size()).forEach(column -> cells.add(last.get(column)));
        return cells;
    }

    private static boolean isOwn(String name) {
        return List.of(TRIAL, STATE, REASON).contains(name)
                || LAST.contains(name)
                || name.startsWith(METRIC_PREFIX)
                || name.startsWith(PARAMETER_PREFIX);
    }

    /** The metric in a column; empty if it holds something else. */
    public static Optional<String> metricOf(String column) {
        boolean isOther =
                List.of(TRIAL, STATE, REASON).contains(column) || (LAST.contains(column) && !column.equals(STEP));
        return isOther ? Optional.empty() : Optional.of(without(METRIC_PREFIX, column));
    }

    /** The parameter in a column. */
    public static String parameterOf(String column) {
        return without(PARAMETER_PREFIX, column);
    }

    private static String without(String prefix, String column) {
        return column.startsWith(prefix) ? column.substring(prefix.length()) : column;
    }
}
