package dev.sweeps.metrics;

import com.google.re2j.Matcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The form that {@code metric.pattern} of the sweep describes. Each match in a line is a value. Of several with one name, the last counts. */
final class PatternForm implements MetricForm {
    private final MetricPattern pattern;
    private final String watched;

    PatternForm(MetricPattern pattern, String watched) {
        this.pattern = pattern;
        this.watched = watched;
    }

    @Override
    public List<Metrics> read(String line) {
        List<Metrics> reports = new ArrayList<>();
        Matcher match = pattern.compiled().matcher(line);
        while (match.find()) {
            pattern.alternative(match)
                    .flatMap(alternative -> report(line, match, alternative))
                    .ifPresent(reports::add);
        }
        return reports;
    }

    private Optional<Metrics> report(String line, Matcher match, String alternative) {
        String value = match.group(MetricPattern.VALUE + alternative);
        int end = match.end(MetricPattern.VALUE + alternative);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        String name = pattern.group(match, MetricPattern.NAME + alternative)
                .map(String::strip)
                .orElse(watched);
        // A number that continues after the group would be cut.
        NumberText number = NumberText.of(value)
                .map(read -> goesOn(line, end) ? new NumberText(NumberText.Kind.UNCLEAR, null, end) : read)
                .orElse(new NumberText(NumberText.Kind.UNCLEAR, null, end));
        Map<String, NumberText> found = new LinkedHashMap<>();
        pattern.group(match, MetricPattern.STEP + alternative)
                .flatMap(step -> NumberText.count(step.strip(), 0))
                .ifPresent(step -> found.put(Metrics.STEP, NumberText.of(step, 0)));
        found.put(name, number);
        return Optional.of(Metrics.of(found));
    }

    private static boolean goesOn(String line, int end) {
        if (end >= line.length()) {
            return false;
        }
        char next = line.charAt(end);
        boolean digitAfter = end + 1 < line.length() && Character.isDigit(line.charAt(end + 1));
        return Character.isDigit(next) || (".,'_".indexOf(next) >= 0 && digitAfter);
    }
}
