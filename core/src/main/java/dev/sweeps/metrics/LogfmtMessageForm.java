package dev.sweeps.metrics;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Records of logfmt loggers (logrus, slog, structlog) whose message holds the report:
 * {@code time="..." level=info msg="accuracy: 0.88" epoch=3}.
 */
final class LogfmtMessageForm implements MetricForm {
    private static final Pattern MESSAGE = Pattern.compile("(?<!\\S)(?:msg|message|event)=\"((?:[^\"\\\\]|\\\\.)*+)\"");

    private final List<MetricForm> formsOfMessages;

    LogfmtMessageForm(List<MetricForm> formsOfMessages) {
        this.formsOfMessages = formsOfMessages;
    }

    @Override
    public List<Metrics> read(String line) {
        Matcher message = MESSAGE.matcher(line);
        if (line.indexOf("=\"") < 0 || !message.find()) {
            return List.of();
        }
        Metrics step = TrainingStep.in(line.substring(0, message.start()) + line.substring(message.end()));
        String text = message.group(1).replace("\\\"", "\"");
        return MetricForms.read(formsOfMessages, text, metrics -> true).stream()
                .map(step::with)
                .toList();
    }
}
