package dev.sweeps.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds one metric by its name in a line of free text: {@code name: value}, {@code name = value}, {@code name=value}, or the name, spaces and
 * the value where nothing else stands between two delimiters. Exactness goes before reach: {@code train loss: 0.5} is not the metric
 * {@code loss}, {@code best loss: 0.5} is not its current value, and a line that gives two values for the name gives none.
 */
final class MetricName {
    /** Words before a name that do not make it another name, separated by one space. */
    private static final Pattern NEUTRAL = Pattern.compile(
            "(?:final|current|the|and|with|got|is|results?|metrics?|epoch|step|iter|iteration|debug|info|warning|warn|error|notice)",
            Pattern.CASE_INSENSITIVE);

    /** A pair without a space: {@code step:10/100}. */
    private static final Pattern PAIR = Pattern.compile("[A-Za-z_][\\w.-]*:[-+.]?[0-9]\\S*");

    private static final Pattern SEPARATOR = Pattern.compile("\\s*[=:](?![=:>])\\s*");
    private static final Pattern SPACES = Pattern.compile("\\s+");
    /** Words after a whole number that say what is counted. */
    private static final Pattern THINGS = Pattern.compile(
            " (?!(?:at|in|on|after|for|with|and|from|by|over|vs|best|new)\\b)[a-z]+(?=\\s+[a-z]+\\b(?!\\s*[:=])|[.,;)]?\\s*$)");

    private static final Pattern CELL = Pattern.compile("\\s*[|\u2502\u2503]\\s*");

    /** Text that may follow a value that is separated from its name by spaces only. */
    private static final Pattern END_OF_FIELD =
            Pattern.compile("\\s*(?:$|[,;|)\\]\u2502\u2503\\t]|\\s{2}|- |\\s[A-Za-z_][\\w@./-]*\\s+[-+.]?[0-9])");

    /** Text that may follow the value in a cell. Another number would be the value for other data. */
    private static final Pattern END_OF_CELL =
            Pattern.compile("(?!\\s*[|\u2502\u2503]\\s*[-+.]?[0-9])" + END_OF_FIELD.pattern());

    private static final String OPENING = "[(|,;>\u2502\u2503";

    private final String name;

    MetricName(String name) {
        this.name = name;
    }

    boolean isIn(String line) {
        return line.contains(name);
    }

    /** Returns the metric as the line reports it; empty if it does not. */
    Metrics find(String line) {
        NumberText found = null;
        int current = NotCurrent.from(line);
        int depth = 0;
        int scanned = 0;
        for (int at = line.indexOf(name); at >= 0 && at <= current; at = line.indexOf(name, at + 1)) {
            for (; scanned < at; scanned++) {
                char c = line.charAt(scanned);
                depth += c == '{' ? 1 : c == '}' && depth > 0 ? -1 : 0;
            }
            // Within an object the name can mean another metric.
            boolean isOutside = depth == 0;
            Optional<NumberText> number = isOutside && beginsAt(line, at) ? number(line, at) : Optional.empty();
            if (number.isPresent()) {
                if (found != null && !sameAs(found, number.get())) {
                    return Metrics.NONE;
                }
                found = number.get();
            }
        }
        Map<String, NumberText> one = new LinkedHashMap<>();
        if (found != null) {
            one.put(name, found);
        }
        return Metrics.of(one);
    }

    private static boolean sameAs(NumberText one, NumberText other) {
        return one.kind() == other.kind() && (one.value() == null || one.value().compareTo(other.value()) == 0);
    }

    /** Whether a name of its own begins at an index, and not the end of another name. */
    private boolean beginsAt(String line, int at) {
        int before = at - 1;
        if (before >= 0 && isQuote(line.charAt(before))) {
            before--;
        }
        if (before < 0) {
            return true;
        }
        char last = line.charAt(before);
        if (!Character.isWhitespace(last)) {
            return OPENING.indexOf(last) >= 0 || last == ']' || last == ')';
        }
        int end = before;
        while (end > 0 && Character.isWhitespace(line.charAt(end - 1))) {
            end--;
        }
        boolean parted = end == 0 || before - end > 0 || last == '\t';
        return parted || isNeutral(line, end);
    }

    /** Whether the word that ends at an index does not change the name after it: {@code 3/10}, {@code step=1}, {@code Final}. */
    private static boolean isNeutral(String line, int end) {
        char last = line.charAt(end - 1);
        if (!Character.isLetterOrDigit(last) && last != '_') {
            return true;
        }
        int start = end;
        while (start > 0 && !Character.isWhitespace(line.charAt(start - 1))) {
            start--;
        }
        String word = line.substring(start, end);
        // In msg="train acc: 0.9" the word begins a quoted text.
        boolean isPair = word.indexOf('=') > 0
                && word.chars().filter(c -> isQuote((char) c)).count() % 2 == 0;
        return isPair
                || PAIR.matcher(word).matches()
                || word.chars().noneMatch(Character::isLetter)
                || NEUTRAL.matcher(word).matches();
    }

    private Optional<NumberText> number(String line, int at) {
        int end = at + name.length();
        boolean quoted = at > 0 && isQuote(line.charAt(at - 1));
        if (quoted) {
            if (end >= line.length() || line.charAt(end) != line.charAt(at - 1)) {
                return Optional.empty();
            }
            end++;
        } else if (isInParentheses(line, at, end)) {
            end++;
        }
        Matcher separator = SEPARATOR.matcher(line).region(end, line.length());
        if (separator.lookingAt()) {
            if (quoted && separator.group().indexOf(':') >= 0) {
                return Optional.empty(); // An item of an object, which is read as a whole or not at all.
            }
            return NumberText.at(line, separator.end())
                    .filter(number -> !isCount(line, number))
                    .or(() -> NumberText.fraction(line, separator.end()));
        }
        Matcher cell = CELL.matcher(line).region(end, line.length());
        Matcher spaces = SPACES.matcher(line).region(end, line.length());
        boolean isCell = cell.lookingAt();
        Pattern endOfValue = isCell ? END_OF_CELL : END_OF_FIELD;
        if (!isCell && !spaces.lookingAt()) {
            return Optional.empty();
        }
        return NumberText.at(line, isCell ? cell.end() : spaces.end()).filter(number -> endOfValue
                .matcher(line)
                .region(number.end(), line.length())
                .lookingAt());
    }

    /** Whether the number counts things, as in {@code loss: 3 values were skipped}. */
    private static boolean isCount(String line, NumberText number) {
        boolean isWhole = number.value() != null
                && Character.isDigit(line.charAt(number.end() - 1))
                && number.value().scale() <= 0;
        return isWhole
                && THINGS.matcher(line).region(number.end(), line.length()).lookingAt();
    }

    /** Whether the name is in parentheses, as in {@code mean average precision (mAP@0.50) = 0.55}. */
    private static boolean isInParentheses(String line, int start, int end) {
        return start > 0 && line.charAt(start - 1) == '(' && end < line.length() && line.charAt(end) == ')';
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'';
    }
}
