package dev.sweeps.results.table;

import dev.sweeps.api.v1alpha1.Metric.Goal;
import java.util.List;
import java.util.Optional;

/**
 * The {@code cv_results_} of scikit-learn's searches. A failed fit has NaN. More is always better: scikit-learn negates what is not a score, as in
 * {@code neg_mean_squared_error}.
 */
final class ScikitLearn implements TableFormat {
    private static final String PARAMETER = "param_";

    @Override
    public String name() {
        return "cv_results_ of scikit-learn";
    }

    @Override
    public boolean matches(Sheet sheet) {
        return !hyperparameters(sheet).isEmpty()
                && sheet.header().stream().anyMatch(column -> column.startsWith("mean_test_"));
    }

    @Override
    public List<String> hyperparameters(Sheet sheet) {
        return sheet.header().stream()
                .filter(column -> column.startsWith(PARAMETER))
                .toList();
    }

    @Override
    public Optional<String> stateColumn(Sheet sheet) {
        return Optional.empty();
    }

    @Override
    public List<String> nameColumns() {
        return List.of();
    }

    @Override
    public Optional<String> metricColumn() {
        return Optional.of("mean_test_score");
    }

    @Override
    public Optional<Goal> goal() {
        return Optional.of(Goal.MAXIMIZE);
    }
}
