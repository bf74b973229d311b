package dev.sweeps.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tables with a header and a row for each step, as spaCy ({@code E    #       LOSS TOK2VEC  CATS_SCORE  SCORE}) and fastai
 * ({@code epoch     train_loss  valid_loss  accuracy  time}) print them. Columns are parted by two spaces or more, by {@code |}, or by
 * commas ({@code epoch,acc,loss}). A table ends {@value #MAX_LINES_BETWEEN} lines after its last row.
 */
final class ColumnsForm implements MetricForm {
    private static final int MAX_LINES_BETWEEN = 20;

    private static final Pattern GAP = Pattern.compile("\\s{2,}|\\s*[|\u2502\u2503]\\s*|\\t");
    private static final Pattern SPACES = Pattern.compile("\\s+(?:[|\u2502\u2503]\\s*)?");
    private static final Pattern COMMAS = Pattern.compile("\\s*,\\s*");

    /** A line that consists of names. Text with a comma does not match. */
    private static final Pattern NAMES = Pattern.compile("[A-Za-z_#][\\w./@-]*(?:\\s?,\\s?[A-Za-z_#][\\w./@-]*)+");

    private static final Pattern EDGE = Pattern.compile("^[|\u2502\u2503\\s]+|[|\u2502\u2503\\s]+$");
    private static final Pattern NUMBER = Pattern.compile("[-+.]?[0-9][-+.0-9eE%]*");
    private static final Map<String, String> STEPS = Map.of(
            "E",
            Metrics.EPOCH,
            "epoch",
            Metrics.EPOCH,
            "Epoch",
            Metrics.EPOCH,
            "#",
            Metrics.STEP,
            "step",
            Metrics.STEP,
            "Step",
            Metrics.STEP);

    private final MetricName watchedName;
    private final String watched;
    private List<String> header = List.of();
    private Pattern separator = SPACES;
    private int since;

    ColumnsForm(String watched) {
        this.watched = watched;
        this.watchedName = new MetricName(watched);
    }

    @Override
    public List<Metrics> read(String line) {
        if (watchedName.isIn(line)) {
            boolean hasCommas = NAMES.matcher(line.strip()).matches();
            List<String> cells =
                    List.of((hasCommas ? COMMAS : GAP).split(EDGE.matcher(line).replaceAll("")));
            boolean isHeader = cells.size() > 1
                    && cells.contains(watched)
                    && cells.stream().noneMatch(cell -> NUMBER.matcher(cell).matches());
            if (isHeader) {
                header = cells;
                separator = hasCommas ? COMMAS : SPACES;
                since = 0;
            }
            return List.of();
        }
        if (header.isEmpty()) {
            return List.of();
        }
        String[] cells = separator.split(EDGE.matcher(line).replaceAll(""));
        Metrics row = cells.length == header.size() ? row(cells) : Metrics.NONE;
        since = row.isEmpty() ? since + 1 : 0;
        if (since > MAX_LINES_BETWEEN) {
            header = List.of();
        }
        return row.isEmpty() ? List.of() : List.of(row);
    }

    /** Reads a row whose cells are numbers, except for the time and the like after the metric. */
    private Metrics row(String[] cells) {
        Map<String, NumberText> found = new LinkedHashMap<>();
        for (int i = 0; i < cells.length; i++) {
            String column = header.get(i);
            Optional<NumberText> number = NumberText.of(cells[i]);
            if (number.isEmpty() && i <= header.indexOf(watched)) {
                return Metrics.NONE;
            }
            if (column.equals(watched) || STEPS.containsKey(column)) {
                number.ifPresent(value -> found.put(STEPS.getOrDefault(column, column), value));
            }
        }
        return Metrics.of(found);
    }
}
