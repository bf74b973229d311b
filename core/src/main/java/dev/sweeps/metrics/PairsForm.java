package dev.sweeps.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines that consist of pairs, perhaps behind a prefix: {@code step=50 eval_acc=0.61}, the logfmt of many loggers. All numbers in such a line
 * are metrics.
 */
final class PairsForm implements MetricForm {
    private static final Pattern PAIR =
            Pattern.compile("(?<![^\\s,;|(\\[\\])>])([A-Za-z_][\\w./@:-]{0,252})=(?=[^\\s=])");
    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|'[^']*'|[^\\s,;|)\\]\"'=]+");
    private static final Pattern BETWEEN = Pattern.compile("[\\s,;|)\\]]*");

    private final MetricName watched;
    private final String watchedName;

    PairsForm(String watched) {
        this.watchedName = watched;
        this.watched = new MetricName(watched);
    }

    @Override
    public List<Metrics> read(String line) {
        Matcher first = PAIR.matcher(line);
        if (line.indexOf('=') < 0 || !first.find()) {
            return List.of();
        }
        Map<String, NumberText> numbers = new LinkedHashMap<>();
        int at = first.start();
        while (at < line.length()) {
            Matcher pair = PAIR.matcher(line).region(at, line.length());
            pair.useTransparentBounds(true);
            if (!pair.lookingAt()) {
                return List.of();
            }
            Matcher word = WORD.matcher(line).region(pair.end(), line.length());
            Optional<NumberText> number = number(pair.group(1), line, pair.end());
            if (number.isPresent()) {
                numbers.put(pair.group(1), number.get());
                at = number.get().end();
            } else if (word.lookingAt()) {
                at = word.end();
            } else {
                return List.of();
            }
            Matcher between = BETWEEN.matcher(line).region(at, line.length());
            at = between.lookingAt() ? between.end() : at;
        }
        numbers.remove(watchedName);
        Metrics before = TrainingStep.in(line.substring(0, first.start()));
        Metrics all = before.with(Metrics.of(numbers)).with(watched.find(line));
        return all.isEmpty() ? List.of() : List.of(all);
    }

    /** Reads a number. The digits of a step may be grouped: {@code step=1,500}. */
    private static Optional<NumberText> number(String name, String line, int at) {
        Optional<NumberText> number = NumberText.at(line, at);
        boolean isGroupedStep = Metrics.isStep(name)
                && number.filter(found -> found.kind() == NumberText.Kind.UNCLEAR)
                        .isPresent();
        return isGroupedStep
                ? NumberText.count(line, at)
                        .map(step -> NumberText.of(step, number.get().end()))
                : number;
    }
}
