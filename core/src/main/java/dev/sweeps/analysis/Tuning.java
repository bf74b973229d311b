package dev.sweeps.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares whether the best hyperparameters of one group also suit another: the loss of each group with the best of the other. */
public record Tuning(Verdict verdict, List<Swap> swaps) {

    /** The conclusion from all swaps. */
    public enum Verdict {
        /** Both groups have the same best setting. */
        @JsonProperty("same")
        SAME,
        /** Another setting is best, but the difference is within noise. */
        @JsonProperty("within noise")
        WITHIN_NOISE,
        @JsonProperty("different")
        DIFFERENT,
        /** Another setting is best, and the noise is not known. */
        @JsonProperty("noise unknown")
        NOISE_UNKNOWN,
        /** Neither group has run the best setting of the other, nor a pair of settings that would tell. */
        @JsonProperty("not comparable")
        NOT_COMPARABLE
    }

    /**
     * What a group loses with what is best in the other.
     *
     * @param group the one that loses
     * @param parameters that are taken from the other group's best: all of them, or one, then averaged over the others
     * @param own what is best in this group; of a parameter with many values a range
     * @param foreign what is best in the other
     * @param settings how many pairs of settings the loss is the mean of, or how many settings lie in both ranges
     * @param margin half of a 95 % interval, for as many comparisons as were made; null where the noise is not known
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Swap(
            Map<String, ParameterValue> group,
            List<String> parameters,
            Map<String, ParameterValue> own,
            Map<String, ParameterValue> foreign,
            int settings,
            double loss,
            Double margin) {

        boolean exceedsNoise() {
            return margin != null && loss > margin;
        }
    }

    /**
     * @param tuned the varying parameters that do not make the groups, with their values
     */
    static Tuning of(Side left, Side right, SortedMap<String, List<ParameterValue>> tuned, Noise noise) {
        Map<String, ParameterValue> best = left.bestParameters();
        Map<String, ParameterValue> bestOther = right.bestParameters();
        int comparisons = comparisons(left, right, tuned);
        Stream<Swap> whole = Stream.of(
                        whole(left, best, bestOther, noise, comparisons),
                        whole(right, bestOther, best, noise, comparisons))
                .flatMap(Optional::stream);
        Stream<Swap> single = tuned.entrySet().stream()
                .filter(parameter -> tuned.size() > 1 || Ranges.isNeeded(parameter.getValue()))
                .flatMap(
                        parameter -> single(left, right, parameter.getKey(), parameter.getValue(), noise, comparisons));
        List<Swap> swaps = Stream.concat(whole, single).toList();
        return new Tuning(verdict(best.equals(bestOther), swaps), swaps);
    }

    /**
     * Counts the comparisons: each best was chosen among all settings, and the best value of each parameter among all its values, in both
     * groups.
     */
    private static int comparisons(Side left, Side right, SortedMap<String, List<ParameterValue>> tuned) {
        int choices = tuned.values().stream()
                .mapToInt(values -> (Ranges.isNeeded(values) ? Ranges.COUNT : values.size()) - 1)
                .sum();
        return left.settings().size() - 1 + right.settings().size() - 1 + 2 * choices;
    }

    private static Verdict verdict(boolean same, List<Swap> swaps) {
        if (same) {
            return Verdict.SAME;
        }
        if (swaps.isEmpty()) {
            return Verdict.NOT_COMPARABLE;
        }
        if (swaps.stream().anyMatch(Swap::exceedsNoise)) {
            return Verdict.DIFFERENT;
        }
        return swaps.stream().allMatch(swap -> swap.margin() != null) ? Verdict.WITHIN_NOISE : Verdict.NOISE_UNKNOWN;
    }

    /** Returns the loss of the group with the best setting of the other group, if the group has run that setting. */
    private static Optional<Swap> whole(
            Side side,
            Map<String, ParameterValue> own,
            Map<String, ParameterValue> foreign,
            Noise noise,
            int comparisons) {
        Setting best = side.settings().get(own);
        return Optional.ofNullable(side.settings().get(foreign))
                .filter(setting -> setting != best)
                .map(setting -> new Swap(
                        side.group(),
                        List.copyOf(own.keySet()),
                        own,
                        foreign,
                        1,
                        side.gain(best.mean() - setting.mean()),
                        noise.knownMargin(noise.variance(best) + noise.variance(setting), comparisons)));
    }

    /** Returns the loss of each group with the value of one parameter, or the range of values, that is best in the other group. */
    private static Stream<Swap> single(
            Side left, Side right, String name, List<ParameterValue> values, Noise noise, int comparisons) {
        if (Ranges.isNeeded(values)) {
            Ranges ranges = Ranges.of(name, values);
            return ranges.swaps(left, right, comparisons);
        }
        ParameterValue own = bestValue(left, name);
        ParameterValue foreign = bestValue(right, name);
        return own.equals(foreign)
                ? Stream.empty()
                : Stream.of(
                                paired(left, name, own, foreign, noise, comparisons),
                                paired(right, name, foreign, own, noise, comparisons))
                        .flatMap(Optional::stream);
    }

    /** Returns the value with the best mean; of equal ones the first in the order of their texts. */
    private static ParameterValue bestValue(Side side, String name) {
        Map<ParameterValue, Double> means = side.settings().entrySet().stream()
                .collect(Collectors.groupingBy(
                        setting -> TrialTable.value(setting.getKey(), name),
                        HashMap::new,
                        Collectors.averagingDouble(
                                setting -> side.gain(setting.getValue().mean()))));
        Comparator<Map.Entry<ParameterValue, Double>> byMean = Map.Entry.comparingByValue();
        return means.entrySet().stream()
                .max(byMean.thenComparing(mean -> mean.getKey().toString(), Comparator.reverseOrder()))
                .orElseThrow()
                .getKey();
    }

    /** Returns the mean loss over the pairs of settings that differ in this parameter only. */
    private static Optional<Swap> paired(
            Side side, String name, ParameterValue own, ParameterValue foreign, Noise noise, int comparisons) {
        int pairs = 0;
        double sum = 0;
        double variance = 0;
        for (Map.Entry<Map<String, ParameterValue>, Setting> entry :
                side.settings().entrySet()) {
            if (TrialTable.value(entry.getKey(), name).equals(own)) {
                Map<String, ParameterValue> swapped = new TreeMap<>(entry.getKey());
                swapped.put(name, foreign);
                Setting twin = side.settings().get(swapped);
                if (twin != null) {
                    pairs++;
                    sum += side.gain(entry.getValue().mean() - twin.mean());
                    variance += noise.variance(entry.getValue()) + noise.variance(twin);
                }
            }
        }
        return pairs == 0
                ? Optional.empty()
                : Optional.of(new Swap(
                        side.group(),
                        List.of(name),
                        Map.of(name, own),
                        Map.of(name, foreign),
                        pairs,
                        sum / pairs,
                        noise.knownMargin(variance / pairs / pairs, comparisons)));
    }
}
