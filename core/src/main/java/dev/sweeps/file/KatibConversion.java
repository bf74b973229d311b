package dev.sweeps.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.file.SweepFile.Conversion;
import dev.sweeps.metrics.MetricPattern;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Converts an Experiment of Katib (kubeflow.org/v1beta1) to a Sweep. Nothing is dropped without a note. */
final class KatibConversion {
    /** Number of points for a file without maxTrialCount. Katib's default is no limit. */
    private static final int RUN_CAP = 10;

    /** Maximum number of values that a step may produce. */
    private static final int MAX_STEPS = 10_000;

    private static final Map<String, String> METHODS = Map.of(
            "random",
            "random",
            "grid",
            "grid",
            "bayesianoptimization",
            "bayes",
            "tpe",
            "bayes",
            "multivariate-tpe",
            "bayes",
            "cmaes",
            "bayes",
            "sobol",
            "random",
            "hyperband",
            "random");

    /** Consequences of fields that are left out. */
    private static final Map<String, String> MEANINGS = Map.of(
            "earlyStopping",
            "; trials run to their end, unless you add earlyTerminate: {type: hyperband, minIter: ...}",
            "resumePolicy",
            "; a Sweep can be extended at any time by editing it");

    private final JsonNode experiment;
    private final ObjectNode spec = JsonNodeFactory.instance.objectNode();
    private final List<String> notes = new ArrayList<>();

    private KatibConversion(JsonNode experiment) {
        this.experiment = experiment;
    }

    static boolean isOne(JsonNode document) {
        return document.path("apiVersion").asText().startsWith("kubeflow.org/")
                && document.path("kind").asText().equals("Experiment");
    }

    static Conversion of(JsonNode experiment, String fallback) {
        return new KatibConversion(experiment).convert(fallback);
    }

    private Conversion convert(String fallback) {
        JsonNode katib = experiment.path("spec");
        refuseArchitectures(katib);
        method(katib.path("algorithm"));
        objective(katib.path("objective"));
        parameters(katib.path("parameters"));
        boolean isGrid = spec.path("method").asText().equals("grid");
        if (katib.has("maxTrialCount")) {
            spec.set("runCap", katib.get("maxTrialCount"));
        } else if (!isGrid) {
            spec.put("runCap", RUN_CAP);
            notes.add("spec.maxTrialCount: is not given; runCap: " + RUN_CAP
                    + " was added; write how many points you want");
        }
        if (katib.has("parallelTrialCount")) {
            spec.set("parallelism", katib.get("parallelTrialCount"));
        }
        if (katib.has("maxFailedTrialCount")) {
            spec.set("maxFailedTrials", katib.get("maxFailedTrialCount"));
        }
        new KatibTrialTemplate(katib.path("trialTemplate"), names(katib.path("parameters")), notes).convert(spec);
        metricsCollector(katib.path("metricsCollectorSpec"));
        Set<String> known = Set.of(
                "algorithm",
                "objective",
                "parameters",
                "maxTrialCount",
                "parallelTrialCount",
                "maxFailedTrialCount",
                "metricsCollectorSpec",
                "trialTemplate");
        katib.properties().stream()
                .filter(field -> !known.contains(field.getKey()))
                .forEach(field -> leftOut("spec." + field.getKey(), MEANINGS.getOrDefault(field.getKey(), "")));
        ObjectNode manifest = JsonNodeFactory.instance.objectNode();
        manifest.put("apiVersion", Api.GROUP + "/" + Api.VERSION).put("kind", "Sweep");
        ObjectNode metadata = manifest.putObject("metadata");
        metadata.put("name", experiment.at("/metadata/name").asText(fallback));
        if (experiment.at("/metadata/namespace").isTextual()) {
            metadata.set("namespace", experiment.at("/metadata/namespace"));
        }
        manifest.set("spec", spec);
        return new Conversion(manifest, List.copyOf(notes));
    }

    private void refuseArchitectures(JsonNode katib) {
        String algorithm = katib.at("/algorithm/algorithmName").asText("");
        if (katib.has("nasConfig") || List.of("enas", "darts").contains(algorithm)) {
            throw new InvalidFile("spec." + (katib.has("nasConfig") ? "nasConfig" : "algorithm.algorithmName")
                    + ": this Experiment searches an architecture" + (algorithm.isEmpty() ? "" : " (" + algorithm + ")")
                    + ", and a Sweep searches hyperparameters; keep it in Katib");
        }
    }

    private static Set<String> names(JsonNode parameters) {
        Set<String> names = new TreeSet<>();
        parameters.forEach(parameter -> names.add(parameter.path("name").asText()));
        return names;
    }

    private void leftOut(String field, String why) {
        notes.add(field + ": has no counterpart, and is left out" + why);
    }

    private void method(JsonNode algorithm) {
        String name = algorithm.path("algorithmName").asText("random");
        String method = METHODS.get(name);
        if (method == null) {
            throw new InvalidFile("spec.algorithm.algorithmName: " + name + " has no counterpart; write one of "
                    + String.join(", ", new TreeSet<>(METHODS.keySet())));
        }
        spec.put("method", method);
        if (!method.equals(name)) {
            notes.add("spec.algorithm.algorithmName: " + name + " became method: " + method
                    + (name.equals("hyperband") ? "; add earlyTerminate: {type: hyperband, minIter: ...}" : ""));
        }
        if (algorithm.has("algorithmSettings")) {
            leftOut("spec.algorithm.algorithmSettings", "");
        }
    }

    private void objective(JsonNode objective) {
        ObjectNode metric = spec.putObject("metric");
        metric.put("name", objective.path("objectiveMetricName").asText());
        metric.put("goal", objective.path("type").asText("minimize"));
        if (objective.has("goal")) {
            metric.set("target", objective.get("goal"));
        }
        strategy(objective, metric);
        objective.properties().stream()
                .filter(field -> !List.of("objectiveMetricName", "type", "goal", "metricStrategies")
                        .contains(field.getKey()))
                .forEach(field -> leftOut(
                        "spec.objective." + field.getKey(),
                        field.getKey().equals("additionalMetricNames")
                                ? "; every metric that a trial reports is kept"
                                : ""));
    }

    /**
     * Sets {@code select: best} if the file gives no strategy. Katib then ranks by the best value of a trial (setDefaultObjective in
     * experiment_defaults.go).
     */
    private void strategy(JsonNode objective, ObjectNode metric) {
        String name = metric.path("name").asText();
        String best = metric.path("goal").asText().equals("maximize") ? "max" : "min";
        String strategy = best;
        for (JsonNode each : objective.path("metricStrategies")) {
            if (each.path("name").asText().equals(name)) {
                strategy = each.path("value").asText();
            }
        }
        metric.put("select", strategy.equals("latest") ? "last" : "best");
        if (!strategy.equals("latest") && !strategy.equals(best)) {
            notes.add("spec.objective.metricStrategies " + name + ": " + strategy + " of a metric whose goal is to "
                    + metric.path("goal").asText()
                    + " has no counterpart; the best value of each trial counts (select: best)");
        }
    }

    /**
     * Converts the filters to alternatives of {@code metric.pattern}. In each filter, the first group is the name and the second is the value.
     */
    private void metricsCollector(JsonNode collector) {
        String kind = collector.at("/collector/kind").asText("StdOut");
        if (!kind.equals("StdOut") && !kind.equals("None")) {
            notes.add("spec.metricsCollectorSpec.collector: " + kind
                    + " has no counterpart; metrics are read from the log of the trial, so let the program print them too"
                    + (kind.equals("File") ? ", or write the file to /dev/stdout" : ""));
        }
        JsonNode filters = collector.at("/source/filter/metricsFormat");
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < filters.size(); i++) {
            String number = patterns.isEmpty() ? "" : String.valueOf(patterns.size() + 1);
            String pattern = named(filters.get(i).asText(), number);
            try {
                MetricPattern.of(named(filters.get(i).asText(), ""));
                MetricPattern.of(joined(patterns, pattern));
                patterns.add(pattern);
            } catch (MetricPattern.InvalidPattern e) {
                leftOut(
                        "spec.metricsCollectorSpec.source.filter.metricsFormat[" + i + "]",
                        "; as metric.pattern, " + pattern + " " + e.getMessage());
            }
        }
        if (!patterns.isEmpty()) {
            ((ObjectNode) spec.get("metric")).put("pattern", joined(patterns));
        }
    }

    /** Joins patterns as alternatives. If several match at the same position, the first one wins. */
    private static String joined(List<String> patterns, String... more) {
        return Stream.concat(patterns.stream(), Stream.of(more)).collect(Collectors.joining("|"));
    }

    /** Names the first two groups of the expression name and value, followed by the number of the alternative. */
    private static String named(String expression, String number) {
        StringBuilder pattern = new StringBuilder();
        int groups = 0;
        boolean isClass = false;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            pattern.append(c);
            if (c == '\\' && i + 1 < expression.length()) {
                pattern.append(expression.charAt(++i));
            } else if (c == '[') {
                isClass = true;
            } else if (c == ']') {
                isClass = false;
            } else if (c == '(' && !isClass && !expression.startsWith("(?", i)) {
                groups++;
                pattern.append(groups == 1 ? "?P<name" + number + ">" : groups == 2 ? "?P<value" + number + ">" : "?:");
            }
        }
        return pattern.toString();
    }

    private void parameters(JsonNode parameters) {
        ObjectNode converted = spec.putObject("parameters");
        for (JsonNode parameter : parameters) {
            converted.set(
                    parameter.path("name").asText(),
                    parameter(parameter.path("name").asText(), parameter));
        }
    }

    private ObjectNode parameter(String name, JsonNode parameter) {
        JsonNode feasible = parameter.path("feasibleSpace");
        String type = parameter.path("parameterType").asText();
        ObjectNode converted = JsonNodeFactory.instance.objectNode();
        if (type.equals("categorical") || type.equals("discrete")) {
            ArrayNode values = converted.putArray("values");
            feasible.path("list")
                    .forEach(value -> values.add(
                            type.equals("discrete")
                                    ? number(name, value)
                                    : value.isValueNode() ? JsonNodeFactory.instance.textNode(value.asText()) : value));
            return converted;
        }
        if (!type.equals("int") && !type.equals("double")) {
            throw new InvalidFile("spec.parameters " + name + ": parameterType is "
                    + (type.isEmpty() ? "missing" : type) + "; write double, int, discrete or categorical");
        }
        DecimalNode min = number(name, feasible.path("min"));
        DecimalNode max = number(name, feasible.path("max"));
        if (feasible.has("step")) {
            if (feasible.has("distribution")
                    && !feasible.path("distribution").asText().equalsIgnoreCase("uniform")) {
                notes.add("spec.parameters " + name + ": distribution "
                        + feasible.path("distribution").asText()
                        + " with a step became values that are equally likely");
            }
            steps(
                    name,
                    min.decimalValue(),
                    max.decimalValue(),
                    number(name, feasible.get("step")).decimalValue(),
                    converted);
            return converted;
        }
        String distribution = feasible.path("distribution").asText("uniform");
        boolean isLog = distribution.equalsIgnoreCase("logUniform");
        if (!isLog && !distribution.equalsIgnoreCase("uniform")) {
            notes.add("spec.parameters " + name + ": distribution " + distribution
                    + " became uniform between min and max");
        }
        if (type.equals("int")) {
            converted.put("distribution", isLog ? "q_log_uniform_values" : "int_uniform");
        } else {
            converted.put("distribution", isLog ? "log_uniform_values" : "uniform");
        }
        converted.set("min", min);
        converted.set("max", max);
        return converted;
    }

    /** Converts a range of whole numbers. Both ends are included, in Katib too. */
    private static void steps(String name, BigDecimal min, BigDecimal max, BigDecimal step, ObjectNode converted) {
        if (step.signum() <= 0 || max.subtract(min).compareTo(step.multiply(BigDecimal.valueOf(MAX_STEPS))) > 0) {
            throw new InvalidFile("spec.parameters " + name + ": from " + min + " to " + max + " by " + step
                    + " are no steps, or more than " + MAX_STEPS + "; correct step");
        }
        ArrayNode values = converted.putArray("values");
        for (BigDecimal value = min; value.compareTo(max) <= 0; value = value.add(step)) {
            values.add(DecimalNode.valueOf(value));
        }
    }

    /** Parses a number, which Katib writes as text. */
    private static DecimalNode number(String name, JsonNode text) {
        try {
            return DecimalNode.valueOf(new BigDecimal(text.asText()));
        } catch (NumberFormatException e) {
            throw new InvalidFile(
                    "spec.parameters " + name + ": \"" + text.asText() + "\" is not a number; correct it");
        }
    }
}
