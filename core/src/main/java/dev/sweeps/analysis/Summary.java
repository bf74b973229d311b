package dev.sweeps.analysis;

import dev.sweeps.analysis.Analysis.Group;
import dev.sweeps.analysis.Contrast.Matched;
import dev.sweeps.analysis.Importance.Effect;
import dev.sweeps.analysis.Importance.Method;
import dev.sweeps.analysis.Tuning.Swap;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.metrics.Rounded;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The answer in a few sentences: which setting is best, how the groups compare, whether they need different hyperparameters, and what matters. */
final class Summary {
    /** Maximum number of groups that are named. */
    private static final int NAMED = 3;
    /** Maximum number of characters of the parameters of one setting. */
    private static final int MAX_PARAMETERS = 120;

    private final TrialTable table;
    private final Noise noise;
    private final List<String> sentences = new ArrayList<>();

    private Summary(TrialTable table, Noise noise) {
        this.table = table;
        this.noise = noise;
    }

    static String of(
            TrialTable table,
            Noise noise,
            Optional<Best> best,
            List<Group> groups,
            List<Contrast> contrasts,
            Importance importance) {
        if (best.isEmpty()) {
            return "No trial has a value of " + table.metric()
                    + (table.diverged().isEmpty()
                            ? "."
                            : "; " + table.diverged().size() + " diverged.")
                    + stopped(table.stopped());
        }
        Summary summary = new Summary(table, noise);
        if (contrasts.isEmpty()) {
            summary.best(best.get());
        } else {
            summary.groups(groups);
            contrasts.stream().limit(NAMED - 1L).forEach(summary::contrast);
        }
        summary.importance(importance);
        summary.caveats();
        return String.join(" ", summary.sentences);
    }

    private void best(Best best) {
        String interval = best.low() == null
                ? ""
                : " (95 %% interval %s to %s)".formatted(Rounded.of(best.low()), Rounded.of(best.high()));
        sentences.add("Best %s %s%s with %s."
                .formatted(table.metric(), Rounded.of(best.value()), interval, text(best.parameters())));
        if (best.withinNoise() != null && best.withinNoise() > 0) {
            sentences.add("%d other %s within noise of the best."
                    .formatted(best.withinNoise(), best.withinNoise() == 1 ? "setting is" : "settings are"));
        } else if (best.withinNoise() == null && best.ties() > 0) {
            sentences.add("%d other %s exactly the same value."
                    .formatted(best.ties(), best.ties() == 1 ? "setting has" : "settings have"));
        }
    }

    private void groups(List<Group> groups) {
        sentences.add("Best %s: ".formatted(table.metric())
                + groups.stream()
                        .limit(NAMED)
                        .map(group -> "%s %s (%s)"
                                .formatted(
                                        name(group.group()),
                                        Rounded.of(group.best().value()),
                                        text(without(group.best().parameters(), group.group()))))
                        .collect(Collectors.joining("; "))
                + (groups.size() > NAMED ? "; and " + (groups.size() - NAMED) + " more groups." : "."));
    }

    private void contrast(Contrast contrast) {
        String left = name(contrast.group());
        String right = name(contrast.other());
        sentences.add(
                difference(left, right, contrast.difference(), contrast.margin()) + matched(left, contrast.matched()));
        if (contrast.tuning() != null) {
            sentences.add(tuning(left, right, contrast));
        }
    }

    private String difference(String left, String right, double difference, Double margin) {
        if (difference == 0) {
            return "%s and %s reach the same value".formatted(left, right);
        }
        String better = "%s is better than %s by %s".formatted(left, right, Rounded.of(difference));
        if (margin == null) {
            return better;
        }
        return better + " ± " + Rounded.error(margin)
                + (difference > margin ? ", more than noise" : ", no more than noise");
    }

    private static String matched(String left, Matched matched) {
        return matched == null || matched.settings() < 2
                ? "."
                : "; across the %d settings that both ran, %s wins %d, loses %d and ties %d."
                        .formatted(matched.settings(), left, matched.better(), matched.worse(), matched.equal());
    }

    private String tuning(String left, String right, Contrast contrast) {
        List<Swap> swaps = contrast.tuning().swaps();
        return switch (contrast.tuning().verdict()) {
            case SAME -> "The same hyperparameters are best for both.";
            case DIFFERENT -> "Their best hyperparameters differ beyond noise: " + worst(swaps, true) + ".";
            case WITHIN_NOISE ->
                "Their best hyperparameters differ, but not beyond noise: " + worst(swaps, false) + ".";
            case NOISE_UNKNOWN ->
                "Their best hyperparameters differ, and the noise is not known: " + worst(swaps, false) + ".";
            case NOT_COMPARABLE ->
                "Their best hyperparameters differ, and neither %s nor %s has run the other's.".formatted(left, right);
        };
    }

    /** Returns the swap with the largest loss, among those beyond noise if there are any. */
    private static String worst(Collection<Swap> swaps, boolean beyondNoise) {
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

    private void importance(Importance importance) {
        if (importance.missing() != null) {
            sentences.add(importance.missing());
        }
        if (importance.effects().isEmpty()) {
            return;
        }
        Effect first = importance.effects().get(0);
        String what = first.parameters().size() == 1
                ? first.parameters().get(0) + " matters most: "
                : String.join(" and ", first.parameters()) + " matter most, and together: ";
        String noiseShare = importance.noiseShare() == null
                ? ""
                : " (noise alone gives %s)".formatted(percent(importance.noiseShare()));
        String approximately = importance.method() == Method.FOREST ? "about " : "";
        sentences.add(what + approximately + percent(first.share()) + " of the variance" + noiseShare + ".");
    }

    /** Returns {@code 7 trials were stopped ...} after a space; empty if none was stopped. */
    private static String stopped(int trials) {
        return trials == 0
                ? ""
                : " %d %s stopped early and %s not ranked; the best setting may be among them."
                        .formatted(trials, trials == 1 ? "trial was" : "trials were", trials == 1 ? "is" : "are");
    }

    private void caveats() {
        if (table.stopped() > 0) {
            sentences.add(stopped(table.stopped()).strip());
        }
        int collapsed = table.collapsed();
        int diverged = table.diverged().size();
        if (collapsed + diverged > 0) {
            sentences.add("%d of %d trials did not learn (%d collapsed, %d diverged)."
                    .formatted(collapsed + diverged, table.results().size() + diverged, collapsed, diverged));
        }
        sentences.add(
                switch (noise.source()) {
                    case EXAMPLES -> "The noise is that of %d evaluation examples.".formatted(noise.examples());
                    case REPLICATES -> "The noise is that between replicates.";
                    case UNKNOWN ->
                        "The size of the noise is not known: run replicates, or report eval_samples with an"
                                + " accuracy.";
                });
    }

    /** Returns {@code bert-base-uncased}, or with several parameters {@code model=bert task=RTE}. */
    private static String name(Map<String, ParameterValue> group) {
        return group.size() == 1 ? shortened(group.values().iterator().next().toString()) : text(group);
    }

    private static String text(Map<String, ParameterValue> parameters) {
        return parameters.isEmpty()
                ? "nothing to choose"
                : shortened(parameters.entrySet().stream()
                        .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                        .collect(Collectors.joining(" ")));
    }

    private static Map<String, ParameterValue> without(
            Map<String, ParameterValue> parameters, Map<String, ParameterValue> group) {
        Map<String, ParameterValue> rest = new TreeMap<>(parameters);
        rest.keySet().removeAll(group.keySet());
        return rest;
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

    private static String percent(double share) {
        return "%.0f %%".formatted(100 * share);
    }
}
