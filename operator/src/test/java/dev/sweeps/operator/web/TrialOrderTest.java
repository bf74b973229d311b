package dev.sweeps.operator.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.results.TrialRow;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrialOrderTest {
    private static final List<TrialRow> ROWS =
            List.of(row("a", 0, "10", "0.5"), row("b", 1, "9", null), row("c", 2, "100", "0.7"));

    @Test
    void whatHasNoValueComesLastEitherWay() {
        assertThat(sorted("value", false)).containsExactly("a", "c", "b");
        assertThat(sorted("value", true)).containsExactly("c", "a", "b");
    }

    @Test
    void numbersAreOrderedAsNumbers() {
        assertThat(sorted("parameters.batch", false)).containsExactly("b", "a", "c");
        assertThat(sorted("metrics.loss", true)).containsExactly("c", "b", "a");
    }

    @Test
    void anUnknownColumnIsRefusedWithThoseThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sorted("nonsense", false))
                .withMessageStartingWith("sort is nonsense; use number, trial, state, value,");
    }

    @Test
    void eachWordOfAFilterMustBeHeld() {
        assertThat(filtered(null, "BATCH=10")).containsExactly("a", "c");
        assertThat(filtered("Succeeded", " batch=10  =100 ")).containsExactly("c");
        assertThat(filtered("Failed", null)).isEmpty();
        assertThat(filtered(null, "batch>9 Batch<1e2")).containsExactly("a");
        assertThat(filtered(null, "batch>=10 loss<=2")).containsExactly("a", "c");
        assertThat(filtered(null, "nothing>1")).isEmpty();
        assertThat(filtered(null, "batch>many")).isEmpty();
        assertThat(filtered(null, "")).hasSize(3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> filtered("succeeded", null))
                .withMessage("state is succeeded; use one of Pending, Queued, Running, Succeeded, Failed, Stopped");
    }

    private static List<String> filtered(String state, String text) {
        return ROWS.stream()
                .filter(TrialFilter.of(state, text))
                .map(TrialRow::trial)
                .toList();
    }

    private static List<String> sorted(String column, boolean descending) {
        return ROWS.stream()
                .sorted(TrialOrder.of(column, descending))
                .map(TrialRow::trial)
                .toList();
    }

    private static TrialRow row(String name, long number, String batch, String value) {
        return new TrialRow(
                name,
                number,
                Map.of("batch", ParameterValue.number(batch)),
                "Succeeded",
                null,
                null,
                value == null ? null : new BigDecimal(value),
                Map.of("loss", new BigDecimal(number)),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
