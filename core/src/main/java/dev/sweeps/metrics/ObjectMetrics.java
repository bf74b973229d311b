package dev.sweeps.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the metrics in an object: its numbers by name, and those of nested objects by path, {@code eval.f1}. */
final class ObjectMetrics {
    private static final int MAX_DEPTH = 4;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ObjectMetrics() {}

    /** Returns the JSON object that the text consists of; empty if it is none. */
    static Optional<JsonNode> json(String text) {
        try {
            return Optional.ofNullable(JSON.readTree(text)).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    static Metrics of(JsonNode object) {
        Map<String, NumberText> numbers = new LinkedHashMap<>();
        collect("", object, 0, numbers);
        return Metrics.of(numbers);
    }

    private static void collect(String path, JsonNode object, int depth, Map<String, NumberText> numbers) {
        for (var field : object.properties()) {
            String name = path + field.getKey();
            JsonNode value = field.getValue();
            if (value.isObject() && depth < MAX_DEPTH) {
                collect(name + ".", value, depth + 1, numbers);
            } else {
                leaf(value).ifPresent(number -> numbers.put(name, number));
            }
        }
    }

    /** Reads a value. Null stands for NaN, which strict JSON cannot express. Version 5 of transformers prints numbers as text. */
    private static Optional<NumberText> leaf(JsonNode value) {
        if (value.isNull() || value.isNumber() && !Double.isFinite(value.doubleValue())) {
            return Optional.of(new NumberText(NumberText.Kind.NOT_FINITE, null, 0));
        }
        if (value.isNumber()) {
            return Optional.of(new NumberText(NumberText.Kind.FINITE, value.decimalValue(), 0));
        }
        boolean isNumberAsText = value.isTextual()
                && !value.textValue().isEmpty()
                && !value.textValue().equalsIgnoreCase("none")
                && !value.textValue().equalsIgnoreCase("null");
        return isNumberAsText ? NumberText.of(value.textValue()) : Optional.empty();
    }
}
