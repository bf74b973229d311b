package dev.sweeps.analysis;

import dev.sweeps.analysis.Contrast.Matched;
import dev.sweeps.analysis.Tuning.Swap;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.metrics.Rounded;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Words the findings of an analysis. The status, the command line, the Markdown report and the page all show these sentences. */
final class Findings {
    /** Maximum number of characters of the parameters of one setting. */
    private static final int MAX_PARAMETERS = 120;

    private Findings() {}

    /** Returns a sentence about the settings that are as good as the best; empty if nothing is to be said. */
    static String alternatives(Best best) {
        if (best.withinNoise() == null) {
            return best.ties() == 0
                    ? ""
                    : "%d other %s exactly the same value."
                            .formatted(best.ties(), best.ties() == 1 ? "setting has" : "settings have");
        }
        return best.withinNoise() == 0
                ? ""
                : "%d other %s within noise of the best."
                        .formatted(best.withinNoise(), best.withinNoise() == 1 ? "setting is" : "settings are");
    }

    /** Returns a sentence about the difference of two groups. */
    static String comparison(Contrast contrast) {
        String left = name(contrast.group());
        return difference(left, name(contrast.other()), contrast) + matched(left, contrast.matched());
    }

    private static String difference(String left, String right, Contrast contrast) {
        if (contrast.difference() == 0) {
            return "%s and %s reach the same value".formatted(left, right);
        }
        String better = "%s is better than %s by %s".formatted(left, right, Rounded.of(contrast.difference()));
        if (contrast.margin() == null) {
            return better;
        }
        return better + " ± " + Rounded.error(contrast.margin())
                + (contrast.difference() > contrast.margin() ? ", more than noise" : ", no more than noise");
    }

    private static String matched(String left, Matched matched) {
        return matched == null || matched.settings() < 2
                ? "."
                : "; across the %d settings that both ran, %s wins %d, loses %d and ties %d."
                        .formatted(matched.settings(), left, matched.better(), matched.worse(), matched.equal());
    }

    /** Returns a sentence about whether two groups need different hyperparameters. */
    static String tuning(Contrast contrast) {
        List<Swap> swaps = contrast.tuning().swaps();
        return switch (contrast.tuning().verdict()) {
            case SAME -> "The same hyperparameters are best for both.";
            case DIFFERENT -> "Their best hyperparameters differ beyond noise: " + worst(swaps, true) + ".";
            case WITHIN_NOISE ->
                "Their best hyperparameters differ, but not beyond noise: " + worst(swaps, false) + ".";
            case NOISE_UNKNOWN ->
                "Their best hyperparameters differ, and the noise is not known: " + worst(swaps, false) + ".";
            case NOT_COMPARABLE ->
                "Their best hyperparameters differ, and neither %s nor %s has run the other's."
                        .formatted(name(contrast.group()), name(contrast.other()));
        };
    }

    /** Returns the swap with the largest loss, among those beyond noise if there are any. */
    private static String worst(List<Swap> swaps, boolean beyondNoise) {
        Swap worst = swaps.stream()
                .filter(swap -> !beyondNoise || swap.exceedsNoise())
                .max(Comparator.comparingDouble(Swap::loss))
                .orElseThrow();
        if (worst.loss() <= 0) {
            return "neither loses anything with what is best for the other";
        }
        String averaged = worst.settings() > 1 ? ", averaged over " + worst.settings() + " settings" : "";
        String margin = worst.margin() == null ? "" : " ± " + Rounded.error(worst.margin());
        return "%s loses %s%s with %s instead of %s%s"
                .formatted(
                        name(worst.group()),
                        Rounded.of(worst.loss()),
                        margin,
                        text(different(worst.foreign(), worst.own())),
                        text(different(worst.own(), worst.foreign())),
                        averaged);
    }

    /** Returns a sentence about how the importance was found. */
    static String method(Importance importance) {
        return switch (importance.method()) {
            case EXACT -> "Exact functional ANOVA of the complete grid.";
            case COMPLETED_GRID ->
                "Approximation: functional ANOVA of the grid, whose missing points a random forest filled in.";
            case FOREST ->
                "Approximation: functional ANOVA of a random forest"
                        + (importance.explained() == null
                                ? "."
                                : ", which explains %s of the runs that it has not seen."
                                        .formatted(percent(Math.max(0, importance.explained()))));
        };
    }

    /** Returns {@code bert-base-uncased}, or with several parameters {@code model=bert task=RTE}. */
    static String name(Map<String, ParameterValue> group) {
        return group.size() == 1 ? shortened(group.values().iterator().next().toString()) : text(group);
    }

    static String text(Map<String, ParameterValue> parameters) {
        return parameters.isEmpty()
                ? "nothing to choose"
                : shortened(parameters.entrySet().stream()
                        .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                        .collect(Collectors.joining(" ")));
    }

    static String percent(double share) {
        return "%.0f %%".formatted(100 * share);
    }

    /** Returns the parameters whose values differ from those of the others. */
    private static Map<String, ParameterValue> different(
            Map<String, ParameterValue> parameters, Map<String, ParameterValue> others) {
        Map<String, ParameterValue> different = new TreeMap<>(parameters);
        different.entrySet().removeAll(others.entrySet());
        return different;
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= MAX_PARAMETERS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_PARAMETERS - 1)) + "…";
    }
}
