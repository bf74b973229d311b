package dev.sweeps.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How the variance of the metric over the search space divides among the parameters. All shares and {@code rest} add up to 1.
 *
 * @param method exact, or an approximation
 * @param importanceTrials how many trials they were found from
 * @param effects main effects and pairs, the largest first; none where nothing varies
 * @param rest the share of three and more parameters together
 * @param noiseShare the share that noise alone gives; null where the noise is not known
 * @param explained of an approximation: the share of the variance that the forest predicts of runs that it has not seen
 * @param missing why there are no effects although parameters vary: a sentence; null if there are, or nothing varies
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Importance(
        @JsonProperty("importance_method") Method method,
        int importanceTrials,
        @JsonProperty("importance") List<Effect> effects,
        @JsonProperty("rest_share") double rest,
        Double noiseShare,
        @JsonProperty("explained_share") Double explained,
        @JsonProperty("importance_missing") String missing) {

    /** Returns in a sentence how the importance was found. */
    @JsonProperty("importance_finding")
    public String methodFinding() {
        return Findings.method(this);
    }

    /** Runs from which a forest finds out by itself whether there are too few. */
    private static final int MANY_RUNS = 50;

    /** Runs of each value, on average, below which its mean says nothing. */
    private static final int MIN_RUNS_OF_VALUE = 3;

    /** Values from which a number is taken for a sample of a range, of which a few runs near each other stand for one another. */
    private static final int MIN_VALUES_OF_RANGE = 5;

    private static final int MIN_RUNS_OF_RANGE = 10;

    /** How the shares were found. */
    public enum Method {
        /** Functional ANOVA of a complete grid: no model, no error but the metric's own noise. */
        @JsonProperty("exact")
        EXACT,
        /** Exact for a grid whose missing points were filled in by a random forest. */
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

    Importance(
            Method method,
            int importanceTrials,
            List<Effect> effects,
            double rest,
            Double noiseShare,
            Double explained) {
        this(method, importanceTrials, effects, rest, noiseShare, explained, null);
    }

    /**
     * Exact if every combination of the values has a result, otherwise by a forest. Without a known noise, a table with one or two runs of a
     * value supports no conclusion, and there are no effects.
     */
    public static Importance of(TrialTable table, Noise noise) {
        List<Setting> settings = table.settings();
        Optional<String> tooFew = noise.source() == Noise.Source.UNKNOWN ? tooFew(table) : Optional.empty();
        if (tooFew.isPresent()) {
            return new Importance(
                    Method.EXACT,
                    table.results().size(),
                    List.of(),
                    0,
                    null,
                    null,
                    "The runs are too few to say which hyperparameter matters: " + tooFew.get()
                            + ". Run more points or replicates.");
        }
        return GridAnova.of(table.varying(), settings, noise)
                .orElseGet(() -> ForestAnova.of(table.varying(), settings, noise));
    }

    /** The parameter whose values have the fewest runs, if these are too few. */
    private static Optional<String> tooFew(TrialTable table) {
        int runs = table.results().size();
        return table.varying().entrySet().stream()
                .filter(parameter -> runs < MANY_RUNS && !isRange(parameter.getValue(), runs))
                .max(Comparator.comparingInt(parameter -> parameter.getValue().size()))
                .filter(most -> runs < MIN_RUNS_OF_VALUE * most.getValue().size())
                .map(most -> "%d runs of %d values of %s, and each value needs %d"
                        .formatted(runs, most.getValue().size(), most.getKey(), MIN_RUNS_OF_VALUE));
    }

    private static boolean isRange(List<ParameterValue> values, int runs) {
        return values.size() >= MIN_VALUES_OF_RANGE
                && runs >= MIN_RUNS_OF_RANGE
                && values.stream().allMatch(value -> value.kind() == ParameterValue.Kind.NUMBER);
    }
}
