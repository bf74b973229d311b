package dev.sweeps.results.table;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The {@code dataframe()} of SageMaker's HyperparameterTuningJobAnalytics. Integers and categories are in quotes of their own. A tuning job over
 * several algorithms writes {@code TrainingJobDefinitionName} too.
 */
final class SageMaker implements TableFormat {
    private static final Pattern OWN = Pattern.compile("Training.*|FinalObjectiveValue|TuningJobName|Unnamed:.*|");

    @Override
    public String name() {
        return "an export of a SageMaker tuning job";
    }

    @Override
    public boolean matches(Sheet sheet) {
        return sheet.has("TrainingJobName") && sheet.has("TrainingJobStatus");
    }

    @Override
    public List<String> hyperparameters(Sheet sheet) {
        return sheet.header().stream()
                .filter(column -> !OWN.matcher(column).matches())
                .toList();
    }

    @Override
    public Optional<String> stateColumn(Sheet sheet) {
        return Optional.of("TrainingJobStatus");
    }

    @Override
    public List<String> nameColumns() {
        return List.of("TrainingJobName");
    }

    @Override
    public Optional<String> metricColumn() {
        return Optional.of("FinalObjectiveValue");
    }

    @Override
    public String value(String cell) {
        return Cells.unquoted(cell);
    }
}
