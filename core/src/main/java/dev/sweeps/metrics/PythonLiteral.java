package dev.sweeps.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code repr} of a Python dict as a tree. Values that are neither numbers nor text nor containers, such as {@code array([[3, 1]])} or
 * {@code datetime.date(2026, 1, 1)}, are missing nodes. Also reads the JSON that C programs print, with a bare {@code nan}.
 */
public final class PythonLiteral {
    /** Maximum depth of nested containers. */
    private static final int MAX_DEPTH = 8;

    private static final Pattern SPACE = Pattern.compile("\\s*");
    private static final Pattern STRING =
            Pattern.compile("[rbu]?(?:'((?:[^'\\\\]|\\\\.){0,4000}+)'|\"((?:[^\"\\\\]|\\\\.){0,4000}+)\")");
    private static final Pattern WORD = Pattern.compile("True|False|true|false|None|null");
    private static final Pattern NAME = Pattern.compile("<?[A-Za-z_][\\w.]*");

    private final String text;
    private int at;

    private PythonLiteral(String text) {
        this.text = text;
    }

    /** Returns the dict that the text consists of; empty if it is none. */
    public static Optional<JsonNode> dict(String text) {
        PythonLiteral reader = new PythonLiteral(text.strip());
        JsonNode node = reader.value(0);
        return node != null && node.isObject() && reader.at == reader.text.length()
                ? Optional.of(node)
                : Optional.empty();
    }

    /** Returns null if no value begins here. */
    private JsonNode value(int depth) {
        skip(SPACE);
        if (at >= text.length() || depth > MAX_DEPTH) {
            return null;
        }
        char c = text.charAt(at);
        if (c == '{') {
            return object(depth);
        }
        if (c == '[' || c == '(') {
            return array(depth, c == '[' ? ']' : ')');
        }
        Matcher string = match(STRING);
        if (string != null) {
            return TextNode.valueOf(string.group(1) == null ? string.group(2) : string.group(1));
        }
        Optional<NumberText> number = NumberText.at(text, at);
        if (number.isPresent()) {
            return number(number.get());
        }
        Matcher word = match(WORD);
        if (word != null) {
            return word.group().startsWith("N") || word.group().startsWith("n")
                    ? NullNode.getInstance()
                    : BooleanNode.valueOf(word.group().equalsIgnoreCase("true"));
        }
        return other();
    }

    private JsonNode number(NumberText number) {
        at = number.end();
        return switch (number.kind()) {
            case FINITE -> DecimalNode.valueOf(number.value());
            case NOT_FINITE -> DoubleNode.valueOf(Double.NaN);
            case UNCLEAR -> MissingNode.getInstance();
        };
    }

    private JsonNode object(int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        at++;
        while (!closes('}')) {
            JsonNode key = value(depth + 1);
            skip(SPACE);
            if (key == null || at >= text.length() || text.charAt(at) != ':') {
                return null;
            }
            at++;
            JsonNode value = value(depth + 1);
            if (value == null || !separated('}')) {
                return null;
            }
            if (!value.isMissingNode()) {
                object.set(key.asText(), value);
            }
        }
        return object;
    }

    private JsonNode array(int depth, char end) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        at++;
        while (!closes(end)) {
            JsonNode value = value(depth + 1);
            if (value == null || !separated(end)) {
                return null;
            }
            array.add(value.isMissingNode() ? NullNode.getInstance() : value);
        }
        return array;
    }

    /** Skips a call or another {@code repr}, up to the bracket that closes it. */
    private JsonNode other() {
        Matcher name = match(NAME);
        if (name == null) {
            return null;
        }
        if (at < text.length() && "([".indexOf(text.charAt(at)) >= 0) {
            int end = BracketScanner.end(text, at);
            if (end < 0) {
                return null;
            }
            at = end;
        }
        return MissingNode.getInstance();
    }

    /** Whether a container ends here, possibly after a last comma. */
    private boolean closes(char end) {
        skip(SPACE);
        if (at < text.length() && text.charAt(at) == end) {
            at++;
            return true;
        }
        return false;
    }

    /** Skips a comma; returns false unless there is one or the container ends here. */
    private boolean separated(char end) {
        skip(SPACE);
        if (at < text.length() && text.charAt(at) == ',') {
            at++;
            return true;
        }
        return at < text.length() && text.charAt(at) == end;
    }

    private void skip(Pattern pattern) {
        match(pattern);
    }

    private Matcher match(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            return null;
        }
        at = matcher.end();
        return matcher;
    }
}
