package dev.sweeps.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sweeps.analysis.Tuning.Swap;
import dev.sweeps.analysis.Tuning.Verdict;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Groups whose learning rates were drawn at random, as most sweeps of others are. */
class TuningTest {

    @Test
    void groupsWithOptimaApartAreSaidToDifferByARange() {
        TrialTable table = table(new Random(1), 400, -4.25, -3.35);
        Tuning tuning = tuning(table);
        assertThat(tuning.verdict()).isEqualTo(Verdict.DIFFERENT);
        Swap swap = tuning.swaps().stream()
                .filter(one -> one.group().get("model").equals(ParameterValue.text("bert")))
                .findFirst()
                .orElseThrow();
        assertThat(swap.parameters()).containsExactly("lr");
        double[] own = ends(swap.own());
        double[] foreign = ends(swap.foreign());
        assertThat(Math.log10(own[0])).isLessThan(-4.25);
        assertThat(Math.log10(own[1])).isGreaterThan(-4.25);
        assertThat(Math.log10(foreign[0])).isLessThan(-3.35);
        assertThat(Math.log10(foreign[1])).isGreaterThan(-3.35);
        // What the function that made the values loses between the middles of the two ranges.
        double expected =
                loss(Math.log10(foreign[0] * foreign[1]) / 2 + 4.25) - loss(Math.log10(own[0] * own[1]) / 2 + 4.25);
        assertThat(swap.loss()).isCloseTo(expected, within(swap.margin()));
        assertThat(swap.margin()).isLessThan(expected / 2);
        assertThat(Analysis.of(table, List.of("model")).summary())
                .contains("Their best hyperparameters differ beyond noise: ", " with lr=0.0");
    }

    @Test
    void groupsOfOneOptimumAreSeldomSaidToDiffer() {
        Random random = new Random(42);
        long different = IntStream.range(0, 200)
                .mapToObj(i -> tuning(table(random, 100, -4, -4)).verdict())
                .filter(Verdict.DIFFERENT::equals)
                .count();
        assertThat(different).isLessThanOrEqualTo(10);
    }

    /** A grid, each of whose accuracies is that of 200 examples. */
    @Test
    void groupsOfOneOptimumOnAGridAreSeldomSaidToDiffer() {
        Random random = new Random(42);
        long different = IntStream.range(0, 200)
                .mapToObj(i -> {
                    TrialTable table = grid(random);
                    return tuning(table, Noise.of(table)).verdict();
                })
                .filter(Verdict.DIFFERENT::equals)
                .count();
        assertThat(different).isLessThanOrEqualTo(10);
    }

    private static TrialTable grid(Random random) {
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int rate = i / 2 % 4;
            double accuracy = 0.7 - 0.05 * Math.abs(rate - 2);
            long hits = random.doubles(200).filter(drawn -> drawn < accuracy).count();
            results.add(new Result(
                    "t" + i,
                    i,
                    Map.of(
                            "lr",
                                    ParameterValue.number(List.of("1e-5", "3e-5", "1e-4", "3e-4")
                                            .get(rate)),
                            "batch", ParameterValue.of(8 << i / 8),
                            "model", ParameterValue.text(i % 2 == 0 ? "bert" : "distil")),
                    BigDecimal.valueOf(hits / 200.0),
                    false));
        }
        return new TrialTable("acc", Goal.MAXIMIZE, results, List.of(), OptionalLong.of(200));
    }

    @Test
    void fewSettingsInARangeSayNothing() {
        assertThat(tuning(table(new Random(1), 15, -4.25, -3.35)).verdict()).isEqualTo(Verdict.NOT_COMPARABLE);
    }

    private static Tuning tuning(TrialTable table) {
        return tuning(table, Noise.UNKNOWN);
    }

    private static Tuning tuning(TrialTable table, Noise noise) {
        SortedMap<String, List<ParameterValue>> tuned = new TreeMap<>(table.varying());
        tuned.remove("model");
        List<Side> sides = table.groups(List.of("model")).stream()
                .map(group ->
                        Side.of(group.valuesOf(List.of("model")), group.settings(), tuned.keySet(), Goal.MAXIMIZE))
                .toList();
        return Tuning.of(sides.get(0), sides.get(1), tuned, noise);
    }

    private static TrialTable table(Random random, int runsOfEach, double optimum, double otherOptimum) {
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < 2 * runsOfEach; i++) {
            double exponent = -5 + 3 * random.nextDouble();
            String rate = String.format(Locale.ROOT, "%.12f", Math.pow(10, exponent));
            String batch = Integer.toString(8 << random.nextInt(3));
            double value = 0.7
                    - loss(exponent - (i % 2 == 0 ? optimum : otherOptimum))
                    - 0.001 * Integer.parseInt(batch)
                    + 0.02 * random.nextGaussian();
            results.add(new Result(
                    "t" + i,
                    i,
                    Map.of(
                            "lr", ParameterValue.number(rate),
                            "batch", ParameterValue.number(batch),
                            "model", ParameterValue.text(i % 2 == 0 ? "bert" : "distil")),
                    BigDecimal.valueOf(value).setScale(6, RoundingMode.HALF_EVEN),
                    false));
        }
        return new TrialTable("acc", Goal.MAXIMIZE, results, List.of(), OptionalLong.empty());
    }

    /** What is lost so many decades away from the best learning rate. */
    private static double loss(double decades) {
        return 0.1 * decades * decades;
    }

    /** {@code 0.00003 to 0.00006}. */
    private static double[] ends(Map<String, ParameterValue> range) {
        String[] ends = range.get("lr").toString().split(" to ");
        return new double[] {Double.parseDouble(ends[0]), Double.parseDouble(ends[1])};
    }
}
