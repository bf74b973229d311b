package dev.sweeps.metrics;

import java.util.List;

/** JSON objects anywhere in a line: {@code {"step": 50, "eval_acc": 0.61}}, also behind a progress bar or the prefix of a logger. */
final class JsonForm implements MetricForm {
    @Override
    public List<Metrics> read(String line) {
        if (line.indexOf('{') < 0) {
            return List.of();
        }
        return BracketScanner.objects(line, ObjectMetrics::json).stream()
                .map(ObjectMetrics::of)
                .filter(metrics -> !metrics.isEmpty())
                .toList();
    }
}
