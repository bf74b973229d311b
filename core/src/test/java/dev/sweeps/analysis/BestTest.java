package dev.sweeps.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BestTest {
    private static final List<Result> RESULTS = List.of(
            result("t9", 0, "bert", "1", "0.70"),
            result("t2", 1, "bert", "2", "0.60"),
            result("t3", 2, "distil", "1", "0.70"),
            result("t4", 3, "distil", "2", "0.5"));

    @Test
    void theBestIsByGoal() {
        assertThat(best(RESULTS, Goal.MAXIMIZE).orElseThrow().trial()).isEqualTo("t9");
        assertThat(best(RESULTS, Goal.MINIMIZE).orElseThrow().trial()).isEqualTo("t4");
    }

    @Test
    void equalOnesAreCountedAndTheFirstInRunningOrderIsTheBest() {
        List<Result> reversed = List.of(RESULTS.get(3), RESULTS.get(2), RESULTS.get(1), RESULTS.get(0));
        Best best = best(reversed, Goal.MAXIMIZE).orElseThrow();
        assertThat(best.trial()).isEqualTo("t9");
        assertThat(best.ties()).isEqualTo(1);
    }

    @Test
    void replicatesOfOneSettingAreOneMean() {
        List<Result> replicated = List.of(
                result("a1", 0, "bert", "1", "0.9"),
                result("a2", 0, "bert", "1", "0.1"),
                result("b", 1, "bert", "2", "0.6"));
        assertThat(best(replicated, Goal.MAXIMIZE).orElseThrow().trial()).isEqualTo("b");
    }

    @Test
    void noResultsHaveNoBest() {
        assertThat(best(List.of(), Goal.MAXIMIZE)).isEmpty();
    }

    @Test
    void groupsComeInTheOrderOfTheirBest() {
        assertThat(table(RESULTS, Goal.MINIMIZE).groups(List.of("model")))
                .extracting(group -> group.valuesOf(List.of("model")) + " "
                        + group.results().size() + " "
                        + Best.of(group, Noise.UNKNOWN, List.of()).orElseThrow().trial())
                .containsExactly("{model=distil} 2 t4", "{model=bert} 2 t2");
    }

    private static Optional<Best> best(List<Result> results, Goal goal) {
        return Best.of(table(results, goal), Noise.UNKNOWN, List.of("model", "lr"));
    }

    private static TrialTable table(List<Result> results, Goal goal) {
        return new TrialTable("acc", goal, results, List.of(), OptionalLong.empty());
    }

    private static Result result(String trial, long number, String model, String rate, String value) {
        return new Result(
                trial,
                number,
                Map.of("model", ParameterValue.text(model), "lr", ParameterValue.text(rate)),
                new BigDecimal(value),
                false);
    }
}
