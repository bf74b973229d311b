package dev.sweeps.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.file.YamlText.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a file says of a sweep.
 *
 * @param manifest the Sweep as it is applied
 * @param spec the same, read
 * @param origin whose file it is
 * @param notes what was added or has no counterpart, a sentence each; none for a Sweep
 */
public record SweepFile(ObjectNode manifest, SweepSpec spec, Origin origin, List<String> notes) {
    /** Format of the file. */
    public enum Origin {
        SWEEP,
        WANDB,
        KATIB
    }

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /**
     * Reads a Sweep, a sweep configuration of Weights and Biases, or an Experiment of Katib.
     *
     * @param fallback name of a sweep whose file gives it none
     * @throws InvalidFile if it is neither
     */
    public static SweepFile read(String text, String fallback) {
        List<JsonNode> documents = objects(text, Reader.PYTHON);
        List<JsonNode> sweeps = documents.stream().noneMatch(SweepFile::isOurs)
                ? List.of()
                : objects(text, Reader.KUBECTL).stream()
                        .filter(SweepFile::isOurs)
                        .toList();
        if (sweeps.size() == 1) {
            ObjectNode manifest = (ObjectNode) sweeps.get(0);
            if (!(manifest.get("spec") instanceof ObjectNode)) {
                throw new InvalidFile("spec: is missing; write what the sweep does there");
            }
            return new SweepFile(manifest, spec(manifest), Origin.SWEEP, List.of());
        }
        if (sweeps.size() > 1) {
            throw new InvalidFile("has " + sweeps.size() + " Sweeps; put each into a file of its own");
        }
        List<JsonNode> experiments =
                documents.stream().filter(KatibConversion::isOne).toList();
        if (experiments.size() > 1) {
            throw new InvalidFile("has " + experiments.size() + " Experiments; put each into a file of its own");
        }
        if (experiments.isEmpty() && documents.size() != 1) {
            throw new InvalidFile(
                    "holds " + (documents.isEmpty() ? "no sweep" : documents.size() + " documents and no sweep")
                            + "; write a Sweep (apiVersion: sweeps.dev/v1alpha1, kind: Sweep), an Experiment of Katib, or a sweep configuration"
                            + " of Weights & Biases alone in its file");
        }
        if (experiments.isEmpty()) {
            Conversion conversion = WandbConversion.of((ObjectNode) documents.get(0), fallback);
            return converted(conversion, Origin.WANDB, conversion.notes());
        }
        Conversion conversion = KatibConversion.of(experiments.get(0), fallback);
        List<String> notes = new ArrayList<>(conversion.notes());
        documents.stream()
                .filter(document -> !KatibConversion.isOne(document))
                .forEach(document -> notes.add(document.path("kind").asText("a document") + " "
                        + document.at("/metadata/name").asText("without a name")
                        + ": is left in your file; apply it too"));
        return converted(conversion, Origin.KATIB, notes);
    }

    private static SweepFile converted(Conversion conversion, Origin origin, List<String> notes) {
        try {
            return new SweepFile(conversion.manifest(), spec(conversion.manifest()), origin, List.copyOf(notes));
        } catch (InvalidFile e) {
            throw new InvalidFile(inWordsOf(origin, e.getMessage()));
        }
    }

    /** Whether the file is in the format of another tool. */
    public boolean isConverted() {
        return origin != Origin.SWEEP;
    }

    /** Rewrites a sentence about a field of a Sweep to name the field of the original file. */
    public String inWordsOfTheFile(String sentence) {
        return inWordsOf(origin, sentence);
    }

    private static String inWordsOf(Origin origin, String sentence) {
        return origin == Origin.WANDB ? WandbConversion.inItsWords(sentence) : sentence;
    }

    private static List<JsonNode> objects(String text, Reader reader) {
        return YamlText.documents(text, reader).stream()
                .filter(JsonNode::isObject)
                .toList();
    }

    /** The name of the sweep. */
    public String name() {
        return manifest.at("/metadata/name").asText("sweep");
    }

    /** Reads a manifest that was converted from another format. */
    record Conversion(ObjectNode manifest, List<String> notes) {}

    private static boolean isOurs(JsonNode document) {
        return document.path("apiVersion").asText().startsWith("sweeps.dev/")
                && document.path("kind").asText().equals(new Sweep().getKind());
    }

    private static SweepSpec spec(ObjectNode manifest) {
        try {
            return JSON.treeToValue(manifest.get("spec"), SweepSpec.class);
        } catch (UnrecognizedPropertyException e) {
            throw new InvalidFile(path(e) + ": is no field of a Sweep; " + nearest(e));
        } catch (InvalidFormatException e) {
            throw new InvalidFile(path(e) + ": is " + e.getValue() + "; write "
                    + (e.getTargetType().isEnum() ? "one of " + words(e.getTargetType()) : kind(e)));
        } catch (MismatchedInputException e) {
            throw new InvalidFile(path(e) + ": is of another kind; write " + kind(e));
        } catch (JsonProcessingException e) {
            throw new InvalidFile("spec: cannot be read (" + e.getOriginalMessage() + ")");
        }
    }

    /** Returns the names of the fields that a file may contain, for a message about an unknown one. */
    private static String nearest(UnrecognizedPropertyException e) {
        List<String> known =
                e.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList();
        String camelCase = Pattern.compile("_(.)").matcher(e.getPropertyName()).replaceAll(letter -> letter.group(1)
                .toUpperCase(Locale.ROOT));
        return known.contains(camelCase) ? "write " + camelCase : "the fields there are " + String.join(", ", known);
    }

    private static String kind(MismatchedInputException e) {
        Class<?> type = e.getTargetType();
        if (type == null || Map.class.isAssignableFrom(type) || Record.class.isAssignableFrom(type)) {
            return "a map";
        }
        if (List.class.isAssignableFrom(type)) {
            return "a list";
        }
        if (type == String.class) {
            return "a text";
        }
        return type == Boolean.class ? "true or false" : "a number";
    }

    private static String words(Class<?> type) {
        return java.util.Arrays.stream(type.getEnumConstants())
                .map(word -> JSON.convertValue(word, String.class))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static String path(com.fasterxml.jackson.databind.JsonMappingException e) {
        return "spec"
                + e.getPath().stream()
                        .map(step ->
                                step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                        .collect(Collectors.joining());
    }
}
