package dev.sweeps.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.command.TrialEnvironment;
import dev.sweeps.file.SweepFile.Conversion;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a Sweep of an Experiment of Katib (kubeflow.org/v1beta1). Nothing is dropped without a note. */
final class KatibConversion {
    /** Of a file that names none; Katib's own default is no end. */
    private static final int RUN_CAP = 10;

    /** Values that a step makes. */
    private static final int MAX_STEPS = 10_000;

    private static final String GPU = "nvidia.com/gpu";
    private static final Pattern TRIAL_PARAMETER = Pattern.compile("\\$\\{trialParameters\\.([^}]+)}");

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

    private final JsonNode experiment;
    private final ObjectNode spec = JsonNodeFactory.instance.objectNode();
    private final List<String> notes = new ArrayList<>();

    /** The word for a parameter in the trial template, and its name. */
    private final Map<String, String> references = new HashMap<>();

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
        method(katib.path("algorithm"));
        objective(katib.path("objective"));
        parameters(katib.path("parameters"));
        boolean isGrid = spec.path("method").asText().equals("grid");
        if (katib.has("maxTrialCount")) {
            spec.set("runCap", katib.get("maxTrialCount"));
        } else if (!isGrid) {
            spec.put("runCap", RUN_CAP);
            notes.add("spec.maxTrialCount: is not given; runCap: " + RUN_CAP
                    + " was put in, write how many points you want");
        }
        if (katib.has("parallelTrialCount")) {
            spec.set("parallelism", katib.get("parallelTrialCount"));
        }
        if (katib.has("maxFailedTrialCount")) {
            spec.set("maxFailedTrials", katib.get("maxFailedTrialCount"));
        }
        trialTemplate(katib.path("trialTemplate"));
        List<String> known = List.of(
                "algorithm",
                "objective",
                "parameters",
                "maxTrialCount",
                "parallelTrialCount",
                "maxFailedTrialCount",
                "trialTemplate");
        katib.properties().stream()
                .filter(field -> !known.contains(field.getKey()))
                .forEach(field -> leftOut("spec." + field.getKey(), ""));
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

    private void leftOut(String field, String why) {
        notes.add(field + ": has no counterpart, and is left out" + why);
    }

    private void method(JsonNode algorithm) {
        String name = algorithm.path("algorithmName").asText("random");
        String method = METHODS.getOrDefault(name, "random");
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
        objective.properties().stream()
                .filter(field -> !List.of("objectiveMetricName", "type", "goal").contains(field.getKey()))
                .forEach(field -> leftOut(
                        "spec.objective." + field.getKey(),
                        field.getKey().equals("additionalMetricNames")
                                ? "; every metric that a trial reports is kept"
                                : ""));
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
        DecimalNode min = number(name, feasible.path("min"));
        DecimalNode max = number(name, feasible.path("max"));
        if (feasible.has("step")) {
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

    /** Both ends included, as there. */
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

    /** There numbers are texts. */
    private static DecimalNode number(String name, JsonNode text) {
        try {
            return DecimalNode.valueOf(new BigDecimal(text.asText()));
        } catch (NumberFormatException e) {
            throw new InvalidFile("spec.parameters " + name + ": \"" + text.asText() + "\" is no number; correct it");
        }
    }

    private void trialTemplate(JsonNode template) {
        template.path("trialParameters")
                .forEach(parameter -> references.put(
                        parameter.path("name").asText(),
                        parameter.path("reference").asText()));
        JsonNode trial = template.path("trialSpec");
        if (!trial.path("kind").asText().equals("Job") || !(trial.at("/spec/template") instanceof ObjectNode)) {
            notes.add("spec.trialTemplate: holds no Job"
                    + (trial.has("kind") ? " but a " + trial.get("kind").asText() : "")
                    + ", and is left out; write template with the container called trainer, and command");
            return;
        }
        ObjectNode pod = trial.at("/spec/template").deepCopy();
        String primary = template.path("primaryContainerName").asText("training-container");
        JsonNode containers = pod.at("/spec/containers");
        for (JsonNode container : containers) {
            if (container.path("name").asText().equals(primary) || containers.size() == 1) {
                trainer((ObjectNode) container);
            }
        }
        if (pod.path("spec") instanceof ObjectNode podSpec) {
            podSpec.remove("restartPolicy"); // A trial is tried again by its Job.
        }
        spec.set("template", pod);
        if (trial.at("/spec/backoffLimit").isNumber()) {
            spec.set("retries", trial.at("/spec/backoffLimit"));
        }
    }

    private void trainer(ObjectNode container) {
        container.put("name", Api.TRAINER_CONTAINER);
        ArrayNode command = spec.putArray("command");
        for (String field : List.of("command", "args")) {
            container.path(field).forEach(word -> command.add(word(word.asText())));
            container.remove(field);
        }
        if (command.isEmpty()) {
            spec.remove("command");
        }
        JsonNode gpus = container.at("/resources/limits").path(GPU);
        spec.putObject("gpu").put("count", gpus.asInt(0));
    }

    /** Every parameter stands in the environment. */
    private String word(String word) {
        return TRIAL_PARAMETER.matcher(word).replaceAll(parameter -> {
            String name = references.getOrDefault(parameter.group(1), parameter.group(1));
            return Matcher.quoteReplacement("${envvar:" + TrialEnvironment.variable(name) + "}");
        });
    }
}
