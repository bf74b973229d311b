package dev.sweeps.metrics;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The progress lines of Keras: {@code Epoch 2/10}, then {@code 1875/1875 - 3s - 2ms/step - auc: 0.91 - val_auc: 0.95}. The epoch of the
 * first line is that of the values in the second.
 */
final class KerasForm implements MetricForm {
    private static final Pattern EPOCH = Pattern.compile("Epoch (\\d{1,9})/\\d+\\s*");
    private static final Pattern PROGRESS = Pattern.compile("\\s*\\d+/\\d+ .*");

    private final MetricName watched;
    private Metrics epoch = Metrics.NONE;

    KerasForm(MetricName watched) {
        this.watched = watched;
    }

    @Override
    public List<Metrics> read(String line) {
        Matcher header = EPOCH.matcher(line);
        if (line.startsWith("Epoch") && header.matches()) {
            epoch = Metrics.of(Metrics.EPOCH, Long.parseLong(header.group(1)));
            return List.of(epoch);
        }
        if (epoch.isEmpty() || !watched.isIn(line) || !PROGRESS.matcher(line).matches()) {
            return List.of();
        }
        Metrics found = watched.find(line);
        return found.isEmpty() ? List.of() : List.of(epoch.with(found));
    }
}
