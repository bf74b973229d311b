package dev.sweeps.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one line of a trial's standard output: a JSON object such as {@code {"step": 50, "eval_acc": 0.61}}, or pairs such as
 * {@code step=50 eval_acc=0.61}. Any other line holds no metric. Colours and progress bars do no harm: escape sequences are removed,
 * and of a line that was drawn over (with carriage returns) the last state counts.
 */
public final class MetricLine {
    /** Characters; a longer line is not a metric line and is not looked at. */
    static final int MAX_LENGTH = 16_384;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** ECMA-48 control sequences: ESC [ parameters intermediate final. */
    private static final Pattern ESCAPES = Pattern.compile("\u001B\\[[0-?]*[ -/]*[@-~]");

    private static final Pattern PAIR = Pattern.compile(
            "(?<![^\\s,;|(\\[])([A-Za-z_][A-Za-z0-9_./-]*)=([-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?"
                    + "|[-+]?(?i:nan|inf|infinity))(?=$|[\\s,;|)\\]])");

    private MetricLine() {}

    /** The metrics in the line; none for most lines. */
    public static Metrics parse(String line) {
        if (line.length() > MAX_LENGTH) {
            return Metrics.NONE;
        }
        String shown = ESCAPES.matcher(line).replaceAll("").stripTrailing();
        shown = shown.substring(shown.lastIndexOf('\r') + 1).strip();
        return shown.startsWith("{") ? object(shown) : pairs(shown);
    }

    /** The top-level numbers of a JSON object; none if the text is not one. */
    static Metrics object(String text) {
        JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return Metrics.NONE;
        }
        Map<String, BigDecimal> values = new LinkedHashMap<>();
        Set<String> notFinite = new LinkedHashSet<>();
        root.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isNumber() && Double.isFinite(value.doubleValue())) {
                values.put(field.getKey(), value.decimalValue());
            } else if (value.isNumber()) {
                notFinite.add(field.getKey());
            }
        });
        return new Metrics(values, notFinite);
    }

    private static Metrics pairs(String text) {
        Map<String, BigDecimal> values = new LinkedHashMap<>();
        Set<String> notFinite = new LinkedHashSet<>();
        Matcher pair = PAIR.matcher(text);
        while (pair.find()) {
            String number = pair.group(2);
            boolean named = Character.isLetter(number.charAt(number.length() - 1));
            if (!named && Double.isFinite(Double.parseDouble(number))) {
                values.put(pair.group(1), new BigDecimal(number));
            } else {
                notFinite.add(pair.group(1));
            }
        }
        return new Metrics(values, notFinite);
    }
}
