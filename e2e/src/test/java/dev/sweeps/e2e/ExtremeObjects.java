package dev.sweeps.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/**
 * Draws objects at the limits of an OpenAPI schema: the largest and smallest numbers, empty and long texts, nulls, deep and foreign JSON
 * wherever the schema lets it in. The same seed draws the same objects.
 */
final class ExtremeObjects {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> KEYS =
            List.of("a", "learning_rate", "", "a b", "ключ", "a".repeat(300), "x/y.z", "\u0000", "constructor");
    private static final List<BigDecimal> DOUBLES = List.of(
            new BigDecimal("1.7976931348623157E308"),
            new BigDecimal("-1.7976931348623157E308"),
            new BigDecimal("5E-324"),
            new BigDecimal("0.1234567890123456789012345678901234567890"),
            new BigDecimal("9007199254740993"),
            BigDecimal.ZERO);
    private static final List<Integer> DEPTHS = List.of(0, 3, 90, 400, 1_200);

    private final Random random;

    ExtremeObjects(long seed) {
        this.random = new Random(seed);
    }

    /** A value of the schema. */
    JsonNode draw(JsonNode schema) {
        if (schema.has("enum")) {
            JsonNode values = schema.get("enum");
            return values.get(random.nextInt(values.size()));
        }
        if (schema.path("x-kubernetes-preserve-unknown-fields").asBoolean() && !schema.has("properties")) {
            boolean object = schema.path("type").asText().equals("object");
            return object ? JSON.objectNode().set(anyKey(), foreign()) : foreign();
        }
        return switch (schema.path("type").asText()) {
            case "integer" ->
                JSON.numberNode(schema.get(random.nextBoolean() ? "maximum" : "minimum")
                        .decimalValue()
                        .toBigInteger());
            case "number" -> JSON.numberNode(DOUBLES.get(random.nextInt(DOUBLES.size())));
            case "boolean" -> JSON.booleanNode(random.nextBoolean());
            case "array" -> array(schema);
            case "object" -> object(schema);
            default -> text(schema);
        };
    }

    private JsonNode object(JsonNode schema) {
        ObjectNode object = JSON.objectNode();
        List<String> required = new java.util.ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        schema.path("properties").properties().forEach(field -> {
            if (required.contains(field.getKey()) || random.nextInt(3) > 0) {
                object.set(field.getKey(), draw(field.getValue()));
            }
        });
        JsonNode values = schema.path("additionalProperties");
        if (values.isObject()) {
            int count = 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                object.set(anyKey(), draw(values));
            }
        }
        return object;
    }

    private JsonNode array(JsonNode schema) {
        ArrayNode array = JSON.arrayNode();
        int count = Math.max(schema.path("minItems").asInt(), random.nextInt(4));
        boolean keyed = schema.path("x-kubernetes-list-type").asText().equals("map");
        for (int i = 0; i < (keyed ? Math.min(count, 1) : count); i++) {
            array.add(draw(schema.get("items")));
        }
        return array;
    }

    private JsonNode text(JsonNode schema) {
        if (schema.path("format").asText().equals("date-time")) {
            return JSON.textNode("9999-12-31T23:59:59Z");
        }
        if (schema.has("pattern")) {
            return JSON.textNode(schema.get("pattern").asText().contains("h)?") ? "999999999h" : "example.org/x");
        }
        int longest = Math.min(schema.path("maxLength").asInt(20_000), 20_000);
        return JSON.textNode(
                switch (random.nextInt(4)) {
                    case 0 -> schema.path("minLength").asInt() > 0 ? "\n" : "";
                    case 1 -> "ü\u0000\r\n\t\"'$(X) ${args}".substring(0, Math.min(longest, 18));
                    case 2 -> "x".repeat(longest);
                    default -> "1e400";
                });
    }

    /** Any JSON, some of it deep. */
    private JsonNode foreign() {
        JsonNode inner =
                switch (random.nextInt(5)) {
                    case 0 -> JSON.nullNode();
                    case 1 -> JSON.numberNode(DOUBLES.get(random.nextInt(DOUBLES.size())));
                    case 2 -> JSON.textNode("x".repeat(random.nextInt(70_000)));
                    case 3 -> JSON.booleanNode(true);
                    default -> JSON.objectNode().set("k".repeat(60_000), JSON.numberNode(1));
                };
        int depth = DEPTHS.get(random.nextInt(DEPTHS.size()));
        for (int i = 0; i < depth; i++) {
            inner = i % 2 == 0 ? JSON.arrayNode().add(inner) : JSON.objectNode().set("d", inner);
        }
        return inner;
    }

    private String anyKey() {
        return KEYS.get(random.nextInt(KEYS.size()));
    }
}
