package dev.sweeps.analysis;

import dev.sweeps.analysis.Tuning.Swap;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.descriptive.StreamingStatistics;

/**
 * The values of a number that is drawn at random, in ranges of equal count: hardly two settings share one value, and those of a range do.
 *
 * @param all each with its values in order
 */
record Ranges(String name, List<List<ParameterValue>> all) {
    static final int COUNT = 10;

    /** Minimum number of values for ranges; fewer values are compared one by one. */
    static final int MAX_LEVELS = 20;

    /** Minimum number of settings of a group in a range that is compared. */
    private static final int MIN_SETTINGS = 5;

    /**
     * @param values in order
     */
    static Ranges of(String name, List<ParameterValue> values) {
        return new Ranges(
                name,
                IntStream.range(0, COUNT)
                        .mapToObj(i -> values.subList(i * values.size() / COUNT, (i + 1) * values.size() / COUNT))
                        .toList());
    }

    static boolean isNeeded(List<ParameterValue> values) {
        return values.size() > MAX_LEVELS && Scale.of(values) != Scale.CATEGORY;
    }

    /**
     * What each group loses in the range that is best for the other. All other parameters vary at random within a range, so that the error
     * of its mean is known from its settings themselves, and that of the difference of two is Welch's (Biometrika 34, 1947).
     */
    Stream<Swap> swaps(Side left, Side right, int comparisons) {
        List<StreamingStatistics> ofLeft = statistics(left);
        List<StreamingStatistics> ofRight = statistics(right);
        Optional<Integer> best = best(ofLeft);
        Optional<Integer> bestOther = best(ofRight);
        if (best.isEmpty() || bestOther.isEmpty() || best.equals(bestOther)) {
            return Stream.empty();
        }
        return Stream.of(
                        swap(left, ofLeft, best.get(), bestOther.get(), comparisons),
                        swap(right, ofRight, bestOther.get(), best.get(), comparisons))
                .flatMap(Optional::stream);
    }

    /** Returns the statistics of the gains of a group's settings, for each range. */
    private List<StreamingStatistics> statistics(Side side) {
        Map<ParameterValue, Integer> rangeOf = new HashMap<>();
        List<StreamingStatistics> statistics = new ArrayList<>();
        for (List<ParameterValue> range : all) {
            range.forEach(value -> rangeOf.put(value, statistics.size()));
            statistics.add(new StreamingStatistics());
        }
        side.settings().forEach((parameters, setting) -> statistics
                .get(rangeOf.get(TrialTable.value(parameters, name)))
                .addValue(side.gain(setting.mean())));
        return statistics;
    }

    private static Optional<Integer> best(List<StreamingStatistics> statistics) {
        return IntStream.range(0, statistics.size())
                .filter(i -> statistics.get(i).getN() >= MIN_SETTINGS)
                .boxed()
                .max((one, other) -> Double.compare(
                        statistics.get(one).getMean(), statistics.get(other).getMean()));
    }

    private Optional<Swap> swap(
            Side side, List<StreamingStatistics> statistics, int own, int foreign, int comparisons) {
        StreamingStatistics best = statistics.get(own);
        StreamingStatistics other = statistics.get(foreign);
        return other.getN() < MIN_SETTINGS
                ? Optional.empty()
                : Optional.of(new Swap(
                        side.group(),
                        List.of(name),
                        Map.of(name, text(own)),
                        Map.of(name, text(foreign)),
                        (int) (best.getN() + other.getN()),
                        best.getMean() - other.getMean(),
                        margin(best, other, comparisons)));
    }

    private static double margin(StreamingStatistics one, StreamingStatistics other, int comparisons) {
        double ofOne = one.getVariance() / one.getN();
        double ofOther = other.getVariance() / other.getN();
        double variance = ofOne + ofOther;
        if (variance == 0) {
            return 0;
        }
        double degreesOfFreedom =
                variance * variance / (ofOne * ofOne / (one.getN() - 1) + ofOther * ofOther / (other.getN() - 1));
        double upper = 1 - (1 - Noise.CONFIDENCE) / 2 / Math.max(1, comparisons);
        return new TDistribution(degreesOfFreedom).inverseCumulativeProbability(upper) * Math.sqrt(variance);
    }

    private ParameterValue text(int range) {
        List<ParameterValue> values = all.get(range);
        return ParameterValue.text(values.get(0) + " to " + values.get(values.size() - 1));
    }
}
