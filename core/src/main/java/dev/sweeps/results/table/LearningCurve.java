package dev.sweeps.results.table;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Recognises a table with a row for each training step instead of each run: the {@code progress.csv} of Ray Tune, the history of a W&amp;B run, the
 * CSV loggers of Keras and Lightning, the {@code results.csv} of YOLO.
 */
final class LearningCurve {
    /** Columns that count steps. A message names the first one that does. */
    private static final List<String> STEPS = List.of(
            "training_iteration",
            "_step",
            "global_step",
            "trainer/global_step",
            "step",
            "Step",
            "iteration",
            "iter",
            "round",
            "epoch",
            "Epoch");

    /** Minimum number of rows of a run that shows a learning curve and not a coincidence. */
    private static final int MIN_ROWS = 3;

    private LearningCurve() {}

    /** Returns the column that counts the steps; empty if the rows are runs. */
    static Optional<String> stepColumn(Sheet sheet, List<String> nameColumns) {
        Map<String, List<List<String>>> runs = new LinkedHashMap<>();
        for (List<String> row : sheet.rows()) {
            runs.computeIfAbsent(nameOf(sheet, row, nameColumns), name -> new ArrayList<>())
                    .add(row);
        }
        return STEPS.stream()
                .filter(sheet::has)
                .filter(column -> runs.values().stream().anyMatch(rows -> rows.size() >= MIN_ROWS)
                        && runs.values().stream().allMatch(rows -> counts(sheet, column, rows)))
                .findFirst();
    }

    private static String nameOf(Sheet sheet, List<String> row, List<String> nameColumns) {
        return nameColumns.stream()
                .filter(sheet::has)
                .map(column -> sheet.cell(row, column))
                .filter(cell -> !cell.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** Whether the column begins near zero and rises in at least every second row, as that of a training does. */
    private static boolean counts(Sheet sheet, String column, List<List<String>> rows) {
        TreeSet<BigDecimal> steps = new TreeSet<>();
        for (List<String> row : rows) {
            Optional<BigDecimal> step = sheet.number(sheet.cell(row, column));
            if (step.isEmpty() || !steps.isEmpty() && step.get().compareTo(steps.last()) < 0) {
                return false;
            }
            steps.add(step.get());
        }
        if (rows.size() < MIN_ROWS) {
            return true;
        }
        BigDecimal first = steps.first();
        BigDecimal second = steps.higher(first);
        return 2 * steps.size() >= rows.size() && second != null && first.compareTo(second.subtract(first)) <= 0;
    }
}
