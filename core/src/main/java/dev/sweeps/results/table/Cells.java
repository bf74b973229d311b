package dev.sweeps.results.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of hyperparameters as the text of a cell. */
public final class Cells {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,4})?");
    private static final Pattern NUMPY = Pattern.compile("(?:np|numpy)\\.[a-z_0-9]+\\((.*)\\)");
    private static final Pattern JSON_TEXT = Pattern.compile("\\s*[\\[{\"].*|null|true|false", Pattern.DOTALL);

    private Cells() {}

    /** The value so that {@link #exact} reads the same one: text that reads as something else is put in quotes, and null is a word. */
    public static String of(ParameterValue value) {
        if (value == null) {
            return "";
        }
        String text = value.toString();
        boolean isPlain = value.kind() != ParameterValue.Kind.TEXT
                || !(text.isEmpty()
                        || !text.equals(text.strip())
                        || NUMBER.matcher(text).matches()
                        || JSON_TEXT.matcher(text).matches());
        return isPlain ? text : value.json().toString();
    }

    /** The value in a cell of our own tables. */
    static ParameterValue exact(String cell) {
        if (JSON_TEXT.matcher(cell).matches()) {
            Optional<ParameterValue> json = json(cell);
            if (json.isPresent()) {
                return json.get();
            }
        }
        return NUMBER.matcher(cell).matches() ? ParameterValue.number(cell) : ParameterValue.text(cell);
    }

    /** The value in a cell of a foreign table. NumPy 2 writes its scalars as {@code np.float64(0.1)} and {@code np.str_('adam')}. */
    static ParameterValue foreign(String written, Sheet sheet) {
        String cell = withoutNumpy(written);
        return sheet.number(cell)
                .map(ParameterValue::new)
                .orElseGet(() -> cell.equalsIgnoreCase("true") || cell.equalsIgnoreCase("false")
                        ? new ParameterValue(Boolean.valueOf(cell.toLowerCase(Locale.ROOT)))
                        : ParameterValue.text(cell));
    }

    /** The text in {@code np.float64(0.1)}; other text as it is. */
    static String withoutNumpy(String cell) {
        Matcher scalar = NUMPY.matcher(cell);
        return scalar.matches() ? unquoted(scalar.group(1)) : cell;
    }

    /** The text within single or double quotes; text without quotes as it is. */
    static String unquoted(String cell) {
        String text = cell.strip();
        boolean isQuoted = text.length() > 1
                && "\"'".indexOf(text.charAt(0)) >= 0
                && text.charAt(text.length() - 1) == text.charAt(0);
        return isQuoted ? text.substring(1, text.length() - 1) : text;
    }

    private static Optional<ParameterValue> json(String cell) {
        try {
            JsonNode node = JSON.readTree(cell);
            return Optional.ofNullable(node).map(ParameterValue::new);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
