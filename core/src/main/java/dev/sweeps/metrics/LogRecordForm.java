package dev.sweeps.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Records of JSON loggers (structlog, python-json-logger, Docker) whose message holds the report:
 * {@code {"ts": ..., "level": "info", "message": "epoch=3 accuracy=0.88"}}.
 */
final class LogRecordForm implements MetricForm {
    private static final List<String> MESSAGE_FIELDS = List.of("message", "msg", "event", "log", "text");

    private final List<MetricForm> formsOfMessages;

    LogRecordForm(List<MetricForm> formsOfMessages) {
        this.formsOfMessages = formsOfMessages;
    }

    @Override
    public List<Metrics> read(String line) {
        if (line.indexOf('{') < 0) {
            return List.of();
        }
        List<Metrics> reports = new ArrayList<>();
        for (JsonNode record : BracketScanner.objects(line, ObjectMetrics::json)) {
            Metrics fields = ObjectMetrics.of(record);
            for (String field : MESSAGE_FIELDS) {
                String message = record.path(field).asText("");
                MetricForms.read(formsOfMessages, message, metrics -> true).stream()
                        .map(fields::with)
                        .forEach(reports::add);
            }
        }
        return reports;
    }
}
