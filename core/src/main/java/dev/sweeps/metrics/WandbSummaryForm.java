package dev.sweeps.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The summary that {@code wandb.finish()} prints: the last value of each metric, in five digits, {@code wandb:  eval_acc 0.61234}. What the
 * program printed itself has more digits and counts before it.
 */
final class WandbSummaryForm implements MetricForm {
    private static final Pattern SUMMARY =
            Pattern.compile("wandb:\\s+([^\\s,:;](?:[^,:;]{0,62}[^\\s,:;])?)\\s+(\\S+)\\s*");

    static boolean isOfWandb(String line) {
        return line.startsWith("wandb:");
    }

    @Override
    public List<Metrics> read(String line) {
        Matcher summary = SUMMARY.matcher(line);
        Map<String, NumberText> found = new LinkedHashMap<>();
        if (summary.matches()) {
            NumberText.of(summary.group(2)).ifPresent(number -> found.put(summary.group(1), number));
        }
        return found.isEmpty() ? List.of() : List.of(Metrics.of(found));
    }
}
