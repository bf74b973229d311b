package dev.sweeps.cli;

import dev.sweeps.analysis.Analysis;
import dev.sweeps.analysis.Analysis.Group;
import dev.sweeps.analysis.Best;
import dev.sweeps.analysis.Contrast;
import dev.sweeps.analysis.Importance.Effect;
import dev.sweeps.analysis.ParameterEffect;
import dev.sweeps.analysis.Tuning.Swap;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.cli.Pictures.Picture;
import dev.sweeps.metrics.Rounded;
import dev.sweeps.report.SweepReport;
import dev.sweeps.results.SweepResults;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The analysis as Markdown, with links to pictures. */
final class MarkdownReport {
    private final SweepResults sweep;
    private final Analysis analysis;
    private final Map<String, String> commands;
    private final List<Picture> pictures;
    private final String folder;
    private final List<String> lines = new ArrayList<>();

    /**
     * @param folder of the pictures, as seen from the text
     */
    MarkdownReport(SweepReport report, List<Picture> pictures, String folder) {
        this.sweep = report.sweep();
        this.analysis = report.analysis();
        this.commands = report.commands();
        this.pictures = pictures;
        this.folder = folder;
    }

    String text() {
        lines.addAll(List.of("# " + escaped(sweep.name()), "", escaped(analysis.summary()), ""));
        if (analysis.best() != null) {
            best();
            analysis.contrasts().forEach(this::contrast);
            importance();
            parameters();
            if (!commands.isEmpty()) {
                lines.addAll(List.of("## Run the best again", "", "```"));
                commands.values().forEach(line -> lines.add(Text.printable(line)));
                lines.addAll(List.of("```", ""));
            }
        }
        if (!pictures.isEmpty()) {
            lines.addAll(List.of("## Charts", ""));
            pictures.forEach(picture -> lines.addAll(List.of(
                    "### " + escaped(picture.title()),
                    "",
                    escaped(picture.description()),
                    "",
                    "![" + escaped(picture.title()) + "](" + folder + "/" + picture.id() + ".svg)",
                    "")));
        }
        return String.join("\n", lines);
    }

    private void best() {
        lines.addAll(List.of("## Best", ""));
        table("", analysis.metric(), "95 % interval", "within noise", "mean", "SD", "trials", "hyperparameters");
        if (analysis.groups().isEmpty()) {
            Best best = analysis.best();
            row(
                    "all",
                    Rounded.of(best.value()),
                    interval(best),
                    within(best),
                    "",
                    "",
                    analysis.trials(),
                    text(best.parameters()));
        }
        for (Group group : analysis.groups()) {
            Best best = group.best();
            row(
                    values(group.group()),
                    Rounded.of(best.value()),
                    interval(best),
                    within(best),
                    Rounded.of(group.mean()),
                    group.sd() == null ? "" : Rounded.of(group.sd()),
                    group.count(),
                    text(without(best.parameters())));
        }
        lines.add("");
    }

    private void contrast(Contrast contrast) {
        if (contrast.tuning() == null || contrast.tuning().swaps().isEmpty()) {
            return;
        }
        lines.addAll(List.of(
                "## %s and %s with each other's hyperparameters"
                        .formatted(escaped(values(contrast.group())), escaped(values(contrast.other()))),
                ""));
        table("group", "with", "instead of", "loses", "noise (95 %)", "beyond noise");
        for (Swap swap : contrast.tuning().swaps()) {
            row(
                    values(swap.group()),
                    text(swap.foreign()),
                    text(swap.own()) + (swap.settings() > 1 ? " (mean over " + swap.settings() + " settings)" : ""),
                    Rounded.of(swap.loss()),
                    swap.margin() == null ? "not known" : "± " + Rounded.error(swap.margin()),
                    swap.margin() == null ? "not known" : swap.loss() > swap.margin() ? "yes" : "no");
        }
        lines.add("");
    }

    private void importance() {
        if (analysis.importance().effects().isEmpty()) {
            return;
        }
        lines.addAll(List.of("## What " + escaped(analysis.metric()) + " depends on", ""));
        table("hyperparameters", "share of the variance", "noise alone");
        for (Effect effect : analysis.importance().effects()) {
            row(
                    String.join(" × ", effect.parameters()),
                    Text.percent(effect.share()) + (effect.error() == null ? "" : " ± " + Text.percent(effect.error())),
                    effect.noise() == null ? "not known" : Text.percent(effect.noise()));
        }
        if (analysis.importance().rest() > 0.005) {
            row("three and more together", Text.percent(analysis.importance().rest()), "");
        }
        lines.add("");
    }

    private void parameters() {
        lines.addAll(List.of("## " + escaped(analysis.metric()) + " by value", ""));
        table("hyperparameter", "value", "best", "mean", "SD", "trials", "collapsed", "diverged");
        for (ParameterEffect parameter : analysis.parameters()) {
            for (ParameterEffect.Level level : parameter.values()) {
                row(
                        parameter.name(),
                        level.value() != null ? level.value() : level.from() + " to " + level.to(),
                        level.best() == null ? "" : Rounded.of(level.best()),
                        level.mean() == null ? "" : Rounded.of(level.mean()),
                        level.sd() == null ? "" : Rounded.of(level.sd()),
                        level.count(),
                        level.collapsed(),
                        level.diverged());
            }
        }
        lines.add("");
    }

    private void table(String... header) {
        row((Object[]) header);
        lines.add("|" + "---|".repeat(header.length));
    }

    private void row(Object... cells) {
        lines.add("| "
                + Arrays.stream(cells)
                        .map(cell -> escaped(String.valueOf(cell)))
                        .collect(Collectors.joining(" | "))
                + " |");
    }

    private Map<String, ParameterValue> without(Map<String, ParameterValue> parameters) {
        return parameters.entrySet().stream()
                .filter(parameter -> !sweep.groupBy().contains(parameter.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, TreeMap::new));
    }

    private static String interval(Best best) {
        return best.low() == null ? "not known" : Rounded.of(best.low()) + " to " + Rounded.of(best.high());
    }

    private static String within(Best best) {
        return best.withinNoise() == null
                ? "not known"
                : best.withinNoise() + (best.withinNoise() == 1 ? " other" : " others");
    }

    private static String values(Map<String, ParameterValue> group) {
        return group.values().stream().map(ParameterValue::toString).collect(Collectors.joining(", "));
    }

    private static String text(Map<String, ParameterValue> parameters) {
        return parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                .collect(Collectors.joining(" "));
    }

    /** Escapes the characters that Markdown or HTML would interpret. */
    private static String escaped(String text) {
        return Text.printable(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replaceAll("([\\\\`*_\\[\\]|#])", "\\\\$1");
    }
}
