package dev.sweeps.metrics;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/**
 * The regular expression of {@code metric.pattern}, in the syntax of RE2, which takes time in proportion to the length of a line whatever the
 * expression is. Alternatives have groups of their own, with a number: {@code acc (?P<value>\S+)|accuracy (?P<value2>\S+)}.
 *
 * @param groups names of the groups it has
 */
public record MetricPattern(Pattern compiled, Set<String> groups) {
    static final String VALUE = "value";
    static final String NAME = "name";
    static final String STEP = "step";

    private static final java.util.regex.Pattern GROUP = java.util.regex.Pattern.compile("(value|name|step)([2-9]?)");

    /** @throws InvalidPattern if it cannot be used, with the reason */
    public static MetricPattern of(String expression) {
        Pattern compiled;
        try {
            compiled = Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new InvalidPattern("is not a regular expression in the syntax of RE2: " + e.getDescription() + " in "
                    + e.getPattern() + "; RE2 has no look-ahead and no back-references");
        }
        Set<String> groups = compiled.namedGroups().keySet();
        if (!groups.contains(VALUE)) {
            throw new InvalidPattern("has no group named value; write (?P<value>...) around the number");
        }
        for (String group : groups) {
            java.util.regex.Matcher allowed = GROUP.matcher(group);
            if (!allowed.matches()) {
                throw new InvalidPattern("has a group named " + group
                        + "; use value, name and step only, and value2, name2 and step2 in a second alternative");
            }
            if (!groups.contains(VALUE + allowed.group(2))) {
                throw new InvalidPattern("has a group named " + group + " and none named " + VALUE + allowed.group(2)
                        + "; write (?P<" + VALUE + allowed.group(2) + ">...) around its number");
            }
        }
        if (compiled.matches("")) {
            throw new InvalidPattern("matches an empty line; require at least the digits of the value");
        }
        return new MetricPattern(compiled, groups);
    }

    /**
     * Returns the suffix of the groups that took part in a match: the number of the alternative, or an empty text for the first one. Empty if no
     * value group matched.
     */
    Optional<String> alternative(Matcher match) {
        return groups.stream()
                .filter(group -> group.startsWith(VALUE) && match.start(group) >= 0)
                .map(group -> group.substring(VALUE.length()))
                .min(Comparator.naturalOrder());
    }

    /** Returns the text of a group that took part in a match. */
    Optional<String> group(Matcher match, String name) {
        return groups.contains(name) ? Optional.ofNullable(match.group(name)) : Optional.empty();
    }

    /** A pattern that cannot be used. */
    public static final class InvalidPattern extends RuntimeException {
        private static final long serialVersionUID = 1;

        InvalidPattern(String message) {
            super(message);
        }
    }
}
