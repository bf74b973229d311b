package dev.sweeps.metrics;

import java.util.List;

/**
 * The watched metric anywhere in a line of text, with the step and the epoch of the line: {@code eval_acc = 0.68} (run_glue.py of 2020),
 * {@code iter 100: loss 2.3, time 20ms} (nanoGPT), {@code Epoch 1: 100%|...| [00:01<00:00, val_acc=0.91]} (Lightning), and the cells
 * {@code │ test_acc │ 0.91 │} of the tables that Lightning and Stable-Baselines3 print.
 */
final class NamedValueForm implements MetricForm {
    private final MetricName watched;

    NamedValueForm(MetricName watched) {
        this.watched = watched;
    }

    @Override
    public List<Metrics> read(String line) {
        Metrics found = watched.isIn(line) ? watched.find(line) : Metrics.NONE;
        return found.isEmpty() ? List.of() : List.of(TrainingStep.in(line).with(found));
    }
}
