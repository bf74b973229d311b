package dev.sweeps.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;

/**
 * One value of one hyperparameter: a number, a text, a boolean, or other JSON (null, a list, a map). Numbers are decimal, those within lists
 * and maps too: 8 equals 8.0, and 3e-4 is 0.0003 and printed so. A number is never equal to a text or a boolean. Maps are sorted by key.
 *
 * @param raw a {@link BigDecimal} without trailing zeros, a {@link String}, a {@link Boolean}, or a {@link JsonNode} that is none of these
 */
@JsonDeserialize(using = ParameterValue.Deserializer.class)
public record ParameterValue(@JsonValue Object raw) {
    private static final JsonMapper PLAIN = JsonMapper.builder()
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    /** The kinds of value. */
    public enum Kind {
        NUMBER,
        TEXT,
        BOOLEAN,
        /** Null, a list or a map. */
        JSON
    }

    public ParameterValue {
        if (raw instanceof BigDecimal number) {
            raw = Decimals.exact(number);
        } else if (raw instanceof JsonNode json) {
            raw = scalarOrExact(json);
        } else if (!(raw instanceof String || raw instanceof Boolean || raw instanceof JsonNode)) {
            throw new IllegalArgumentException("a parameter value is a number, a text, a boolean or JSON, not " + raw);
        }
    }

    /** Makes a number: {@code number("3e-4")} is 0.0003. */
    public static ParameterValue number(String decimal) {
        return new ParameterValue(new BigDecimal(decimal));
    }

    public static ParameterValue text(String text) {
        return new ParameterValue(text);
    }

    @JsonCreator
    public static ParameterValue of(Object scalar) {
        return scalar instanceof Number number
                ? new ParameterValue(new BigDecimal(number.toString()))
                : new ParameterValue(scalar);
    }

    private static Object scalarOrExact(JsonNode json) {
        if (json.isNumber()) {
            return Decimals.exact(json.decimalValue());
        }
        if (json.isTextual()) {
            return json.textValue();
        }
        return json.isBoolean() ? (Object) json.booleanValue() : exact(json);
    }

    /** Returns the JSON in a form that is the same for equal values. */
    private static JsonNode exact(JsonNode json) {
        if (json.isNumber()) {
            return DecimalNode.valueOf(Decimals.exact(json.decimalValue()));
        }
        if (json.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode(json.size());
            json.forEach(element -> array.add(exact(element)));
            return array;
        }
        if (json.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            json.properties().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(field -> object.set(field.getKey(), exact(field.getValue())));
            return object;
        }
        return json;
    }

    public Kind kind() {
        if (raw instanceof BigDecimal) {
            return Kind.NUMBER;
        }
        if (raw instanceof Boolean) {
            return Kind.BOOLEAN;
        }
        return raw instanceof String ? Kind.TEXT : Kind.JSON;
    }

    /** Returns the value as JSON. */
    public JsonNode json() {
        if (raw instanceof BigDecimal number) {
            return DecimalNode.valueOf(number);
        }
        if (raw instanceof String text) {
            return TextNode.valueOf(text);
        }
        return raw instanceof Boolean bool ? BooleanNode.valueOf(bool) : (JsonNode) raw;
    }

    /** Returns the value as a person writes it: {@code 0.00003}, {@code bert-base-uncased}, {@code true}, {@code [64,64]}. */
    @Override
    public String toString() {
        if (raw instanceof BigDecimal number) {
            return number.toPlainString();
        }
        return raw instanceof JsonNode json ? printed(json) : raw.toString();
    }

    private static String printed(JsonNode json) {
        try {
            return PLAIN.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON can always be printed", e);
        }
    }

    /** Reads a number from its text, not through a double, so that no digit is invented. */
    static final class Deserializer extends StdDeserializer<ParameterValue> {
        private static final long serialVersionUID = 1L;

        Deserializer() {
            super(ParameterValue.class);
        }

        @Override
        public ParameterValue deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return switch (parser.currentToken()) {
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new ParameterValue(parser.getDecimalValue());
                case VALUE_STRING -> new ParameterValue(parser.getText());
                case VALUE_TRUE -> new ParameterValue(true);
                case VALUE_FALSE -> new ParameterValue(false);
                default -> new ParameterValue((JsonNode) parser.readValueAsTree());
            };
        }

        @Override
        public ParameterValue getNullValue(DeserializationContext context) {
            return new ParameterValue(NullNode.getInstance());
        }
    }
}
