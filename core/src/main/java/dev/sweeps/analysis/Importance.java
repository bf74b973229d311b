package dev.sweeps.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Comparator;
import java.util.List;

/**
 * How the variance of the metric over the search space divides among the parameters. All shares and {@code rest} add up to 1.
 *
 * @param method exact, or an approximation
 * @param importanceTrials how many trials they were found from
 * @param effects main effects and pairs, the largest first; none where nothing varies
 * @param rest the share of three and more parameters together
 * @param noiseShare the share that noise alone gives; null where the noise is not known
 * @param explained of an approximation: the share of the variance that the forest predicts of runs that it has not seen
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Importance(
        @JsonProperty("importance_method") Method method,
        int importanceTrials,
        @JsonProperty("importance") List<Effect> effects,
        @JsonProperty("rest_share") double rest,
        Double noiseShare,
        @JsonProperty("explained_share") Double explained) {

    /** How the shares were found. */
    public enum Method {
        /** Functional ANOVA of a complete grid: no model, no error but the metric's own noise. */
        @JsonProperty("exact")
        EXACT,
        /** The same of a grid whose missing points were filled in by a random forest. */
        @JsonProperty("grid completed by a random forest")
        COMPLETED_GRID,
        /** Functional ANOVA of a random forest fitted to the runs. */
        @JsonProperty("random forest")
        FOREST
    }

    /**
     * What one parameter does, or two beyond what each of them does.
     *
     * @param parameters their names, sorted
     * @param share of the variance
     * @param noise the share that noise alone is expected to give here; null where it is not known
     * @param error standard error of an approximated share; null for an exact one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Effect(
            List<String> parameters, double share, @JsonProperty("noise_share") Double noise, Double error) {}

    public Importance {
        effects = effects.stream()
                .sorted(Comparator.comparingDouble(Effect::share).reversed().thenComparing(effect -> effect.parameters()
                        .toString()))
                .toList();
    }

    /** Exact where every combination of the values has a result, otherwise by a forest. */
    public static Importance of(TrialTable table, Noise noise) {
        List<Setting> settings = table.settings();
        return GridAnova.of(table.varying(), settings, noise)
                .orElseGet(() -> ForestAnova.of(table.varying(), settings, noise));
    }
}
