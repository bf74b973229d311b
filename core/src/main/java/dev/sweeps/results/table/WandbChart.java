package dev.sweeps.results.table;

import java.util.List;
import java.util.Optional;

/** The points of a chart of W&amp;B: a row for each step, a column for each run. It is not a table of runs. */
final class WandbChart implements TableFormat {
    @Override
    public String name() {
        return "the points of a chart of Weights & Biases";
    }

    @Override
    public boolean matches(Sheet sheet) {
        boolean isBySteps = !sheet.header().isEmpty()
                && List.of(
                                "Step",
                                "_step",
                                "global_step",
                                "epoch",
                                "Relative Time (Process)",
                                "Relative Time (Wall)",
                                "Wall Time")
                        .contains(sheet.header().get(0));
        return isBySteps
                && sheet.header().stream().anyMatch(column -> column.contains(" - "))
                && sheet.header().stream().anyMatch(column -> column.endsWith("__MIN"));
    }

    @Override
    public Sheet unpacked(Sheet sheet) {
        throw new InvalidTable(
                "holds the points of a chart, a row for each step; export the table of runs instead: on the page of the"
                        + " sweep or project open the table, then Export > CSV");
    }

    @Override
    public List<String> hyperparameters(Sheet sheet) {
        return List.of();
    }

    @Override
    public Optional<String> stateColumn(Sheet sheet) {
        return Optional.empty();
    }

    @Override
    public List<String> nameColumns() {
        return List.of();
    }
}
