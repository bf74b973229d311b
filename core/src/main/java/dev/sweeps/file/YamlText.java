package dev.sweeps.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML as Python's or kubectl's readers have it (version 1.1), but for numbers: {@code 3e-4} is one, and each keeps the digits that are
 * written. What was written as a whole number is an integer node, any other number a decimal one.
 */
public final class YamlText {
    /** Version 1.1 wants a point before the e, and a sign after it. */
    private static final Pattern EXPONENT = Pattern.compile("^[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)[eE][-+]?[0-9]+$");

    private static final Pattern PLAIN_FLOAT =
            Pattern.compile("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");
    private static final int MAX_DEPTH = 100;

    /** Whose reader the file is written for. */
    enum Reader {
        /** PyYAML. */
        PYTHON,
        /** go-yaml: y and n without quotes are booleans too, and 1:30 is a text. */
        KUBECTL
    }

    private final Reader reader;

    private YamlText(Reader reader) {
        this.reader = reader;
    }

    private static final class Resolving extends Resolver {
        private Resolving(Reader reader) {
            if (reader == Reader.KUBECTL) {
                addImplicitResolver(Tag.BOOL, Pattern.compile("^[yYnN]$"), "yYnN");
            }
        }

        /** So that an exponent is found before a text. */
        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.FLOAT, EXPONENT, "-+0123456789.");
            super.addImplicitResolvers();
        }
    }

    /**
     * The documents of a text, empty ones left out.
     *
     * @throws InvalidFile if it is no YAML
     */
    static List<JsonNode> documents(String text, Reader reader) {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setAllowDuplicateKeys(false);
        YamlText read = new YamlText(reader);
        Yaml yaml = new Yaml(
                new SafeConstructor(options),
                new Representer(new DumperOptions()),
                new DumperOptions(),
                options,
                new Resolving(reader));
        List<JsonNode> documents = new ArrayList<>();
        try {
            for (Node node : yaml.composeAll(new java.io.StringReader(text))) {
                JsonNode document = read.json(node);
                if (!document.isNull()) {
                    documents.add(document);
                }
            }
        } catch (YAMLException e) {
            throw new InvalidFile("is no YAML: " + e.getMessage().replaceAll("\\s*\\n\\s*", " "));
        }
        return documents;
    }

    private JsonNode json(Node node) {
        if (node instanceof MappingNode map) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            for (NodeTuple field : map.getValue()) {
                if (!(field.getKeyNode() instanceof ScalarNode key)) {
                    throw new InvalidFile("has a list or a map for a key; write a word");
                }
                if (key.getTag().equals(Tag.MERGE)) {
                    merge(object, json(field.getValueNode()));
                } else if (object.has(keyText(key)) && !map.isMerged()) {
                    throw new InvalidFile("has the key " + key.getValue() + " twice; remove one");
                } else {
                    object.set(keyText(key), json(field.getValueNode()));
                }
            }
            return object;
        }
        if (node instanceof SequenceNode list) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            list.getValue().forEach(element -> array.add(json(element)));
            return array;
        }
        return scalar((ScalarNode) node);
    }

    private static void merge(ObjectNode object, JsonNode merged) {
        if (merged.isArray()) {
            merged.forEach(each -> merge(object, each));
        } else {
            merged.properties().stream()
                    .filter(field -> !object.has(field.getKey()))
                    .forEach(field -> object.set(field.getKey(), field.getValue()));
        }
    }

    /** A key that YAML takes for a boolean is what kubectl makes of it. */
    private String keyText(ScalarNode key) {
        JsonNode value = scalar(key);
        return value.isBoolean() ? value.asText() : key.getValue();
    }

    private JsonNode scalar(ScalarNode node) {
        String text = node.getValue();
        Tag tag = node.getTag();
        if (tag.equals(Tag.NULL)) {
            return NullNode.getInstance();
        }
        if (tag.equals(Tag.BOOL)) {
            return BooleanNode.valueOf(
                    List.of("true", "yes", "on", "y").contains(text.toLowerCase(java.util.Locale.ROOT)));
        }
        if (tag.equals(Tag.INT) && !(reader == Reader.KUBECTL && text.contains(":"))) {
            return BigIntegerNode.valueOf(integer(text.replace("_", "")));
        }
        String digits = text.replace("_", "");
        if (tag.equals(Tag.FLOAT) && PLAIN_FLOAT.matcher(digits).matches()) {
            BigDecimal number = new BigDecimal(digits);
            return Double.isInfinite(number.doubleValue()) ? TextNode.valueOf(text) : DecimalNode.valueOf(number);
        }
        return TextNode.valueOf(text); // .inf and .nan too, which are no JSON.
    }

    /** Of version 1.1: 0b11, 0x1f, 017 and 1:30 are numbers. */
    private static BigInteger integer(String text) {
        String sign = text.startsWith("-") ? "-" : "";
        String digits = text.replaceFirst("^[-+]", "");
        if (digits.startsWith("0b")) {
            return new BigInteger(sign + digits.substring(2), 2);
        }
        if (digits.startsWith("0x")) {
            return new BigInteger(sign + digits.substring(2), 16);
        }
        if (digits.contains(":")) {
            BigInteger number = BigInteger.ZERO;
            for (String part : digits.split(":")) {
                number = number.multiply(BigInteger.valueOf(60)).add(new BigInteger(part));
            }
            return sign.isEmpty() ? number : number.negate();
        }
        boolean octal = digits.length() > 1 && digits.startsWith("0");
        return new BigInteger(sign + digits, octal ? 8 : 10);
    }
}
