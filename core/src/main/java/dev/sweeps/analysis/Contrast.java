package dev.sweeps.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Two groups side by side: which does better, and do they want different hyperparameters? Differences are positive where {@code group} is
 * better than {@code other}; a margin is half of a 95 % interval, null where the noise is not known.
 *
 * @param difference of the best of each
 * @param matched over the settings that both have run; null if there is none
 * @param tuning null where only the groups differ
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Contrast(
        Map<String, ParameterValue> group,
        Map<String, ParameterValue> other,
        double difference,
        Double margin,
        Matched matched,
        Tuning tuning) {

    /**
     * The same settings in both groups.
     *
     * @param difference mean over them
     * @param better in how many of them {@code group} is the better one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Matched(int settings, double difference, Double margin, int better, int equal, int worse) {}

    /** Whether the best hyperparameters of one group serve the other as well. */
    public record Tuning(Verdict verdict, List<Swap> swaps) {}

    /** What the swaps come to. */
    public enum Verdict {
        /** The same setting is best in both. */
        @JsonProperty("same")
        SAME,
        /** Another setting is best, by less than noise makes. */
        @JsonProperty("within noise")
        WITHIN_NOISE,
        @JsonProperty("different")
        DIFFERENT,
        /** Another setting is best; what noise makes is not known. */
        @JsonProperty("noise unknown")
        NOISE_UNKNOWN,
        /** Neither group has run the other's best setting, nor any pair of settings that would tell. */
        @JsonProperty("not comparable")
        NOT_COMPARABLE
    }

    /**
     * What a group loses with what is best in the other.
     *
     * @param group the one that loses
     * @param parameters that are taken from the other group's best: all of them, or one, then averaged over the others
     * @param own what is best in this group
     * @param foreign what is best in the other
     * @param settings how many pairs of settings the loss is the mean of
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

        boolean isBeyondNoise() {
            return margin != null && loss > margin;
        }
    }

    /** A group, its settings and its best one, by what is not fixed by the group. */
    private record Side(
            Map<String, ParameterValue> group, Map<Map<String, ParameterValue>, Setting> settings, Goal goal) {

        static Side of(Map<String, ParameterValue> group, List<Setting> settings, Collection<String> tuned, Goal goal) {
            Map<Map<String, ParameterValue>, Setting> byTuned = new LinkedHashMap<>();
            settings.forEach(setting -> byTuned.putIfAbsent(only(setting.parameters(), tuned), setting));
            return new Side(group, byTuned, goal);
        }

        Map<String, ParameterValue> best(List<Setting> inOrder, Collection<String> tuned) {
            return only(Best.first(inOrder, goal).orElseThrow().parameters(), tuned);
        }

        double gain(double difference) {
            return goal == Goal.MAXIMIZE ? difference : -difference;
        }
    }

    /**
     * @param tuned the varying parameters that do not make the groups, with their values
     */
    static Contrast of(
            Map<String, ParameterValue> group,
            List<Setting> ofGroup,
            Map<String, ParameterValue> other,
            List<Setting> ofOther,
            SortedMap<String, List<ParameterValue>> tuned,
            Goal goal,
            Noise noise) {
        Side left = Side.of(group, ofGroup, tuned.keySet(), goal);
        Side right = Side.of(other, ofOther, tuned.keySet(), goal);
        Setting best = Best.first(ofGroup, goal).orElseThrow();
        Setting bestOther = Best.first(ofOther, goal).orElseThrow();
        return new Contrast(
                group,
                other,
                left.gain(best.mean() - bestOther.mean()),
                margin(noise, noise.variance(best) + noise.variance(bestOther), 1),
                matched(left, right, noise).orElse(null),
                tuned.isEmpty()
                        ? null
                        : tuning(
                                left,
                                left.best(ofGroup, tuned.keySet()),
                                right,
                                right.best(ofOther, tuned.keySet()),
                                tuned,
                                noise));
    }

    private static Optional<Matched> matched(Side left, Side right, Noise noise) {
        int settings = 0;
        int better = 0;
        int worse = 0;
        double sum = 0;
        double variance = 0;
        for (Map.Entry<Map<String, ParameterValue>, Setting> entry : left.settings.entrySet()) {
            Setting twin = right.settings.get(entry.getKey());
            if (twin != null) {
                double gain = left.gain(entry.getValue().mean() - twin.mean());
                settings++;
                sum += gain;
                better += gain > 0 ? 1 : 0;
                worse += gain < 0 ? 1 : 0;
                variance += noise.variance(entry.getValue()) + noise.variance(twin);
            }
        }
        return settings == 0
                ? Optional.empty()
                : Optional.of(new Matched(
                        settings,
                        sum / settings,
                        margin(noise, variance / settings / settings, 1),
                        better,
                        settings - better - worse,
                        worse));
    }

    private static Tuning tuning(
            Side left,
            Map<String, ParameterValue> best,
            Side right,
            Map<String, ParameterValue> bestOther,
            SortedMap<String, List<ParameterValue>> tuned,
            Noise noise) {
        // Each best was chosen among all settings, and each parameter's best value among all its values, in both
        // groups.
        int comparisons = left.settings.size()
                - 1
                + right.settings.size()
                - 1
                + 2
                        * tuned.values().stream()
                                .mapToInt(values -> values.size() - 1)
                                .sum();
        List<Swap> swaps = Stream.concat(
                        Stream.of(
                                        whole(left, best, bestOther, noise, comparisons),
                                        whole(right, bestOther, best, noise, comparisons))
                                .flatMap(Optional::stream),
                        tuned.size() < 2
                                ? Stream.empty()
                                : tuned.keySet().stream()
                                        .flatMap(name -> oneParameter(left, right, name, noise, comparisons)))
                .toList();
        return new Tuning(verdict(best.equals(bestOther), swaps, noise), swaps);
    }

    private static Verdict verdict(boolean same, List<Swap> swaps, Noise noise) {
        if (same) {
            return Verdict.SAME;
        }
        if (swaps.stream().anyMatch(Swap::isBeyondNoise)) {
            return Verdict.DIFFERENT;
        }
        if (swaps.isEmpty()) {
            return Verdict.NOT_COMPARABLE;
        }
        return noise.known() ? Verdict.WITHIN_NOISE : Verdict.NOISE_UNKNOWN;
    }

    /** What the group loses with the other's best setting, if it has run it. */
    private static Optional<Swap> whole(
            Side side,
            Map<String, ParameterValue> own,
            Map<String, ParameterValue> foreign,
            Noise noise,
            int comparisons) {
        Setting best = side.settings.get(own);
        return Optional.ofNullable(side.settings.get(foreign))
                .filter(setting -> setting != best)
                .map(setting -> new Swap(
                        side.group,
                        List.copyOf(own.keySet()),
                        own,
                        foreign,
                        1,
                        side.gain(best.mean() - setting.mean()),
                        margin(noise, noise.variance(best) + noise.variance(setting), comparisons)));
    }

    /** What each group loses with the value of one parameter that is best in the other, averaged over the other parameters. */
    private static Stream<Swap> oneParameter(Side left, Side right, String name, Noise noise, int comparisons) {
        ParameterValue own = bestValue(left, name);
        ParameterValue foreign = bestValue(right, name);
        return own.equals(foreign)
                ? Stream.empty()
                : Stream.of(
                                oneParameter(left, name, own, foreign, noise, comparisons),
                                oneParameter(right, name, foreign, own, noise, comparisons))
                        .flatMap(Optional::stream);
    }

    /** The value with the best mean. */
    private static ParameterValue bestValue(Side side, String name) {
        SortedMap<String, double[]> sums = new TreeMap<>();
        Map<String, ParameterValue> values = new HashMap<>();
        side.settings.forEach((parameters, setting) -> {
            ParameterValue value = TrialTable.value(parameters, name);
            values.put(value.toString(), value);
            double[] sum = sums.computeIfAbsent(value.toString(), key -> new double[2]);
            sum[0] += side.gain(setting.mean());
            sum[1]++;
        });
        return values.get(sums.entrySet().stream()
                .max(Map.Entry.comparingByValue(
                        (one, another) -> Double.compare(one[0] / one[1], another[0] / another[1])))
                .orElseThrow()
                .getKey());
    }

    private static Optional<Swap> oneParameter(
            Side side, String name, ParameterValue own, ParameterValue foreign, Noise noise, int comparisons) {
        int pairs = 0;
        double sum = 0;
        double variance = 0;
        for (Map.Entry<Map<String, ParameterValue>, Setting> entry : side.settings.entrySet()) {
            if (TrialTable.value(entry.getKey(), name).equals(own)) {
                Map<String, ParameterValue> swapped = new TreeMap<>(entry.getKey());
                swapped.put(name, foreign);
                Setting twin = side.settings.get(swapped);
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
                        side.group,
                        List.of(name),
                        Map.of(name, own),
                        Map.of(name, foreign),
                        pairs,
                        sum / pairs,
                        margin(noise, variance / pairs / pairs, comparisons)));
    }

    private static Double margin(Noise noise, double variance, int comparisons) {
        return noise.known() ? noise.margin(variance, comparisons) : null;
    }

    private static Map<String, ParameterValue> only(Map<String, ParameterValue> parameters, Collection<String> names) {
        Map<String, ParameterValue> kept = new TreeMap<>(parameters);
        kept.keySet().retainAll(names);
        return kept;
    }
}
