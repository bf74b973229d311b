package dev.sweeps.results.table;

import dev.sweeps.api.v1alpha1.Metric.Goal;
import java.util.List;
import java.util.Optional;

/** How one tool lays out its table of runs. {@link TableFormats} lists all. */
interface TableFormat {
    /** The tool and the kind of table, as a user knows it. */
    String name();

    /** Whether the sheet is one of this tool's. */
    boolean matches(Sheet sheet);

    /**
     * The sheet with columns for what this tool packs into cells.
     *
     * @throws InvalidTable if it holds no runs, with the way to a table that does
     */
    default Sheet unpacked(Sheet sheet) {
        return sheet;
    }

    /** The hyperparameters; empty if the format does not mark them. */
    List<String> hyperparameters(Sheet sheet);

    /** The column that says how a run stands; empty if there is none. */
    Optional<String> stateColumn(Sheet sheet);

    /** Columns that may hold the name of a run, the first that is there counts. */
    List<String> nameColumns();

    /** The column of the metric that this tool optimizes, if it has a fixed name. */
    default Optional<String> metricColumn() {
        return Optional.empty();
    }

    /** Returns the goal, if it is the same for all tables of this tool. */
    default Optional<Goal> goal() {
        return Optional.empty();
    }

    /** The value as the tool means it: without quotes or brackets around it. */
    default String value(String cell) {
        return cell;
    }
}
