package dev.sweeps.metrics;

import java.util.List;

/**
 * Python dicts anywhere in a line: {@code {'loss': 0.61, 'epoch': 1.0}} of the Trainer of Hugging Face, and
 * {@code epoch 0: {'accuracy': 0.68}} of its run_glue_no_trainer.py.
 */
final class PythonDictForm implements MetricForm {
    @Override
    public List<Metrics> read(String line) {
        if (line.indexOf('{') < 0) {
            return List.of();
        }
        return BracketScanner.objects(line, PythonLiteral::dict).stream()
                .map(ObjectMetrics::of)
                .filter(metrics -> !metrics.isEmpty())
                .toList();
    }
}
