package dev.sweeps.metrics;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number as programs print it: {@code 0.91}, {@code 91.2%}, {@code 1,234,567}, {@code 0,91}, {@code nan}, {@code np.float64(0.91)} or
 * {@code tensor(0.91, device='cuda:0')}. A number is never cut: text that could be two different numbers, such as {@code 1,234}, is
 * {@link Kind#UNCLEAR}.
 *
 * @param value null unless the kind is {@link Kind#FINITE}
 * @param end index of the first character after the number
 */
record NumberText(Kind kind, BigDecimal value, int end) {
    /** How the text can be read. */
    enum Kind {
        FINITE,
        /** NaN, infinite, null or None in any spelling: the metric has no value. */
        NOT_FINITE,
        /** The text can be read as different numbers, depending on the country. */
        UNCLEAR
    }

    /** Spellings in Python, JSON, C, Microsoft's C runtime ({@code 1.#QNAN}, {@code -nan(ind)}), Racket ({@code +nan.0}) and JavaScript. */
    private static final Pattern NO_NUMBER = Pattern.compile(
            "[-+\u2212]?(?:nan(?:\\.0|\\([a-z0-9_]*\\))?|inf(?:inity)?(?:\\.0)?|\u221E|1\\.?\\#(?:qnan|snan|ind|inf|j|nan)0*)|null|none",
            Pattern.CASE_INSENSITIVE);

    private static final String GROUPING = ",.'_\u00A0\u202F\u2009\u2019";
    private static final Pattern DIGITS =
            Pattern.compile("[-+\u2212]?(?:[0-9](?:[0-9" + GROUPING + "]*[0-9])?|\\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?");

    /** Start of the {@code repr} of a scalar of NumPy, PyTorch, JAX, TensorFlow or the standard library. */
    private static final Pattern SCALAR = Pattern.compile(
            "(?:(?:np|numpy|torch|jax|jnp|tf|decimal)\\.)?(?:u?int|float|bfloat|tensor|array|Array|Tensor|DeviceArray"
                    + "|Decimal|EagerTensor|Parameter)[0-9]*\\(");

    private static final Pattern PLAIN = Pattern.compile("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");
    private static final Pattern GROUPED =
            Pattern.compile("[-+]?[1-9][0-9]{0,2}([,'_ ])[0-9]{3}(?:\\1[0-9]{3})*(?:\\.[0-9]+)?");
    private static final Pattern GROUPED_WITH_DECIMAL_COMMA =
            Pattern.compile("[-+]?[1-9][0-9]{0,2}([.' ])[0-9]{3}(?:\\1[0-9]{3})*,[0-9]+");
    private static final Pattern DECIMAL_COMMA = Pattern.compile("[-+]?[0-9]+,[0-9]+(?:[eE][-+]?[0-9]+)?");

    /** One comma, and three digits after it that can be decimals or a group. */
    private static final Pattern EITHER = Pattern.compile("[-+]?[1-9][0-9]{0,2},[0-9]{3}");

    /** Matches three digits after a space, which are either the next digit group of the number or another number: {@code 1 234,5}. */
    private static final Pattern NEXT_GROUP = Pattern.compile(" [0-9]{3}(?![0-9%/:])");

    private static final Pattern FIRST_GROUP = Pattern.compile("[-+]?[1-9][0-9]{0,2}");

    /** Text that makes the number before it part of something else: a fraction, a time, a range, a change from one value to another. */
    private static final Pattern CONTINUED =
            Pattern.compile("\\s*/\\s*[0-9]|\\s*(?:-+>|=>|\u2192|\\.\\.)|\\s+(?:of|out of|to)\\s+[0-9]|:[0-9]");

    private static final Pattern FRACTION = Pattern.compile("(?:\\s*/\\s*|\\s+(?:of|out of)\\s+)[0-9]");

    /** Text that follows the first number of a progress bar: {@code 40%|####      | 4/10 [00:01<00:02]}, {@code 4/10 [=====>....]}. */
    private static final Pattern PROGRESS = Pattern.compile("\\|[^|]*\\|\\s*[0-9]+/[0-9]|/[0-9]+ ?\\[");

    /** Spread of a mean: {@code 0.91+0.02} in cross-validation of XGBoost and LightGBM, {@code 0.91 ± 0.02}. */
    private static final Pattern SPREAD = Pattern.compile("\\s?(?:\\+/-|\\+-|\u00B1|\\+)\\s?[0-9.]");

    private static final String CLOSING = ",;|)]}>\"'\u2502\u2503%!?";

    /** Returns a whole number, such as a step. */
    static NumberText of(long count, int end) {
        return new NumberText(Kind.FINITE, BigDecimal.valueOf(count), end);
    }

    /** Returns the number at an index of a text, if one begins there and the text continues with nothing that belongs to it. */
    static Optional<NumberText> at(String text, int start) {
        Optional<NumberText> bare = bare(text, start);
        Optional<NumberText> number = bare.isPresent() ? bare : scalar(text, start);
        return number.map(found -> found.withPercent(text)).filter(found -> endsAt(text, found.end));
    }

    /**
     * The fraction at an index of a text: {@code 91/100}, {@code 91 of 100}. Its kind is {@link Kind#UNCLEAR}, because some programs mean
     * the quotient and others mean a percentage. The count of a progress bar is not a fraction.
     */
    static Optional<NumberText> fraction(String text, int start) {
        return bare(text, start)
                .map(number -> number.withPercent(text))
                .filter(number -> matchesAt(FRACTION, text, number.end))
                .filter(number -> !matchesAt(PROGRESS, text, number.end))
                .map(number -> new NumberText(Kind.UNCLEAR, null, number.end));
    }

    /** Returns the number that a text consists of. */
    static Optional<NumberText> of(String text) {
        String stripped = text.strip();
        return at(stripped, 0).filter(number -> number.end == stripped.length());
    }

    /** Returns a whole number such as a step: {@code 1,500} can only be 1500, and {@code 3} of {@code 3/10} is 3. */
    static Optional<Long> count(String text, int start) {
        Matcher digits = DIGITS.matcher(text).region(start, text.length());
        if (!digits.lookingAt()) {
            return Optional.empty();
        }
        String token = plainSigns(digits.group());
        Optional<BigDecimal> value = EITHER.matcher(token).matches()
                ? grouped(token)
                : read(token, digits.end()).map(NumberText::value);
        boolean torn = digits.end() < text.length() && Character.isLetterOrDigit(text.charAt(digits.end()));
        return torn ? Optional.empty() : value.flatMap(Metrics::whole);
    }

    private static Optional<NumberText> bare(String text, int start) {
        Matcher word = NO_NUMBER.matcher(text).region(start, text.length());
        if (word.lookingAt()) {
            return Optional.of(new NumberText(Kind.NOT_FINITE, null, word.end()));
        }
        Matcher digits = DIGITS.matcher(text).region(start, text.length());
        if (!digits.lookingAt()) {
            return Optional.empty();
        }
        String token = plainSigns(digits.group());
        boolean mayGoOn = FIRST_GROUP.matcher(token).matches()
                && NEXT_GROUP.matcher(text).region(digits.end(), text.length()).lookingAt();
        return mayGoOn
                ? Optional.of(new NumberText(Kind.UNCLEAR, null, digits.end()))
                : read(token, afterPoint(text, digits.end()));
    }

    /** Returns the index after the point of {@code 1.}, which NumPy prints, or which ends a sentence. */
    private static int afterPoint(String text, int end) {
        boolean isPoint = end < text.length() && text.charAt(end) == '.';
        char next = end + 1 < text.length() ? text.charAt(end + 1) : ' ';
        return isPoint && next != '.' && !Character.isLetterOrDigit(next) ? end + 1 : end;
    }

    /** Returns the only number in a scalar such as {@code tensor([0.91], device='cuda:0')}. */
    private static Optional<NumberText> scalar(String text, int start) {
        Matcher call = SCALAR.matcher(text).region(start, text.length());
        if (!call.lookingAt()) {
            return Optional.empty();
        }
        int inside = call.end();
        while (inside < text.length() && "[ '\"".indexOf(text.charAt(inside)) >= 0) {
            inside++;
        }
        Optional<NumberText> number = bare(text, inside);
        if (number.isEmpty()) {
            return number;
        }
        int after = number.get().end;
        while (after < text.length() && "] '\"".indexOf(text.charAt(after)) >= 0) {
            after++;
        }
        int end = closing(text, after);
        return end < 0 ? Optional.empty() : Optional.of(new NumberText(number.get().kind, number.get().value, end));
    }

    /** Returns the index after the parenthesis that ends the call; -1 if another element follows or no parenthesis ends it. */
    private static int closing(String text, int from) {
        if (from < text.length() && text.charAt(from) == ')') {
            return from + 1;
        }
        Matcher keywords = KEYWORDS.matcher(text).region(from, text.length());
        return keywords.lookingAt() ? keywords.end() : -1;
    }

    private static final Pattern KEYWORDS =
            Pattern.compile("(?:,\\s*(?:[a-z_]+=(?:<[^<>]*>|'[^']*'|\\([0-9, ]*\\)|[\\w.:]+)|weak_type))+\\s*\\)");

    private static Optional<NumberText> read(String token, int end) {
        if (PLAIN.matcher(token).matches()) {
            return Optional.of(
                    finite(new BigDecimal(token.endsWith(".") ? token.substring(0, token.length() - 1) : token), end));
        }
        if (EITHER.matcher(token).matches()) {
            return Optional.of(new NumberText(Kind.UNCLEAR, null, end));
        }
        if (GROUPED.matcher(token).matches()) {
            return grouped(token).map(value -> finite(value, end));
        }
        if (GROUPED_WITH_DECIMAL_COMMA.matcher(token).matches()) {
            return Optional.of(
                    finite(new BigDecimal(token.replaceAll("[.' ]", "").replace(',', '.')), end));
        }
        if (DECIMAL_COMMA.matcher(token).matches()) {
            return Optional.of(finite(new BigDecimal(token.replace(',', '.')), end));
        }
        return Optional.of(new NumberText(Kind.UNCLEAR, null, end));
    }

    private static Optional<BigDecimal> grouped(String token) {
        return Optional.of(new BigDecimal(token.replaceAll("[,'_ ]", "")));
    }

    private static NumberText finite(BigDecimal value, int end) {
        return Double.isFinite(value.doubleValue())
                ? new NumberText(Kind.FINITE, value, end)
                : new NumberText(Kind.NOT_FINITE, null, end);
    }

    private static boolean matchesAt(Pattern pattern, String text, int index) {
        return pattern.matcher(text).region(index, text.length()).lookingAt();
    }

    /** Replaces typographic spaces and signs by those of ASCII. */
    private static String plainSigns(String token) {
        String signed = token.replace('\u2212', '-').replace('\u2019', '\'');
        return signed.replace('\u00A0', ' ').replace('\u202F', ' ').replace('\u2009', ' ');
    }

    private NumberText withPercent(String text) {
        int next = end < text.length() && text.charAt(end) == ' ' ? end + 1 : end;
        boolean percent = next < text.length() && text.charAt(next) == '%';
        return percent ? new NumberText(kind, value, next + 1) : this;
    }

    /** Whether the number ends at an index, and does not continue with a letter, a unit, a fraction or the like. */
    private static boolean endsAt(String text, int index) {
        if (index == text.length()) {
            return true;
        }
        if (matchesAt(CONTINUED, text, index) || matchesAt(PROGRESS, text, index)) {
            return false;
        }
        if (matchesAt(SPREAD, text, index)) {
            return true;
        }
        char next = text.charAt(index);
        boolean isMarked =
                next == '*' && (index + 1 == text.length() || Character.isWhitespace(text.charAt(index + 1)));
        boolean endOfSentence =
                next == '.' && (index + 1 == text.length() || Character.isWhitespace(text.charAt(index + 1)));
        return Character.isWhitespace(next) || CLOSING.indexOf(next) >= 0 || isMarked || endOfSentence;
    }
}
