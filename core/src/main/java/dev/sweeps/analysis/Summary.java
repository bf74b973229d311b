package dev.sweeps.analysis;

import dev.sweeps.analysis.Analysis.Group;
import dev.sweeps.analysis.Importance.Effect;
import dev.sweeps.analysis.Importance.Method;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.metrics.Rounded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The answer in a few sentences: which setting is best, how the groups compare, whether they need different hyperparameters, and what matters. */
final class Summary {
    /** Maximum number of groups that are named. */
    private static final int NAMED = 3;

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
                .formatted(table.metric(), Rounded.of(best.value()), interval, Findings.text(best.parameters())));
        Optional.of(Findings.alternatives(best))
                .filter(sentence -> !sentence.isEmpty())
                .ifPresent(sentences::add);
    }

    private void groups(List<Group> groups) {
        sentences.add("Best %s: ".formatted(table.metric())
                + groups.stream()
                        .limit(NAMED)
                        .map(group -> "%s %s (%s)"
                                .formatted(
                                        Findings.name(group.group()),
                                        Rounded.of(group.best().value()),
                                        Findings.text(without(group.best().parameters(), group.group()))))
                        .collect(Collectors.joining("; "))
                + (groups.size() > NAMED ? "; and " + (groups.size() - NAMED) + " more groups." : "."));
    }

    private void contrast(Contrast contrast) {
        sentences.add(Findings.comparison(contrast));
        if (contrast.tuning() != null) {
            sentences.add(Findings.tuning(contrast));
        }
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
                : " (noise alone gives %s)".formatted(Findings.percent(importance.noiseShare()));
        String approximately = importance.method() == Method.FOREST ? "about " : "";
        sentences.add(what + approximately + Findings.percent(first.share()) + " of the variance" + noiseShare + ".");
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

    private static Map<String, ParameterValue> without(
            Map<String, ParameterValue> parameters, Map<String, ParameterValue> group) {
        Map<String, ParameterValue> rest = new TreeMap<>(parameters);
        rest.keySet().removeAll(group.keySet());
        return rest;
    }
}
