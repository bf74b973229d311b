package dev.sweeps.results.table;

import dev.sweeps.results.ResultsCsv;
import java.util.List;
import java.util.Optional;

/** The format that {@code kubectl sweep results -o csv} writes. */
final class OwnTable implements TableFormat {
    @Override
    public String name() {
        return "results of kubectl sweep";
    }

    @Override
    public boolean matches(Sheet sheet) {
        return sheet.header().get(0).equals(ResultsCsv.TRIAL)
                && sheet.has(ResultsCsv.STATE)
                && sheet.has(ResultsCsv.REASON);
    }

    @Override
    public List<String> hyperparameters(Sheet sheet) {
        return sheet.header().subList(1, sheet.column(ResultsCsv.STATE));
    }

    @Override
    public Optional<String> stateColumn(Sheet sheet) {
        return Optional.of(ResultsCsv.STATE);
    }

    @Override
    public List<String> nameColumns() {
        return List.of(ResultsCsv.TRIAL);
    }
}
