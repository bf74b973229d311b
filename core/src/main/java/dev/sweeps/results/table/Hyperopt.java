package dev.sweeps.results.table;

import java.util.List;
import java.util.Optional;

/**
 * The trials of Hyperopt by {@code pandas.json_normalize(trials.trials)}: {@code misc.vals.lr} holds a list of one value,
 * {@code result.status} is ok or fail.
 */
final class Hyperopt implements TableFormat {
    private static final String VALUES = "misc.vals.";

    @Override
    public String name() {
        return "an export of Hyperopt";
    }

    @Override
    public boolean matches(Sheet sheet) {
        return sheet.header().stream().anyMatch(column -> column.startsWith(VALUES));
    }

    @Override
    public List<String> hyperparameters(Sheet sheet) {
        return sheet.header().stream()
                .filter(column -> column.startsWith(VALUES))
                .toList();
    }

    @Override
    public Optional<String> stateColumn(Sheet sheet) {
        return Optional.of("result.status").filter(sheet::has);
    }

    @Override
    public List<String> nameColumns() {
        return List.of("tid");
    }

    @Override
    public Optional<String> metricColumn() {
        return Optional.of("result.loss");
    }

    /** {@code [0.01]} is 0.01, and {@code []} that the parameter was not drawn. */
    @Override
    public String value(String cell) {
        return cell.startsWith("[") && cell.endsWith("]") ? Cells.unquoted(cell.substring(1, cell.length() - 1)) : cell;
    }
}
