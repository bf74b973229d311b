package dev.sweeps.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.command.TrialEnvironment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the template and the command of a Sweep of the {@code trialTemplate} of an Experiment. A reference to a trial parameter becomes the
 * environment variable in which a trial of a Sweep has it.
 */
final class KatibTrialTemplate {
    private static final String PATH = "spec.trialTemplate";
    private static final String JOB = PATH + ".trialSpec";
    private static final String GPU = "nvidia.com/gpu";
    private static final String NAMESPACE_VARIABLE = "SWEEP_NAMESPACE";

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{trialParameters\\.([^}]+)}");
    private static final Pattern LABEL = Pattern.compile("\\$\\{trialSpec\\.(Labels|Annotations)\\[(.+)]}");

    /** Escape of Kubernetes in commands. The command of a Sweep has its own. */
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\$)?\\(([A-Za-z_][A-Za-z0-9_]*)\\)");

    private final JsonNode template;
    private final JsonNode job;
    private final Set<String> parameters;
    private final List<String> notes;

    /** Reference of each trial parameter. */
    private final Map<String, String> references = new HashMap<>();

    KatibTrialTemplate(JsonNode template, Set<String> parameters, List<String> notes) {
        this.template = template;
        this.job = template.path("trialSpec");
        this.parameters = parameters;
        this.notes = notes;
        template.path("trialParameters")
                .forEach(parameter -> references.put(
                        parameter.path("name").asText(),
                        parameter
                                .path("reference")
                                .asText(parameter.path("name").asText())));
    }

    /** Sets template, command, gpu, retries and trialTimeout in the spec of a Sweep. */
    void convert(ObjectNode spec) {
        checkKind();
        checkReferences();
        noteOfTemplate();
        ofJob(spec);
        ObjectNode pod = job.at("/spec/template").deepCopy();
        metadata(pod);
        String primary = template.path("primaryContainerName").asText("training-container");
        JsonNode containers = pod.at("/spec/containers");
        boolean found = false;
        for (JsonNode container : containers) {
            if (container.path("name").asText().equals(primary) || containers.size() == 1) {
                trainer((ObjectNode) container, spec);
                found = true;
            } else {
                variables((ObjectNode) container, "containers");
            }
        }
        if (!found) {
            throw new InvalidFile(
                    PATH + ".primaryContainerName: no container is called " + primary + "; correct one of the two");
        }
        pod.at("/spec/initContainers").forEach(container -> variables((ObjectNode) container, "initContainers"));
        if (pod.path("spec") instanceof ObjectNode podSpec) {
            podSpec.remove("restartPolicy"); // A trial is tried again by its Job.
        }
        checkRest("", pod);
        spec.set("template", pod);
    }

    /** Refuses everything except one Job with one Pod, because a Sweep would train something else. */
    private void checkKind() {
        if (template.has("configMap")) {
            throw new InvalidFile(
                    PATH + ".configMap: the trial's Job is in a ConfigMap of the cluster; write it under trialSpec");
        }
        String kind = job.path("kind").asText("nothing");
        if (!kind.equals("Job") || !(job.at("/spec/template") instanceof ObjectNode)) {
            throw new InvalidFile(
                    JOB + ": is " + kind + ", and a trial of a Sweep is a batch/v1 Job with a Pod template;"
                            + " rewrite the trial as a Job, or keep this Experiment in Katib");
        }
        for (String field : List.of("completions", "parallelism")) {
            if (job.path("spec").path(field).asInt(1) > 1) {
                throw new InvalidFile(JOB + ".spec." + field + ": is "
                        + job.path("spec").path(field) + ", and a trial of a Sweep is one Pod; write 1");
            }
        }
    }

    private void checkReferences() {
        references.forEach((name, reference) -> {
            boolean isOfTrial = reference.startsWith("${trialSpec.");
            if (!isOfTrial && !parameters.contains(reference)) {
                throw new InvalidFile(PATH + ".trialParameters " + name + ": the reference " + reference
                        + " is not one of spec.parameters (" + String.join(", ", new TreeSet<>(parameters))
                        + "); correct it");
            }
        });
    }

    private void noteOfTemplate() {
        Map<String, String> meanings = Map.of(
                "successCondition", "a trial has succeeded if its program ends with exit code 0 and reports the metric",
                "failureCondition",
                        "a trial has failed if its program ends with another exit code or without the metric",
                "retain", "finished Jobs stay for an hour after their result is recorded",
                "primaryPodLabels", "the Pod of a trial is found by the operator's own labels");
        template.properties().forEach(field -> {
            if (meanings.containsKey(field.getKey())) {
                leftOut(PATH + "." + field.getKey(), meanings.get(field.getKey()));
            } else if (!List.of("trialSpec", "trialParameters", "primaryContainerName")
                    .contains(field.getKey())) {
                leftOut(PATH + "." + field.getKey(), null);
            }
        });
        job.path("metadata").properties().stream()
                .filter(field -> List.of("labels", "annotations").contains(field.getKey()))
                .forEach(field -> leftOut(
                        JOB + ".metadata." + field.getKey(),
                        "the Job of a trial has the operator's labels; those of the Pod are kept"));
    }

    private void ofJob(ObjectNode spec) {
        job.path("spec").properties().forEach(field -> {
            switch (field.getKey()) {
                case "template", "completions", "parallelism" -> {}
                case "backoffLimit" -> spec.set("retries", field.getValue());
                case "activeDeadlineSeconds" ->
                    spec.put("trialTimeout", field.getValue().asText() + "s");
                case "ttlSecondsAfterFinished" ->
                    leftOut(
                            JOB + ".spec.ttlSecondsAfterFinished",
                            "a finished Job stays for an hour after its result is recorded");
                default -> leftOut(JOB + ".spec." + field.getKey(), null);
            }
        });
    }

    private void leftOut(String field, String instead) {
        notes.add(field + ": has no counterpart, and is left out" + (instead == null ? "" : "; " + instead));
    }

    /** Refuses references in labels and annotations of the Pod, where variables are not expanded. */
    private void metadata(ObjectNode pod) {
        for (String map : List.of("labels", "annotations")) {
            if (pod.at("/metadata/" + map) instanceof ObjectNode entries) {
                List<String> names = new ArrayList<>();
                entries.properties().stream()
                        .filter(entry -> entry.getValue().asText().contains("${trial"))
                        .forEach(entry -> names.add(entry.getKey()));
                names.forEach(name -> {
                    entries.remove(name);
                    leftOut(JOB + ".spec.template.metadata." + map + " " + name, "it uses a trial parameter");
                });
            }
        }
    }

    private void trainer(ObjectNode container, ObjectNode spec) {
        variables(container, "containers");
        container.put("name", Api.TRAINER_CONTAINER);
        Set<String> known = new TreeSet<>();
        container
                .path("env")
                .forEach(variable -> known.add(variable.path("name").asText()));
        ArrayNode command = spec.putArray("command");
        for (String field : List.of("command", "args")) {
            container.path(field).forEach(word -> command.add(sweepWord(word.asText(), known)));
            container.remove(field);
        }
        if (command.isEmpty()) {
            spec.remove("command");
        }
        JsonNode gpus = container.at("/resources/limits").path(GPU);
        spec.putObject("gpu").put("count", gpus.asInt(0));
    }

    /** Replaces references in command, args and env of a container by variables of its environment. */
    private void variables(ObjectNode container, String list) {
        String place = JOB + "..." + list + " " + container.path("name").asText();
        Function<String, String> replace = text -> replaced(text, place);
        for (String field : List.of("command", "args")) {
            if (container.path(field) instanceof ArrayNode words) {
                for (int i = 0; i < words.size(); i++) {
                    words.set(i, TextNode.valueOf(replace.apply(words.get(i).asText())));
                }
            }
        }
        boolean usesNamespace = container.toString().contains("$(" + NAMESPACE_VARIABLE + ")");
        for (JsonNode variable : container.path("env")) {
            if (variable.path("value").isTextual()) {
                String text = variable.path("value").textValue();
                ((ObjectNode) variable).put("value", replace.apply(text));
                usesNamespace |= variable.path("value").textValue().contains("$(" + NAMESPACE_VARIABLE + ")");
            }
        }
        if (usesNamespace) {
            ObjectNode namespace = JsonNodeFactory.instance.objectNode().put("name", NAMESPACE_VARIABLE);
            namespace.putObject("valueFrom").putObject("fieldRef").put("fieldPath", "metadata.namespace");
            container.withArray("env").insert(0, namespace);
        }
    }

    private String replaced(String text, String place) {
        return REFERENCE.matcher(text).replaceAll(match -> {
            String name = match.group(1);
            String reference = references.get(name);
            if (reference == null) {
                throw new InvalidFile(
                        place + ": ${trialParameters." + name + "} is not one of " + PATH + ".trialParameters; add it");
            }
            return Matcher.quoteReplacement(value(name, reference, place));
        });
    }

    private String value(String name, String reference, String place) {
        if (!reference.startsWith("${trialSpec.")) {
            return "$(" + TrialEnvironment.variable(reference) + ")";
        }
        if (reference.equals("${trialSpec.Name}")) {
            return "$(SWEEP_TRIAL)";
        }
        if (reference.equals("${trialSpec.Namespace}")) {
            return "$(" + NAMESPACE_VARIABLE + ")";
        }
        if (reference.equals("${trialSpec.Kind}")) {
            return job.path("kind").asText();
        }
        if (reference.equals("${trialSpec.APIVersion}")) {
            return job.path("apiVersion").asText();
        }
        Matcher label = LABEL.matcher(reference);
        String map = label.matches() ? label.group(1).toLowerCase(java.util.Locale.ROOT) : "";
        JsonNode written = label.matches() ? job.path("metadata").path(map).path(label.group(2)) : job.path("none");
        if (!written.isTextual() || written.textValue().contains("${")) {
            throw new InvalidFile(PATH + ".trialParameters " + name + ": the reference " + reference
                    + " has no value in " + JOB + ".metadata; write the value in its place");
        }
        notes.add(place + ": ${trialParameters." + name + "} is " + written.textValue() + ", as " + JOB + ".metadata."
                + map + " says; the Job of a trial of a Sweep does not have it");
        return written.textValue();
    }

    /** Converts a word of {@code command}, in which {@code ${envvar:NAME}} is expanded and variables of Kubernetes are not. */
    private static String sweepWord(String word, Set<String> known) {
        return VARIABLE.matcher(word).replaceAll(match -> {
            String name = match.group(2);
            boolean isEscaped = match.group(1) != null;
            boolean isKnown =
                    known.contains(name) || TrialEnvironment.ALWAYS.contains(name) || name.startsWith("SWEEP_PARAM_");
            return Matcher.quoteReplacement(
                    isEscaped ? "$(" + name + ")" : isKnown ? "${envvar:" + name + "}" : match.group());
        });
    }

    /** Refuses references that remain, because variables are not expanded in their place. */
    private void checkRest(String path, JsonNode node) {
        if (node.isTextual() && node.textValue().contains("${trialParameters.")) {
            throw new InvalidFile(JOB + ".spec.template" + path + ": is " + node.textValue()
                    + ", and a Pod has its parameters in command, args and env only; write a fixed value");
        }
        node.properties().forEach(field -> checkRest(path + "." + field.getKey(), field.getValue()));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            checkRest(path + "[" + i + "]", node.get(i));
        }
    }
}
