package dev.sweeps.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Formats values as Python's {@code str} does, because the agent of W&amp;B does so and programs expect it. */
final class PythonText {
    private PythonText() {}

    /** Returns {@code True}, {@code None}, {@code [64, 64]} or {@code {'lr': 0.1}}; text unchanged, numbers without an exponent. */
    static String of(ParameterValue value) {
        return value.raw() instanceof String text ? text : repr(value.json());
    }

    private static String repr(JsonNode json) {
        return switch (json.getNodeType()) {
            case NULL -> "None";
            case BOOLEAN -> json.booleanValue() ? "True" : "False";
            case NUMBER -> json.decimalValue().toPlainString();
            case STRING -> quoted(json.textValue());
            case ARRAY ->
                StreamSupport.stream(json.spliterator(), false)
                        .map(PythonText::repr)
                        .collect(Collectors.joining(", ", "[", "]"));
            default ->
                json.properties().stream()
                        .map(field -> quoted(field.getKey()) + ": " + repr(field.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
        };
    }

    /** Quotes with single quotes, or with double quotes if the text contains single ones and no double ones. */
    private static String quoted(String text) {
        char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
        StringBuilder repr = new StringBuilder().append(quote);
        text.codePoints().forEach(point -> repr.append(escaped(point, quote)));
        return repr.append(quote).toString();
    }

    private static String escaped(int point, char quote) {
        if (point == quote || point == '\\') {
            return "\\" + (char) point;
        }
        return switch (point) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> point < ' ' || point == 0x7f ? "\\x%02x".formatted(point) : Character.toString(point);
        };
    }
}
