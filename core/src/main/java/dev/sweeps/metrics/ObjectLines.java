package dev.sweeps.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Joins the lines of an object that is printed over several, as {@code json.dumps(metrics, indent=2)} and {@code pprint} do. Lines that turn
 * out not to belong to one object are given back as they are.
 */
final class ObjectLines {
    /** Maximum number of lines and characters of an object; a longer one is not joined. */
    private static final int MAX_LINES = 500;

    private static final int MAX_LENGTH = 65_536;

    /** An opening bracket followed by nothing, a quote or another bracket. */
    private static final Pattern OPENING = Pattern.compile("\\{\\s*(?:$|[\"'{])");

    private static final Pattern CONTINUATION = Pattern.compile(
            "[\"'\\[\\]}{0-9+.-].*|(?:true|false|null|None|True|False|NaN|nan|inf|Infinity)\\b.*|[A-Za-z_][\\w.]*\\(.*");

    private final List<String> lines = new ArrayList<>();
    private final StringBuilder joined = new StringBuilder();

    /** Returns the lines to read now: none while an object is open, the whole object once it is closed. */
    List<String> add(String line) {
        if (lines.isEmpty()) {
            if (!opens(line)) {
                return List.of(line);
            }
            append(line);
            return List.of();
        }
        if (!continues(line.strip())) {
            List<String> before = flush();
            List<String> all = new ArrayList<>(before);
            all.addAll(add(line));
            return all;
        }
        append(line);
        if (BracketScanner.end(joined.toString(), joined.indexOf("{")) < 0) {
            return lines.size() < MAX_LINES && joined.length() < MAX_LENGTH ? List.of() : flush();
        }
        String object = joined.toString();
        clear();
        return List.of(object);
    }

    /** Returns the lines of an object that is still open. */
    List<String> flush() {
        List<String> open = List.copyOf(lines);
        clear();
        return open;
    }

    private static boolean opens(String line) {
        int start = line.indexOf('{');
        return start >= 0
                && OPENING.matcher(line).region(start, line.length()).lookingAt()
                && BracketScanner.end(line, start) < 0;
    }

    private boolean continues(String line) {
        String before = joined.toString().stripTrailing();
        boolean startsObject = line.startsWith("{");
        boolean objectMayStart = before.endsWith(":") || before.endsWith("[") || before.endsWith("},");
        return CONTINUATION.matcher(line).matches() && (!startsObject || objectMayStart);
    }

    private void append(String line) {
        lines.add(line);
        joined.append(line).append(' ');
    }

    private void clear() {
        lines.clear();
        joined.setLength(0);
    }
}
