package dev.sweeps.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads one line of a trial's standard output: a JSON object such as {@code {"step": 50, "eval_acc": 0.61}}, a Python dict such as
 * {@code {'loss': 0.61, 'epoch': 1.0}} (what the Trainer of Hugging Face prints), or pairs such as {@code step=50 eval_acc=0.61}. Any
 * other line holds no metric. Colours and progress bars do no harm: escape sequences are removed, and of a line that was drawn over (with
 * carriage returns) the last state counts.
 */
public final class MetricLine {
    /** Characters; a longer line is not a metric line and is not looked at. */
    static final int MAX_LENGTH = 16_384;

    /** Characters; a longer name is not the name of a metric. */
    private static final int MAX_NAME = 253;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** ECMA-48 control sequences: ESC [ parameters intermediate final. */
    private static final Pattern ESCAPES = Pattern.compile("\u001B\\[[0-?]*[ -/]*[@-~]");

    private static final String NUMBER =
            "([-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?|[-+]?(?i:nan|inf|infinity))";

    private static final Pattern PAIR =
            Pattern.compile("(?<![^\\s,;|(\\[])([A-Za-z_][A-Za-z0-9_./-]*)=" + NUMBER + "(?=$|[\\s,;|)\\]])");

    /** Version 5 of transformers prints the numbers as texts. */
    private static final Pattern PYTHON_ITEM = Pattern.compile("'([^'\\\\]+)':\\s*('?)" + NUMBER + "\\2\\s*(?=[,}])");

    /** What wandb.finish() prints: the last value of each metric, in five digits. */
    private static final Pattern WANDB_SUMMARY =
            Pattern.compile("wandb:\\s+([^\\s,:;](?:[^,:;]{0,62}[^\\s,:;])?)\\s+" + NUMBER);

    /** A dict without another one inside. */
    private static final Pattern PYTHON_DICT = Pattern.compile("\\{\\s*'[^{}]*}");

    private MetricLine() {}

    /** The lines of a log. A carriage return ends none: what is drawn over is one line, of which the last state counts. */
    public static Stream<String> lines(String log) {
        return log.isEmpty() ? Stream.empty() : Arrays.stream(log.split("\n"));
    }

    /** The metrics in the line; none for most lines. */
    public static Metrics parse(String line) {
        String last = lastState(line);
        if (last.length() > MAX_LENGTH) {
            return Metrics.NONE;
        }
        String shown = ESCAPES.matcher(last).replaceAll("").strip();
        if (PYTHON_DICT.matcher(shown).matches()) {
            return matches(PYTHON_ITEM, 3, shown);
        }
        return shown.startsWith("{") ? object(shown) : matches(PAIR, 2, shown);
    }

    /** The metric in a line of the summary that wandb prints when a run ends; none for any other line. */
    static Metrics summary(String line) {
        String shown = ESCAPES.matcher(line).replaceAll("").strip();
        return shown.length() <= MAX_LENGTH && WANDB_SUMMARY.matcher(shown).matches()
                ? matches(WANDB_SUMMARY, 2, shown)
                : Metrics.NONE;
    }

    /** What stands after the last carriage return that something follows. */
    private static String lastState(String line) {
        String drawn = line.stripTrailing();
        return drawn.substring(drawn.lastIndexOf('\r') + 1);
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
            boolean named = field.getKey().length() <= MAX_NAME;
            if (named && value.isNumber() && Double.isFinite(value.doubleValue())) {
                values.put(field.getKey(), value.decimalValue());
            } else if (named && value.isNumber()) {
                notFinite.add(field.getKey());
            }
        });
        return new Metrics(values, notFinite);
    }

    /** Name and number of each match; the name is in group 1. */
    private static Metrics matches(Pattern pattern, int numberGroup, String text) {
        Map<String, BigDecimal> values = new LinkedHashMap<>();
        Set<String> notFinite = new LinkedHashSet<>();
        Matcher match = pattern.matcher(text);
        while (match.find()) {
            String name = match.group(1);
            String number = match.group(numberGroup);
            boolean word = Character.isLetter(number.charAt(number.length() - 1));
            if (name.length() > MAX_NAME) {
                continue;
            }
            if (!word && Double.isFinite(Double.parseDouble(number))) {
                values.put(name, new BigDecimal(number));
                notFinite.remove(name);
            } else {
                notFinite.add(name);
                values.remove(name);
            }
        }
        return new Metrics(values, notFinite);
    }
}
