package dev.sweeps.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.EarlyTerminate;
import dev.sweeps.file.SweepFile.Conversion;
import dev.sweeps.search.Hyperband;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Converts a sweep configuration of W&amp;B (sweeps/config/schema.json of wandb/sweeps) to a Sweep. Nothing is dropped without a note. */
final class WandbConversion {
    /** Number of points if the file gives none. W&amp;B then runs without end. */
    private static final int RUN_CAP = 10;

    /** Maximum length of the name of a Sweep. */
    private static final int MAX_NAME = 52;

    private static final Map<String, String> EARLY_TERMINATE = Map.of(
            "type", "type", "min_iter", "minIter", "max_iter", "maxIter", "s", "s", "eta", "eta", "strict", "strict");

    /** Fields whose spelling differs between a Sweep and a W&amp;B file. */
    private static final Map<String, String> WORDS = Map.of(
            "earlyTerminate", "early_terminate", "minIter", "min_iter", "maxIter", "max_iter", "runCap", "run_cap");

    private static final Pattern WORD = Pattern.compile("\\b(?:" + String.join("|", WORDS.keySet()) + ")\\b");

    private final ObjectNode spec = JsonNodeFactory.instance.objectNode();
    private final List<String> notes = new ArrayList<>();

    private WandbConversion() {}

    static Conversion of(ObjectNode configuration, String fallback) {
        if (!configuration.has("method") && !configuration.has("parameters")) {
            throw new InvalidFile("holds neither a Sweep (apiVersion: sweeps.dev/v1alpha1, kind: Sweep) nor a sweep"
                    + " configuration of Weights & Biases, which has method and parameters");
        }
        return new WandbConversion().convert(configuration, fallback);
    }

    /** Rewrites a sentence about fields of a Sweep in the spelling of a W&amp;B file. */
    static String inItsWords(String sentence) {
        String words = WORD.matcher(sentence).replaceAll(word -> WORDS.get(word.group()));
        return words.startsWith("spec.") ? words.substring("spec.".length()) : words;
    }

    private Conversion convert(ObjectNode configuration, String fallback) {
        String name = configuration.path("name").asText(fallback);
        configuration.properties().forEach(field -> field(field.getKey(), field.getValue()));
        String method = spec.path("method").asText("");
        if (!spec.has("metric")) {
            spec.putObject("metric").put("name", "loss");
            notes.add(
                    "metric: is not given, and every trial must report one; metric: {name: loss} was put in, write what your"
                            + " program reports");
        }
        if (!method.equals("grid") && !spec.has("runCap")) {
            spec.put("runCap", RUN_CAP);
            notes.add("run_cap: is not given, and " + method + " runs without end there; runCap: " + RUN_CAP
                    + " was added; write how many points you want");
        }
        ObjectNode manifest = JsonNodeFactory.instance.objectNode();
        manifest.put("apiVersion", Api.GROUP + "/" + Api.VERSION).put("kind", "Sweep");
        manifest.putObject("metadata").put("name", kubernetesName(name, fallback));
        manifest.set("spec", spec);
        return new Conversion(manifest, List.copyOf(notes));
    }

    private void field(String name, JsonNode value) {
        switch (name) {
            case "method" -> method(value);
            case "program" -> spec.set(name, value);
            case "run_cap" -> spec.set("runCap", value);
            case "command" -> spec.set("command", words(value));
            case "metric" -> metric(value);
            case "metrics" -> metrics(value);
            case "parameters" -> spec.set("parameters", parameters("parameters.", value));
            case "early_terminate" -> earlyTerminate(value);
            case "image_uri" -> image(value);
            case "scheduler" -> scheduler(value);
            case "name", "apiVersion", "kind" -> {} // The name of the Sweep, or what kind of file it is.
            default -> leftOut(name, value);
        }
    }

    /** Converts {@code method: custom}, for which a scheduler chooses the points. */
    private void method(JsonNode method) {
        if (method.asText().equals("custom")) {
            spec.put("method", "bayes");
            notes.add(
                    "method: custom has no counterpart; method: bayes was put in, so that a Gaussian process chooses the points and"
                            + " not the engine of the scheduler");
        } else {
            spec.set("method", method);
        }
    }

    /** Converts several metrics. W&amp;B optimizes them together; a Sweep optimizes one. */
    private void metrics(JsonNode metrics) {
        if (!metrics.isArray() || metrics.isEmpty()) {
            spec.set("metric", metrics);
            return;
        }
        metric(metrics.get(0));
        for (int i = 1; i < metrics.size(); i++) {
            notes.add("metrics[" + i + "]: a Sweep optimizes one metric, and metrics[0] is taken; "
                    + metrics.get(i).path("name").asText()
                    + " is recorded with each trial if the program reports it, and ranks none");
        }
    }

    private void image(JsonNode image) {
        spec.putObject("template")
                .putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", Api.TRAINER_CONTAINER)
                .set("image", image);
    }

    /** Converts the scheduler of a launch: the number of parallel trials. A program of the user that chooses points becomes bayes. */
    private void scheduler(JsonNode scheduler) {
        scheduler.properties().forEach(field -> {
            if (field.getKey().equals("num_workers")) {
                spec.set("parallelism", field.getValue());
            } else if (field.getKey().equals("search_space")) {
                throw new InvalidFile(
                        "scheduler.search_space: " + field.getValue().asText()
                                + " is a Python function, which cannot be read here; list its parameters under parameters");
            } else if (!field.getValue().asText().equals("wandb")) {
                leftOut("scheduler." + field.getKey(), field.getValue());
            }
        });
        if (!scheduler.isObject()) {
            leftOut("scheduler", scheduler);
        }
    }

    private void leftOut(String field, JsonNode value) {
        notes.add(field + ": has no counterpart, and is left out (" + shortened(value) + ")");
    }

    private static String shortened(JsonNode value) {
        String text = value.toString();
        return text.length() > 80 ? text.substring(0, 77) + "..." : text;
    }

    /** Converts the words of a command. W&amp;B accepts numbers among them. */
    private static JsonNode words(JsonNode command) {
        if (!command.isArray()) {
            return command;
        }
        ArrayNode words = JsonNodeFactory.instance.arrayNode();
        command.forEach(word -> words.add(word.isValueNode() ? word.asText() : word.toString()));
        return words;
    }

    private void metric(JsonNode metric) {
        if (!metric.isObject()) {
            spec.set("metric", metric);
            return;
        }
        ObjectNode kept = spec.putObject("metric");
        metric.properties().forEach(field -> {
            if (List.of("name", "goal", "target").contains(field.getKey())) {
                kept.set(field.getKey(), field.getValue());
            } else {
                notes.add("metric." + field.getKey() + ": has no counterpart, and is left out ("
                        + shortened(field.getValue()) + "); bayes takes a failed trial for as bad as the worst");
            }
        });
    }

    private void earlyTerminate(JsonNode stopping) {
        if (!stopping.isObject()) {
            spec.set("earlyTerminate", stopping);
            return;
        }
        String type = stopping.path("type").asText("hyperband");
        if (!type.equals("hyperband")) {
            notes.add(
                    "early_terminate.type: " + type
                            + " has no counterpart, and early_terminate is left out: no trial is stopped early; hyperband is the type that is run");
            return;
        }
        ObjectNode kept = spec.putObject("earlyTerminate");
        stopping.properties().forEach(field -> {
            String ours = EARLY_TERMINATE.get(field.getKey());
            if (ours == null) {
                notes.add("early_terminate." + field.getKey() + ": has no effect in W&B either, and is left out ("
                        + shortened(field.getValue()) + ")");
            } else {
                kept.set(ours, field.getValue());
            }
        });
        noteMinIter(stopping);
    }

    /** Adds a note if min_iter has no effect. In sweeps/hyperband_stopping.py of wandb/sweeps, max_iter with s wins. */
    private void noteMinIter(JsonNode stopping) {
        boolean isUnused = stopping.has("min_iter")
                && stopping.path("max_iter").canConvertToInt()
                && stopping.path("s").canConvertToInt();
        if (isUnused) {
            EarlyTerminate bands = new EarlyTerminate(
                    null,
                    null,
                    stopping.path("max_iter").intValue(),
                    stopping.path("s").intValue(),
                    stopping.path("eta").isNumber() ? stopping.path("eta").decimalValue() : null,
                    null);
            notes.add("early_terminate.min_iter: " + stopping.get("min_iter")
                    + " has no effect beside max_iter and s, in W&B too; trials are compared at reports "
                    + Hyperband.of(bands).bands().stream().map(String::valueOf).collect(Collectors.joining(" and ")));
        }
    }

    /** Adds the distribution to a range that is written with points. Kubernetes turns 1.0 into a whole number. */
    private JsonNode parameters(String path, JsonNode parameters) {
        if (!parameters.isObject()) {
            return parameters;
        }
        Map<String, JsonNode> converted = new LinkedHashMap<>();
        parameters
                .properties()
                .forEach(parameter ->
                        converted.put(parameter.getKey(), parameter(path + parameter.getKey(), parameter.getValue())));
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.setAll(converted);
        return object;
    }

    private JsonNode parameter(String path, JsonNode parameter) {
        if (!(parameter instanceof ObjectNode)) {
            return parameter;
        }
        ObjectNode converted = parameter.deepCopy();
        if (converted.has("parameters")) {
            converted.set("parameters", parameters(path + ".parameters.", converted.get("parameters")));
        }
        if (converted.path("value").isNull()) {
            // kubectl apply drops a null, but not one in a list.
            converted.remove("value");
            converted.putArray("values").addNull();
        }
        JsonNode min = converted.path("min");
        JsonNode max = converted.path("max");
        boolean isFloat = min.isNumber() && max.isNumber() && !(min.isIntegralNumber() && max.isIntegralNumber());
        if (isFloat && !converted.has("distribution")) {
            converted.put("distribution", "uniform");
        }
        noteExponents(path, converted.path("distribution").asText(), min, max);
        return converted;
    }

    /**
     * Adds a note if exponents look like values. A learning rate between 1e-5 and 1e-2 is often written this way, and becomes a value
     * between 1.00001 and 1.01.
     */
    private void noteExponents(String path, String distribution, JsonNode min, JsonNode max) {
        boolean exponents = List.of("log_uniform", "q_log_uniform").contains(distribution);
        if (exponents && min.isNumber() && max.isNumber() && min.doubleValue() > 0 && max.doubleValue() <= 1) {
            notes.add("%s: %s takes exponents of e, in W&B too, so its values lie between %.6g and %.6g; if they are to"
                            .formatted(path, distribution, Math.exp(min.doubleValue()), Math.exp(max.doubleValue()))
                    + " lie between min and max, write " + distribution + "_values");
        }
    }

    /** Returns a valid name: lower-case letters, digits and hyphens. */
    private static String kubernetesName(String name, String fallback) {
        String plain =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^[^a-z]+", "");
        String cut = (plain.length() > MAX_NAME ? plain.substring(0, MAX_NAME) : plain).replaceAll("-+$", "");
        return cut.isEmpty() ? fallback : cut;
    }
}
