package dev.sweeps.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrialNameTest {
    /** If this name changes, a running sweep loses sight of its trials at the upgrade. */
    @Test
    void theNameOfAPointIsForEver() {
        Point point = Point.of(Map.of(
                "learning_rate", ParameterValue.number("3e-5"),
                "batch", ParameterValue.of(8),
                "model", ParameterValue.text("bert-base-uncased")));
        assertThat(TrialName.of("rte", point, 0)).isEqualTo("rte-usj3ncr56f");
    }

    @Test
    void eightAndEightPointZeroAreOnePoint() {
        assertThat(name(ParameterValue.number("8"))).isEqualTo(name(ParameterValue.number("8.0")));
    }

    @Test
    void aNumberATextAndABooleanAreThreePoints() {
        assertThat(name(ParameterValue.of(1)))
                .isNotEqualTo(name(ParameterValue.text("1")))
                .isNotEqualTo(name(ParameterValue.of(true)));
    }

    @Test
    void everyReplicateHasAName() {
        Point point = Point.of(Map.of());
        assertThat(TrialName.of("rte", point, 0)).isNotEqualTo(TrialName.of("rte", point, 1));
    }

    @Test
    void theNameOfTheLongestSweepFitsALabel() {
        assertThat(TrialName.of("s".repeat(52), Point.of(Map.of()), 0)).hasSize(63);
    }

    private static String name(ParameterValue value) {
        return TrialName.of("rte", Point.of(Map.of("p", value)), 0);
    }
}
