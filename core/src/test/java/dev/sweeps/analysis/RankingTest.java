package dev.sweeps.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RankingTest {
    private static final List<Result> RESULTS = List.of(
            result("t9", 0, "bert", "0.70"),
            result("t2", 1, "bert", "0.60"),
            result("t3", 2, "distil", "0.70"),
            result("t4", 3, "distil", "0.5"));

    @Test
    void theBestIsByGoal() {
        assertThat(Ranking.of(RESULTS, Goal.MAXIMIZE).orElseThrow().best().trial())
                .isEqualTo("t9");
        assertThat(Ranking.of(RESULTS, Goal.MINIMIZE).orElseThrow().best().trial())
                .isEqualTo("t4");
    }

    @Test
    void equalOnesAreCountedAndTheFirstInRunningOrderIsTheBest() {
        List<Result> reversed = List.of(RESULTS.get(3), RESULTS.get(2), RESULTS.get(1), RESULTS.get(0));
        assertThat(Ranking.of(reversed, Goal.MAXIMIZE)).contains(new Ranking(RESULTS.get(0), 1));
    }

    @Test
    void noResultsHaveNoBest() {
        assertThat(Ranking.of(List.of(), Goal.MAXIMIZE)).isEmpty();
    }

    @Test
    void eachGroupHasItsMeanAndBest() {
        List<GroupComparison.Group> groups = GroupComparison.of(RESULTS, List.of("model"), Goal.MAXIMIZE);
        assertThat(groups)
                .extracting(group -> group.values().get("model") + " " + group.count() + " " + group.mean() + " "
                        + group.ranking().best().trial())
                .containsExactly("bert 2 0.65 t9", "distil 2 0.60 t3");
    }

    private static Result result(String trial, long number, String model, String value) {
        return new Result(trial, number, Map.of("model", ParameterValue.text(model)), new BigDecimal(value), false);
    }
}
