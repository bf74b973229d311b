package dev.sweeps.operator.web;

import dev.sweeps.analysis.TrialTable;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.results.TrialRow;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.function.Function;

/** The order of a page of trials. Trials without a value in the column come last in both directions. */
final class TrialOrder {
    private static final String PARAMETER = "parameters.";
    private static final String METRIC = "metrics.";

    private TrialOrder() {}

    /**
     * @param column number, trial, state, value, started, ended, node, attempts, step, reason, {@code parameters.NAME} or
     *     {@code metrics.NAME}
     * @throws IllegalArgumentException if it is none of these
     */
    static Comparator<TrialRow> of(String column, boolean descending) {
        Comparator<TrialRow> byNumber = Comparator.comparingLong(TrialRow::number);
        if (column.startsWith(PARAMETER)) {
            String name = column.substring(PARAMETER.length());
            return by(row -> number(TrialTable.value(row.parameters(), name)), descending)
                    .thenComparing(
                            by(row -> TrialTable.value(row.parameters(), name).toString(), descending))
                    .thenComparing(byNumber);
        }
        if (column.startsWith(METRIC)) {
            return by(row -> row.metrics().get(column.substring(METRIC.length())), descending)
                    .thenComparing(byNumber);
        }
        return switch (column) {
            case "trial" -> by(TrialRow::trial, descending);
            case "state" -> by(TrialRow::state, descending).thenComparing(byNumber);
            case "value" -> by(TrialRow::value, descending).thenComparing(byNumber);
            case "started" -> by(TrialRow::started, descending).thenComparing(byNumber);
            case "ended" -> by(TrialRow::ended, descending).thenComparing(byNumber);
            case "node" -> by(TrialRow::node, descending).thenComparing(byNumber);
            case "reason" -> by(TrialRow::reason, descending).thenComparing(byNumber);
            case "attempts" -> by(TrialRow::attempts, descending).thenComparing(byNumber);
            case "step" -> by(TrialRow::step, descending).thenComparing(byNumber);
            case "number" -> descending ? byNumber.reversed() : byNumber;
            default ->
                throw new IllegalArgumentException("sort is " + column
                        + "; use number, trial, state, value, started, ended, node, attempts, step, reason,"
                        + " parameters.NAME or metrics.NAME");
        };
    }

    private static <T extends Comparable<? super T>> Comparator<TrialRow> by(
            Function<TrialRow, T> column, boolean descending) {
        Comparator<T> order = descending ? Comparator.reverseOrder() : Comparator.naturalOrder();
        return Comparator.comparing(column, Comparator.nullsLast(order));
    }

    private static BigDecimal number(ParameterValue value) {
        return value.raw() instanceof BigDecimal number ? number : null;
    }
}
