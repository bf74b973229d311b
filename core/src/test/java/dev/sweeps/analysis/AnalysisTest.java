package dev.sweeps.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sweeps.analysis.Importance.Method;
import dev.sweeps.analysis.Tuning.Verdict;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnalysisTest {
    private static final long EXAMPLES = 277;

    private final List<Result> results = new ArrayList<>();
    private final List<Map<String, ParameterValue>> diverged = new ArrayList<>();

    @Test
    void groupsWhoseBestHyperparametersDifferBeyondNoiseAreSaidToDiffer() {
        add("0.80", "model", "bert", "lr", "3e-5");
        add("0.50", "model", "bert", "lr", "3e-4");
        add("0.50", "model", "distil", "lr", "3e-5");
        add("0.78", "model", "distil", "lr", "3e-4");
        Analysis analysis = analysis("model");
        assertThat(analysis.contrasts().get(0).tuning().verdict()).isEqualTo(Verdict.DIFFERENT);
        assertThat(analysis.summary())
                .startsWith("Best acc: bert 0.8 (lr=0.00003); distil 0.78 (lr=0.0003)."
                        + " bert is better than distil by 0.02 ± 0.068, no more than noise; across the 2 settings that both"
                        + " ran, bert wins 1, loses 1 and ties 0. Their best hyperparameters differ beyond noise: bert loses"
                        + " 0.3 ± 0.096 with lr=0.0003 instead of lr=0.00003.")
                .contains(
                        "with lr=0.0003 instead of lr=0.00003.",
                        "lr and model matter most, and together: 100 % of the");
    }

    @Test
    void aDifferenceBelowTheNoiseIsSaidToBeOne() {
        add("0.70", "model", "bert", "lr", "3e-5");
        add("0.69", "model", "bert", "lr", "3e-4");
        add("0.67", "model", "distil", "lr", "3e-5");
        add("0.68", "model", "distil", "lr", "3e-4");
        Analysis analysis = analysis("model");
        assertThat(analysis.contrasts().get(0).tuning().verdict()).isEqualTo(Verdict.WITHIN_NOISE);
        assertThat(analysis.best().withinNoise()).isEqualTo(3);
        assertThat(analysis.summary())
                .contains("no more than noise", "Their best hyperparameters differ, but not beyond noise");
        assertThat(analysis.importance().noiseShare()).isEqualTo(1);
    }

    @Test
    void aLossIsNeverNegativeInASentence() {
        add("0.70", "model", "bert", "lr", "3e-5", "batch", "8");
        add("0.50", "model", "bert", "lr", "3e-4", "batch", "8");
        add("0.60", "model", "bert", "lr", "3e-5", "batch", "16");
        add("0.69", "model", "bert", "lr", "3e-4", "batch", "16");
        add("0.60", "model", "distil", "lr", "1e-4", "batch", "8");
        assertThat(analysis("model").summary()).doesNotContain("loses -").doesNotContain("loses 0 ");
    }

    @Test
    void theSameBestSettingIsSaidToBeTheSame() {
        add("0.70", "model", "bert", "lr", "3e-5");
        add("0.50", "model", "bert", "lr", "3e-4");
        add("0.67", "model", "distil", "lr", "3e-5");
        add("0.48", "model", "distil", "lr", "3e-4");
        assertThat(analysis("model").summary()).contains("The same hyperparameters are best for both.");
    }

    @Test
    void oneParametersBestValueIsComparedOverTheOthers() {
        for (String batch : List.of("8", "16", "32", "64")) {
            add("0.70", "model", "bert", "lr", "3e-5", "batch", batch);
            add("0.64", "model", "bert", "lr", "3e-4", "batch", batch);
            add("0.62", "model", "distil", "lr", "3e-5", "batch", batch);
            add("0.68", "model", "distil", "lr", "3e-4", "batch", batch);
        }
        Tuning.Swap swap = analysis("model").contrasts().get(0).tuning().swaps().stream()
                .filter(one -> one.parameters().equals(List.of("lr")))
                .findFirst()
                .orElseThrow();
        assertThat(swap.settings()).isEqualTo(4);
        assertThat(swap.loss()).isCloseTo(0.06, within(1e-9));
    }

    @Test
    void withoutExamplesOrReplicatesTheNoiseIsNotKnown() {
        add("1.70", "model", "bert", "lr", "3e-5");
        add("1.50", "model", "bert", "lr", "3e-4");
        add("1.67", "model", "distil", "lr", "3e-4");
        add("1.48", "model", "distil", "lr", "3e-5");
        Analysis analysis = analysis("model");
        assertThat(analysis.noise().known()).isFalse();
        assertThat(analysis.best().low()).isNull();
        assertThat(analysis.contrasts().get(0).margin()).isNull();
        assertThat(analysis.summary()).contains("and the noise is not known", "run replicates");
    }

    @Test
    void aMetricThatIsNoWholeNumberOfExamplesIsNoAccuracy() {
        results.add(new Result("t", 0, Map.of(), new BigDecimal("0.7123456789"), false));
        assertThat(Noise.of(table()).known()).isFalse();
        results.clear();
        results.add(new Result("t", 0, Map.of(), new BigDecimal("0.7184115523"), false));
        assertThat(Noise.of(table()).source()).isEqualTo(Noise.Source.EXAMPLES);
    }

    @Test
    void whatDivergedCountsAsTheWorstForImportanceAndIsLeftOutOfTheMeans() {
        add("0.70", "lr", "1e-5");
        add("0.60", "lr", "1e-4");
        collapsed("0.52", "lr", "1e-3");
        diverged.add(Map.of("lr", ParameterValue.number("1e-2")));
        Analysis analysis = analysis();
        assertThat(analysis.importance().importanceTrials()).isEqualTo(4);
        assertThat(analysis.learned().importanceTrials()).isEqualTo(2);
        assertThat(analysis.parameters().get(0).values())
                .extracting(level -> level.value() + " " + level.count() + " " + level.mean() + " " + level.collapsed()
                        + " " + level.diverged())
                .containsExactly("0.00001 1 0.7 0 0", "0.0001 1 0.6 0 0", "0.001 1 0.52 1 0", "0.01 0 null 0 1");
        assertThat(analysis.summary()).contains("2 of 4 trials did not learn (1 collapsed, 1 diverged).");
    }

    @Test
    void oneValueOnlyHasNoImportance() {
        add("0.70", "lr", "1e-5");
        Analysis analysis = analysis();
        assertThat(analysis.importance().effects()).isEmpty();
        assertThat(analysis.summary())
                .startsWith("Best acc 0.7 (95 % interval 0.6")
                .contains("with nothing to choose.");
    }

    @Test
    void aMetricThatNeverChangesHasNoImportance() {
        add("0.70", "lr", "1e-5");
        add("0.70", "lr", "1e-4");
        Analysis analysis = analysis();
        assertThat(analysis.importance().effects()).isEmpty();
        assertThat(analysis.best().ties()).isEqualTo(1);
        assertThat(analysis.parameters().get(0).correlation()).isEqualTo(Correlation.NONE);
    }

    @Test
    void noResultsAreSaidToBeNone() {
        diverged.add(Map.of("lr", ParameterValue.number("1e-2")));
        assertThat(analysis("lr").summary()).isEqualTo("No trial has a value of acc; 1 diverged.");
    }

    @Test
    void aParameterThatOnlySomeRowsHaveIsAbsentInTheOthers() {
        add("0.70", "optimizer", "sgd", "momentum", "0.9");
        add("0.60", "optimizer", "adam");
        assertThat(analysis("momentum").groups()).hasSize(2);
    }

    @Test
    void itsSizeDoesNotGrowWithTheTrials() {
        IntStream.range(0, 3000).forEach(i -> add("0.%04d".formatted(i), "name", "n" + i, "lr", "" + (i + 1) / 1000.0));
        Analysis analysis = Analysis.of(
                new TrialTable("acc", Goal.MAXIMIZE, results, diverged, OptionalLong.empty()), List.of("name"));
        assertThat(analysis.importance().method()).isEqualTo(Method.FOREST);
        assertThat(analysis.groups()).hasSize(50);
        assertThat(analysis.groupsOmitted()).isEqualTo(2950);
        assertThat(analysis.contrasts()).hasSize(10);
        assertThat(analysis.parameters())
                .allSatisfy(parameter -> assertThat(parameter.values()).hasSizeLessThanOrEqualTo(20));
        assertThat(analysis.summary()).hasSizeLessThan(2_000);
    }

    private Analysis analysis(String... groupBy) {
        return Analysis.of(table(), List.of(groupBy));
    }

    private TrialTable table() {
        return new TrialTable("acc", Goal.MAXIMIZE, results, diverged, OptionalLong.of(EXAMPLES));
    }

    private void add(String value, String... parameters) {
        results.add(result(value, false, parameters));
    }

    private void collapsed(String value, String... parameters) {
        results.add(result(value, true, parameters));
    }

    private Result result(String value, boolean collapsed, String... parameters) {
        Map<String, ParameterValue> map = new HashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            map.put(parameters[i], Tables.value(parameters[i + 1]));
        }
        return new Result("t" + results.size(), results.size(), map, new BigDecimal(value), collapsed);
    }
}
