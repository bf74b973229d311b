package dev.sweeps.metrics;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rounds of XGBoost, {@code [10]\ttrain-auc:0.99120\tvalidation-auc:0.95}, and of LightGBM, {@code [10]\tvalid_0's auc: 0.95}. The number
 * in brackets is the step. In cross-validation, {@code test-auc:0.95+0.01}, the mean counts.
 */
final class BoostingRoundForm implements MetricForm {
    private static final Pattern ROUND = Pattern.compile("(?:^|\\s)\\[(\\d{1,9})\\]\\s+(?=[A-Za-z_])");

    private final MetricName watched;

    BoostingRoundForm(MetricName watched) {
        this.watched = watched;
    }

    @Override
    public List<Metrics> read(String line) {
        if (!watched.isIn(line) || line.indexOf('[') < 0) {
            return List.of();
        }
        Matcher round = ROUND.matcher(line);
        if (!round.find()) {
            return List.of();
        }
        Metrics found = watched.find(line.substring(round.end()));
        return found.isEmpty()
                ? List.of()
                : List.of(
                        Metrics.of(Metrics.STEP, Long.parseLong(round.group(1))).with(found));
    }
}
