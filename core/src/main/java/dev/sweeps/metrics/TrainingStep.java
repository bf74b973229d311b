package dev.sweeps.metrics;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the step and the epoch in a line of free text: {@code step=50}, {@code Epoch 3/10}, {@code Epoch: [3][10/500]}. */
final class TrainingStep {
    private static final Pattern NAMED = Pattern.compile(
            "(?<![\\w.@/-])(global_step|step|iteration|iter|epoch)(?:\\s*[=:]\\s*\\[?\\s*|\\s+\\[?\\s*|\\s*\\[\\s*)(?=[0-9])",
            Pattern.CASE_INSENSITIVE);

    /** Words that make it something other than the current step: {@code per step: 2}, {@code best epoch: 3}, {@code max epoch 10}. */
    private static final Pattern OTHER = Pattern.compile(
            "(?:best|per|max|min|total|num|every|each|save|warmup|last|first|from)[\\s_]+$", Pattern.CASE_INSENSITIVE);

    private TrainingStep() {}

    /** Returns the metrics {@code step} and {@code epoch}, if the line names them. */
    static Metrics in(String line) {
        Map<String, NumberText> found = new LinkedHashMap<>();
        Matcher named = NAMED.matcher(line);
        while (named.find()) {
            boolean isOther = OTHER.matcher(line.substring(0, named.start())).find();
            String name = named.group(1).toLowerCase(Locale.ROOT).equals(Metrics.EPOCH) ? Metrics.EPOCH : Metrics.STEP;
            if (!isOther) {
                NumberText.count(line, named.end()).ifPresent(count -> found.put(name, NumberText.of(count, 0)));
            }
        }
        return Metrics.of(found);
    }
}
