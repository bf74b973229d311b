package dev.sweeps.metrics;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The iterations of CatBoost: {@code 10:\tlearn: 0.41\ttest: 0.43\tbest: 0.42 (9)\ttotal: 57ms\tremaining: 1s}. The number before the colon is
 * the step; {@code best} is read only if the sweep watches a metric of that name.
 */
final class CatBoostForm implements MetricForm {
    private static final Pattern ITERATION = Pattern.compile("(\\d{1,9}):\\t(?=.*\\b(?:learn|test\\d*): )");

    private final MetricName watched;

    CatBoostForm(MetricName watched) {
        this.watched = watched;
    }

    @Override
    public List<Metrics> read(String line) {
        Matcher iteration = ITERATION.matcher(line);
        if (!watched.isIn(line) || !iteration.lookingAt()) {
            return List.of();
        }
        Metrics found = watched.find(line.substring(iteration.end()));
        return found.isEmpty()
                ? List.of()
                : List.of(Metrics.of(Metrics.STEP, Long.parseLong(iteration.group(1)))
                        .with(found));
    }
}
