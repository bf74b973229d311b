package dev.sweeps.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A comparison of two groups, and of their best hyperparameters. Differences are positive if {@code group} is better than {@code other}. A
 * margin is half of a 95 % interval, null if the noise is not known.
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

    /** Returns the difference in a sentence. */
    @JsonProperty("comparison")
    public String comparison() {
        return Findings.comparison(this);
    }

    /** Returns in a sentence whether the groups need different hyperparameters; null if only the groups differ. */
    @JsonProperty("tuning_finding")
    public String tuningFinding() {
        return tuning == null ? null : Findings.tuning(this);
    }

    /**
     * The same settings in both groups.
     *
     * @param difference mean over them
     * @param better in how many of them {@code group} is the better one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Matched(int settings, double difference, Double margin, int better, int equal, int worse) {}

    /**
     * @param tuned the varying parameters that do not make the groups, with their values
     */
    static Contrast of(Side left, Side right, SortedMap<String, List<ParameterValue>> tuned, Noise noise) {
        Setting best = left.best();
        Setting bestOther = right.best();
        return new Contrast(
                left.group(),
                right.group(),
                left.gain(best.mean() - bestOther.mean()),
                noise.knownMargin(noise.variance(best) + noise.variance(bestOther), 1),
                matched(left, right, noise).orElse(null),
                tuned.isEmpty() ? null : Tuning.of(left, right, tuned, noise));
    }

    private static Optional<Matched> matched(Side left, Side right, Noise noise) {
        int settings = 0;
        int better = 0;
        int worse = 0;
        double sum = 0;
        double variance = 0;
        for (Map.Entry<Map<String, ParameterValue>, Setting> entry :
                left.settings().entrySet()) {
            Setting twin = right.settings().get(entry.getKey());
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
                        noise.knownMargin(variance / settings / settings, 1),
                        better,
                        settings - better - worse,
                        worse));
    }
}
