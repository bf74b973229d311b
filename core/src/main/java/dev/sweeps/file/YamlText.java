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
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
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
    /** Number with an exponent. YAML 1.1 requires a point before the e, and a sign after it. */
    private static final Pattern EXPONENT = Pattern.compile("^[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)[eE][-+]?[0-9]+$");

    private static final Pattern PLAIN_FLOAT =
            Pattern.compile("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");
    private static final int MAX_DEPTH = 100;

    /** The reader for which the file was written. */
    enum Reader {
        /** PyYAML. */
        PYTHON,
        /** go-yaml: unquoted y and n are booleans too, and 1:30 is a text. */
        KUBECTL
    }

    /** Maximum number of values in a file, including those that aliases repeat. */
    private static final int MAX_NODES = 1_000_000;

    /** Tags of YAML, and those of Python for the same kinds. */
    private static final Set<String> PLAIN_TAGS = Set.of(
            "null",
            "bool",
            "int",
            "float",
            "str",
            "seq",
            "map",
            "merge",
            "timestamp",
            "omap",
            "value",
            "python/none",
            "python/bool",
            "python/int",
            "python/long",
            "python/float",
            "python/str",
            "python/unicode",
            "python/list",
            "python/tuple",
            "python/dict");

    private final Reader reader;

    /** Nodes on the path from the document to the current node. */
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

    private int nodes;

    private YamlText(Reader reader) {
        this.reader = reader;
    }

    private static final class Resolving extends Resolver {
        private Resolving(Reader reader) {
            if (reader == Reader.KUBECTL) {
                addImplicitResolver(Tag.BOOL, Pattern.compile("^[yYnN]$"), "yYnN");
            }
        }

        /** Recognises exponents before texts. */
        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.FLOAT, EXPONENT, "-+0123456789.");
            super.addImplicitResolvers();
        }
    }

    /**
     * The documents of a text, empty ones left out. Text that is JSON is read as JSON.
     *
     * @throws InvalidFile if it is neither, with the line and the field at fault
     */
    static List<JsonNode> documents(String text, Reader reader) {
        if (text.stripLeading().startsWith("{")) {
            Optional<JsonNode> json = JsonText.read(text);
            if (json.isPresent()) {
                return List.of(json.get());
            }
        }
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setAllowDuplicateKeys(false);
        // checkTag checks tags, and names the field.
        options.setTagInspector(tag -> true);
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
                JsonNode document = read.json("", node);
                if (!document.isNull()) {
                    documents.add(document);
                }
            }
        } catch (MarkedYAMLException e) {
            throw new InvalidFile("is no YAML" + at(e.getProblemMark()) + ": " + e.getProblem()
                    + (e.getContext() == null ? "" : " " + e.getContext()));
        } catch (YAMLException e) {
            throw new InvalidFile("is no YAML: " + e.getMessage().replaceAll("\\s*\\n\\s*", " "));
        }
        return documents;
    }

    private static String at(Mark mark) {
        return mark == null ? "" : " (line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1) + ")";
    }

    /** Makes an error with the field, its line and the problem. */
    private static InvalidFile invalid(String path, Node node, String sentence) {
        String field = path.isEmpty() ? "" : path + " ";
        return new InvalidFile(field + "(line " + (node.getStartMark().getLine() + 1) + "): " + sentence);
    }

    private JsonNode json(String path, Node node) {
        if (!open.add(node)) {
            throw invalid(path, node, "is an anchor that contains itself; write the values out");
        }
        if (++nodes > MAX_NODES) {
            throw invalid(path, node, "makes more than " + MAX_NODES + " values of its anchors; write fewer");
        }
        try {
            return value(path, node);
        } finally {
            open.remove(node);
        }
    }

    private JsonNode value(String path, Node node) {
        checkTag(path, node);
        if (node instanceof MappingNode map) {
            return object(path, map);
        }
        if (node instanceof SequenceNode list) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (Node element : list.getValue()) {
                array.add(json(path + "[" + array.size() + "]", element));
            }
            return array;
        }
        return scalar((ScalarNode) node);
    }

    private ObjectNode object(String path, MappingNode map) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        Map<String, Integer> lines = new HashMap<>();
        for (NodeTuple field : map.getValue()) {
            if (!(field.getKeyNode() instanceof ScalarNode key)) {
                throw invalid(path, field.getKeyNode(), "has a list or a map for a key; write a word");
            }
            String name = keyText(key);
            String inner = path.isEmpty() ? name : path + "." + name;
            if (key.getTag().equals(Tag.MERGE)) {
                merge(path, object, json(path, field.getValueNode()), field.getValueNode());
            } else if (lines.containsKey(name)) {
                throw invalid(inner, key, "occurs twice, in line " + lines.get(name) + " too; remove one");
            } else {
                object.set(name, json(inner, field.getValueNode()));
                lines.put(name, key.getStartMark().getLine() + 1);
            }
        }
        return object;
    }

    /** Accepts the tags that Python's yaml.dump() writes for tuples and scalars, and refuses tags of Python objects. */
    private static void checkTag(String path, Node node) {
        String tag = node.getTag().getValue();
        boolean isKnown = tag.startsWith("tag:yaml.org,2002:")
                && PLAIN_TAGS.contains(tag.substring("tag:yaml.org,2002:".length()));
        if (!isKnown) {
            String shown = tag.replace("tag:yaml.org,2002:", "!!");
            throw invalid(
                    path,
                    node,
                    "is " + shown + ", which only the program that wrote it can read; write "
                            + (node instanceof MappingNode ? "a plain map" : "the plain number, text or list")
                            + " in its place");
        }
    }

    private static void merge(String path, ObjectNode object, JsonNode merged, Node at) {
        if (merged.isArray()) {
            merged.forEach(each -> merge(path, object, each, at));
        } else if (!merged.isObject()) {
            throw invalid(path.isEmpty() ? "<<" : path + ".<<", at, "is not a map; name the anchor of a map there");
        } else {
            merged.properties().stream()
                    .filter(field -> !object.has(field.getKey()))
                    .forEach(field -> object.set(field.getKey(), field.getValue()));
        }
    }

    /** Returns a key that YAML reads as a boolean as kubectl writes it. */
    private String keyText(ScalarNode key) {
        JsonNode value = scalar(key);
        return value.isBoolean() ? value.asText() : key.getValue();
    }

    private JsonNode scalar(ScalarNode node) {
        String text = node.getValue();
        Tag tag = plain(node.getTag());
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

    /** Returns the kind of a Python tag: {@code !!python/int} is an int, and so on. */
    private static Tag plain(Tag tag) {
        return switch (tag.getValue().replace("tag:yaml.org,2002:", "")) {
            case "python/none" -> Tag.NULL;
            case "python/bool" -> Tag.BOOL;
            case "python/int", "python/long" -> Tag.INT;
            case "python/float" -> Tag.FLOAT;
            default -> tag;
        };
    }

    /** Parses an integer of YAML 1.1: 0b11, 0x1f, 017 and 1:30 are numbers. */
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
