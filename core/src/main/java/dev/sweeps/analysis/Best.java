package dev.sweeps.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The best setting of some, and how sure that is.
 *
 * @param trial the first of its replicates
 * @param value mean of its replicates
 * @param low lower end of the 95 % interval of its true value; null where the noise is not known
 * @param high upper end
 * @param parameters those that vary in the sweep
 * @param replicates how many results the value is the mean of
 * @param ties other settings with exactly the same value
 * @param withinNoise other settings, ties among them, whose difference from this one is no larger than noise makes it (multiple
 *     comparisons with the best, Hsu 1984, with Bonferroni's bound); null where the noise is not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Best(
        String trial,
        double value,
        Double low,
        Double high,
        Map<String, ParameterValue> parameters,
        int replicates,
        int ties,
        Integer withinNoise) {

    /** Returns a sentence about the settings that are as good; empty if nothing is to be said. */
    @JsonProperty("alternatives")
    public String alternatives() {
        return Findings.alternatives(this);
    }

    /**
     * The best setting of a table; of equal ones the first in running order, so that the answer does not depend on who ended first. Empty if
     * there is none.
     */
    public static Optional<Best> of(TrialTable table, Noise noise, Collection<String> varying) {
        List<Setting> settings = table.settings();
        return first(settings, table.goal()).map(best -> of(best, settings, noise, varying));
    }

    /** Returns the best setting. Settings are in running order, and min takes the first of equal ones. */
    static Optional<Setting> first(List<Setting> settings, Goal goal) {
        Comparator<Setting> byValue = Comparator.comparingDouble(Setting::mean);
        return settings.stream().min(goal == Goal.MAXIMIZE ? byValue.reversed() : byValue);
    }

    private static Best of(Setting best, List<Setting> settings, Noise noise, Collection<String> varying) {
        Map<String, ParameterValue> parameters = new TreeMap<>(best.parameters());
        parameters.keySet().retainAll(varying);
        Optional<Noise.Interval> interval = noise.known() ? Optional.of(noise.interval(best)) : Optional.empty();
        return new Best(
                best.replicates().get(0).trial(),
                best.mean(),
                interval.map(Noise.Interval::low).orElse(null),
                interval.map(Noise.Interval::high).orElse(null),
                parameters,
                best.count(),
                (int) others(settings, best, 0, noise),
                noise.known() ? (int) others(settings, best, settings.size() - 1, noise) : null);
    }

    /** Returns the other settings whose difference is within the margin for this number of comparisons; without comparisons there is no margin. */
    private static long others(List<Setting> settings, Setting best, int comparisons, Noise noise) {
        return settings.stream()
                .filter(setting -> setting != best)
                .filter(setting -> {
                    double margin = comparisons == 0
                            ? 0
                            : noise.margin(noise.variance(best) + noise.variance(setting), comparisons);
                    return Math.abs(best.mean() - setting.mean()) <= margin;
                })
                .count();
    }
}
