package dev.sweeps.cli;

import dev.sweeps.analysis.Analysis;
import dev.sweeps.analysis.Analysis.Group;
import dev.sweeps.analysis.Best;
import dev.sweeps.analysis.Correlation;
import dev.sweeps.analysis.Importance;
import dev.sweeps.analysis.Importance.Effect;
import dev.sweeps.analysis.ParameterEffect;
import dev.sweeps.analysis.Scale;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.metrics.Rounded;
import dev.sweeps.report.SweepReport;
import dev.sweeps.results.SweepResults;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An analysis as text, about 100 characters a line. */
final class AnalysisText {
    private static final int WIDTH = 100;
    private static final int BAR = 30;
    private static final int EFFECTS = 8;

    private final SweepResults sweep;
    private final Analysis analysis;
    private final Map<String, String> commands;
    private final List<String> lines = new ArrayList<>();

    AnalysisText(SweepReport report) {
        this.sweep = report.sweep();
        this.analysis = report.analysis();
        this.commands = report.commands();
    }

    List<String> lines() {
        lines.add(Text.printable("%s: %d of %d trials have a value of %s%s"
                .formatted(
                        sweep.name(),
                        analysis.trials(),
                        Math.max(sweep.total(), sweep.trials().size()),
                        analysis.metric(),
                        sweep.state() == null ? "" : " (" + sweep.state() + ")")));
        if (analysis.best() == null) {
            lines.add(sweep.problem() == null ? analysis.summary() : Text.printable(sweep.problem()));
            return lines;
        }
        lines.add("");
        lines.addAll(Text.wrapped(analysis.summary(), WIDTH));
        best();
        importance();
        parameters();
        commandLines();
        return lines;
    }

    private void best() {
        title("Best");
        Columns table = new Columns(List.of(
                analysis.groups().isEmpty()
                        ? ""
                        : String.join(", ", sweep.groupBy()).toUpperCase(Locale.ROOT),
                analysis.metric().toUpperCase(Locale.ROOT),
                "95% INTERVAL",
                "WITHIN NOISE",
                "MEAN",
                "SD",
                "TRIALS",
                "HYPERPARAMETERS",
                "TRIAL"));
        if (analysis.groups().isEmpty()) {
            table.add(row("all", analysis.best(), "", "", "" + analysis.trials()));
        }
        for (Group group : analysis.groups()) {
            table.add(row(
                    values(group.group()),
                    group.best(),
                    Rounded.of(group.mean()),
                    group.sd() == null ? "" : Rounded.of(group.sd()),
                    "" + group.count()));
        }
        lines.addAll(table.lines());
        if (analysis.groupsOmitted() > 0) {
            lines.add("and " + analysis.groupsOmitted() + " more groups");
        }
    }

    private List<String> row(String name, Best best, String mean, String sd, String trials) {
        Map<String, ParameterValue> own = new TreeMap<>(best.parameters());
        own.keySet().removeAll(sweep.groupBy());
        return List.of(
                name,
                Rounded.of(best.value()),
                best.low() == null ? "not known" : Rounded.of(best.low()) + " to " + Rounded.of(best.high()),
                best.withinNoise() == null
                        ? "not known"
                        : best.withinNoise() + (best.withinNoise() == 1 ? " other" : " others"),
                mean,
                sd,
                trials,
                own.entrySet().stream()
                        .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                        .collect(Collectors.joining(" ")),
                best.trial());
    }

    private void importance() {
        Importance importance = analysis.importance();
        if (importance.effects().isEmpty()) {
            return;
        }
        title("What " + analysis.metric() + " depends on, as shares of its variance");
        Columns table = new Columns(List.of("HYPERPARAMETER", "SHARE", "", "NOISE ALONE"));
        importance.effects().stream().limit(EFFECTS).forEach(effect -> table.add(effect(effect)));
        if (importance.rest() > 0.005) {
            table.add(List.of(
                    "three and more together", Text.percent(importance.rest()), Text.bar(importance.rest(), BAR), ""));
        }
        lines.addAll(table.lines());
        lines.add(importance.methodFinding());
    }

    private static List<String> effect(Effect effect) {
        return List.of(
                String.join(" x ", effect.parameters()),
                Text.percent(effect.share()) + (effect.error() == null ? "" : " ± " + Text.percent(effect.error())),
                Text.bar(effect.share(), BAR),
                effect.noise() == null ? "" : Text.percent(effect.noise()));
    }

    private void parameters() {
        if (analysis.parameters().isEmpty()) {
            return;
        }
        title(analysis.metric() + " by value");
        Columns table = new Columns(
                List.of("HYPERPARAMETER", "VALUE", "BEST", "MEAN", "SD", "TRIALS", "COLLAPSED", "DIVERGED"));
        for (ParameterEffect parameter : analysis.parameters()) {
            String name = parameter.name();
            for (ParameterEffect.Level level : parameter.values()) {
                table.add(List.of(
                        name,
                        level.value() != null ? level.value().toString() : level.from() + " to " + level.to(),
                        level.best() == null ? "" : Rounded.of(level.best()),
                        level.mean() == null ? "" : Rounded.of(level.mean()),
                        level.sd() == null ? "" : Rounded.of(level.sd()),
                        "" + level.count(),
                        level.collapsed() == 0 ? "" : "" + level.collapsed(),
                        level.diverged() == 0 ? "" : "" + level.diverged()));
                name = "";
            }
        }
        lines.addAll(table.lines());
        lines.add("");
        Columns correlations = new Columns(List.of("HYPERPARAMETER", "CORRELATION", "", "P"));
        analysis.parameters().forEach(parameter -> correlations(parameter, correlations));
        lines.addAll(correlations.lines());
    }

    private static void correlations(ParameterEffect parameter, Columns table) {
        Correlation correlation = parameter.correlation();
        String name = parameter.name() + (parameter.scale() == Scale.LOG ? " (log)" : "");
        if (correlation.pearson() != null) {
            table.add(List.of(name, "Pearson", signed(correlation.pearson()), p(correlation.pearsonP())));
            table.add(List.of("", "Spearman", signed(correlation.spearman()), p(correlation.spearmanP())));
        } else if (correlation.ratio() != null) {
            table.add(
                    List.of(name, "correlation ratio", "%.2f".formatted(correlation.ratio()), p(correlation.ratioP())));
        }
    }

    private void commandLines() {
        if (commands.isEmpty()) {
            return;
        }
        title("Run the best again");
        commands.values().forEach(line -> lines.add("  " + Text.printable(line)));
    }

    private void title(String text) {
        lines.add("");
        lines.add(Text.printable(text));
    }

    private static String values(Map<String, ParameterValue> group) {
        return group.values().stream().map(ParameterValue::toString).collect(Collectors.joining(", "));
    }

    private static String signed(double correlation) {
        return "%+.2f".formatted(correlation);
    }

    private static String p(Double probability) {
        if (probability == null) {
            return "";
        }
        return probability < 0.001 ? "< 0.001" : "%.3f".formatted(probability);
    }
}
