package dev.sweeps.results.table;

import dev.sweeps.api.v1alpha1.Metric.Goal;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A table that marks its hyperparameters by a prefix.
 *
 * @param signs tells it from other tables
 * @param prefixes of the columns of hyperparameters
 */
record MarkedColumns(
        String name,
        Predicate<Sheet> signs,
        List<String> prefixes,
        Optional<String> state,
        List<String> nameColumns,
        Optional<String> metricColumn,
        Optional<Goal> goal)
        implements TableFormat {

    /** A table whose metric may be maximized or minimized. */
    MarkedColumns(
            String name,
            Predicate<Sheet> signs,
            List<String> prefixes,
            Optional<String> state,
            List<String> nameColumns,
            Optional<String> metricColumn) {
        this(name, signs, prefixes, state, nameColumns, metricColumn, Optional.empty());
    }

    @Override
    public boolean matches(Sheet sheet) {
        return signs.test(sheet);
    }

    @Override
    public List<String> hyperparameters(Sheet sheet) {
        return sheet.header().stream()
                .filter(column -> prefixes.stream().anyMatch(column::startsWith))
                .toList();
    }

    @Override
    public Optional<String> stateColumn(Sheet sheet) {
        return state.filter(sheet::has);
    }
}
