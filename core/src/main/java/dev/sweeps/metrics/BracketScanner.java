package dev.sweeps.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds objects in curly brackets in text. Brackets within quotes do not count. */
final class BracketScanner {
    /** Maximum number of opening brackets of a line that are tried, so that no line is expensive. */
    private static final int MAX_STARTS = 32;

    private BracketScanner() {}

    /**
     * Returns the objects of a line that a reader accepts: the inner one of {@code {torn {"a": 1}}, none of the inner ones of {@code {"b":
     * {"a": 1}}.
     */
    static List<JsonNode> objects(String line, Function<String, Optional<JsonNode>> reader) {
        List<JsonNode> objects = new ArrayList<>();
        int start = line.indexOf('{');
        int current = NotCurrent.from(line);
        for (int tried = 0; start >= 0 && tried < MAX_STARTS; tried++) {
            int end = end(line, start);
            if (end > 0 && start < current) {
                reader.apply(line.substring(start, end)).ifPresent(objects::add);
            }
            if (end < 0 && line.startsWith("\"", start + 1)) {
                break; // Torn: what is within it is not what was reported.
            }
            start = line.indexOf('{', end > 0 ? end : start + 1);
        }
        return objects;
    }

    /** Returns the index after the bracket that closes the one at {@code start}; -1 if the text ends before. */
    static int end(String text, int start) {
        int depth = 0;
        char quote = 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '{' || c == '[' || c == '(') {
                depth++;
            } else if (c == '}' || c == ']' || c == ')') {
                depth--;
                if (depth == 0) {
                    return i + 1;
                }
            }
        }
        return -1;
    }
}
