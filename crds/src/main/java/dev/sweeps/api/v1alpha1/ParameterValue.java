package dev.sweeps.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * One value of one hyperparameter: a number, a text, a boolean, or other JSON (null, a list, a map). Numbers are decimal: 8 equals 8.0, and
 * 3e-4 is 0.0003 and printed so. A number is never equal to a text or a boolean.
 *
 * @param raw a {@link BigDecimal} without trailing zeros, a {@link String}, a {@link Boolean}, or a {@link JsonNode} that is none of these
 */
@JsonDeserialize(using = ParameterValue.Deserializer.class)
public record ParameterValue(@JsonValue Object raw) {

    /** The kinds of value, which one parameter does not mix. */
    public enum Kind {
        NUMBER("numbers"),
        TEXT("text"),
        BOOLEAN("booleans"),
        JSON("lists, maps or nulls");

        private final String plural;

        Kind(String plural) {
            this.plural = plural;
        }

        /** The word for several of them in a sentence to a user. */
        public String plural() {
            return plural;
        }
    }

    public ParameterValue {
        if (raw instanceof BigDecimal number) {
            raw = Decimals.exact(number);
        } else if (!(raw instanceof String || raw instanceof Boolean || raw instanceof JsonNode)) {
            throw new IllegalArgumentException("a parameter value is a number, a text, a boolean or JSON, not " + raw);
        }
    }

    /** A number, e.g. {@code of("3e-4")} is 0.0003. */
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

    public Kind kind() {
        if (raw instanceof BigDecimal) {
            return Kind.NUMBER;
        }
        if (raw instanceof Boolean) {
            return Kind.BOOLEAN;
        }
        return raw instanceof String ? Kind.TEXT : Kind.JSON;
    }

    /** As a person writes it: {@code 0.00003}, {@code bert-base-uncased}, {@code true}. */
    @Override
    public String toString() {
        return raw instanceof BigDecimal number ? number.toPlainString() : raw.toString();
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
