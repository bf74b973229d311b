package dev.sweeps.metrics;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of mmengine (OpenMMLab): {@code Epoch(train) [1][ 50/100]  lr: 1.0e-02  loss: 0.5} and
 * {@code Epoch(val) [1][10/10]  coco/bbox_mAP: 0.3640}. A line of training names its epoch and the iteration within it.
 */
final class MmengineForm implements MetricForm {
    private static final Pattern EPOCH =
            Pattern.compile("Epoch\\((train|val|test)\\)\\s*\\[\\s*(\\d{1,9})\\]\\[\\s*(\\d{1,9})/\\d+\\]");
    private static final Pattern ITERATION = Pattern.compile("Iter\\(train\\)\\s*\\[\\s*(\\d{1,9})/\\d+\\]");

    private final MetricName watched;

    MmengineForm(MetricName watched) {
        this.watched = watched;
    }

    @Override
    public List<Metrics> read(String line) {
        if (!watched.isIn(line)) {
            return List.of();
        }
        Metrics step = step(line);
        Metrics found = step.isEmpty() ? Metrics.NONE : watched.find(line);
        return found.isEmpty() ? List.of() : List.of(step.with(found));
    }

    private static Metrics step(String line) {
        Matcher epoch = EPOCH.matcher(line);
        if (epoch.find()) {
            Metrics number = Metrics.of(Metrics.EPOCH, Long.parseLong(epoch.group(2)));
            return epoch.group(1).equals("train")
                    ? number.with(Metrics.of(Metrics.STEP, Long.parseLong(epoch.group(3))))
                    : number;
        }
        Matcher iteration = ITERATION.matcher(line);
        return iteration.find() ? Metrics.of(Metrics.STEP, Long.parseLong(iteration.group(1))) : Metrics.NONE;
    }
}
