package dev.sweeps.api.v1alpha1;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes the CRD manifests from the types, and adds what the generator's annotations cannot say. */
final class Manifests {
    /** Columns in the order in which kubectl prints them; the generator sorts them by path. */
    private static final List<String> COLUMNS = List.of(
            "SWEEP",
            "METHOD",
            "STATE",
            "REASON",
            "TRIALS",
            "FAILED",
            "METRIC",
            "BEST",
            "BEST PARAMETERS",
            "VALUE",
            "PARAMETERS",
            "NODE",
            "MESSAGE",
            "AGE");

    private static final Map<String, List<String>> DESCRIPTIONS = Map.of(
            "Sweep",
            List.of(
                    "A hyperparameter sweep: every point of a search space is run as a Trial, one Job each, and the best"
                            + " hyperparameters are reported in status.",
                    "The sweep: a Weights & Biases sweep configuration (method, metric, parameters, program, command), and"
                            + " how it runs on the cluster (parallelism, gpu, template, ...).",
                    "What became of the sweep, written by the operator."),
            "Trial",
            List.of(
                    "One point of a Sweep. The operator makes it, runs it as a Job of the same name, and records the result"
                            + " here, where it stays when Job and Pod are gone. Delete a failed Trial to run its point again.",
                    "Which point this is.",
                    "What became of the trial, written by the operator."));

    private static final Map<String, String> CONDITION = Map.of(
            "type", "Kind of condition, in CamelCase.",
            "status", "True, False or Unknown.",
            "reason", "Why, in one CamelCase word.",
            "message", "Why, in a sentence for people.",
            "lastTransitionTime", "When status last changed.",
            "observedGeneration", "The metadata.generation that the condition was validated by.");

    private Manifests() {}

    static void generate(Path folder) {
        new CRDGenerator()
                .inOutputDir(folder.toFile())
                .customResourceClasses(Sweep.class, Trial.class)
                .forCRDVersions("v1")
                .withPostProcessor(new CRDPostProcessor() {
                    @Override
                    public HasMetadata process(HasMetadata crd, String version) {
                        return complete((CustomResourceDefinition) crd);
                    }
                })
                .detailedGenerate();
    }

    private static CustomResourceDefinition complete(CustomResourceDefinition crd) {
        var version = crd.getSpec().getVersions().get(0);
        version.getAdditionalPrinterColumns()
                .sort(Comparator.comparingInt(
                        (CustomResourceColumnDefinition column) -> COLUMNS.indexOf(column.getName())));
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        List<String> descriptions = DESCRIPTIONS.get(crd.getSpec().getNames().getKind());
        root.setDescription(descriptions.get(0));
        root.getProperties().get("spec").setDescription(descriptions.get(1));
        root.getProperties().get("status").setDescription(descriptions.get(2));
        if (root.getProperties().get("spec").getProperties().containsKey("method")) {
            root.getProperties().put("metadata", withoutDots());
            // Long enough for a script; without a limit the rule that compares commands would be too expensive for the
            // API server.
            root.getProperties()
                    .get("spec")
                    .getProperties()
                    .get("command")
                    .getItems()
                    .getSchema()
                    .setMaxLength(16_384L);
            refuseWordsOfWandb(root.getProperties().get("spec"));
        }
        completeConditions(root.getProperties().get("status").getProperties().get("conditions"));
        anyJsonWhereAParameterValueStands(root.getProperties().get("spec"));
        anyJsonWhereAParameterValueStands(root.getProperties().get("status"));
        boundNumbers(root);
        root.setRequired(List.of("spec"));
        return crd;
    }

    /**
     * Unknown fields are refused by kubectl without a way out, and dropped without a word for clients that do not ask for validation. So
     * those that are pasted from a file of Weights and Biases are known, and refused by a rule.
     */
    private static void refuseWordsOfWandb(JSONSchemaProps spec) {
        refuse(spec, "early_terminate", "object", "earlyTerminate");
        refuse(spec, "run_cap", "integer", "runCap");
        JSONSchemaProps earlyTerminate = spec.getProperties().get("earlyTerminate");
        refuse(earlyTerminate, "min_iter", "integer", "minIter");
        refuse(earlyTerminate, "max_iter", "integer", "maxIter");
    }

    private static void refuse(JSONSchemaProps schema, String word, String type, String ours) {
        schema.getProperties()
                .put(
                        word,
                        new JSONSchemaPropsBuilder()
                                .withType(type)
                                .withXKubernetesPreserveUnknownFields(type.equals("object") ? true : null)
                                .withDescription("Refused: the word of Weights & Biases for " + ours + ".")
                                .build());
        schema.getXKubernetesValidations()
                .add(new ValidationRuleBuilder()
                        .withRule("!has(self." + word + ")")
                        .withMessage("is the word of Weights & Biases; write " + ours)
                        .withFieldPath("." + word)
                        .build());
    }

    /** Names of sweeps become host names and parts of labels. A rule with a sentence of its own would cost more than rules may. */
    private static JSONSchemaProps withoutDots() {
        JSONSchemaProps name = new JSONSchemaPropsBuilder()
                .withType("string")
                .withPattern("^[^.]*$")
                .build();
        return new JSONSchemaPropsBuilder()
                .withType("object")
                .addToProperties("name", name)
                .build();
    }

    /** As metav1.Condition in Kubernetes' own API. */
    private static void completeConditions(JSONSchemaProps conditions) {
        conditions.setXKubernetesListType("map");
        conditions.setXKubernetesListMapKeys(List.of("type"));
        JSONSchemaProps condition = conditions.getItems().getSchema();
        condition.setRequired(List.of("type", "status"));
        CONDITION.forEach(
                (field, description) -> condition.getProperties().get(field).setDescription(description));
        condition.getProperties().get("lastTransitionTime").setFormat("date-time");
        condition.getProperties().get("observedGeneration").setMaximum(9_007_199_254_740_991.0);
        condition.getProperties().get("message").setMaxLength(32_768L);
    }

    /**
     * What the API server admits, Java can read: every whole number fits into an int, or into what JSON's readers agree on (53 bits). Any
     * other number is a double in the API server itself, and has no other bounds: it compares a whole value with them as an int64, in which
     * the bounds of a double do not fit.
     */
    private static void boundNumbers(JSONSchemaProps schema) {
        if ("integer".equals(schema.getType())) {
            schema.setMinimum(schema.getMinimum() == null ? 0.0 : schema.getMinimum());
            schema.setMaximum(schema.getMaximum() == null ? (double) Integer.MAX_VALUE : schema.getMaximum());
            schema.setFormat(schema.getMaximum() > Integer.MAX_VALUE ? "int64" : "int32");
        } else if ("number".equals(schema.getType())) {
            schema.setFormat("double");
        }
        children(schema).forEach(Manifests::boundNumbers);
    }

    private static Stream<JSONSchemaProps> children(JSONSchemaProps schema) {
        Stream<JSONSchemaProps> values = schema.getAdditionalProperties() == null
                ? Stream.empty()
                : Stream.ofNullable(schema.getAdditionalProperties().getSchema());
        Stream<JSONSchemaProps> items = schema.getItems() == null
                ? Stream.empty()
                : Stream.ofNullable(schema.getItems().getSchema());
        return Stream.of(schema.getProperties().values().stream(), values, items)
                .flatMap(children -> children);
    }

    /** The generator takes {@link ParameterValue} for an object without fields; it is any JSON. */
    private static void anyJsonWhereAParameterValueStands(JSONSchemaProps schema) {
        boolean withoutFields = "object".equals(schema.getType())
                && schema.getProperties().isEmpty()
                && schema.getAdditionalProperties() == null;
        if (withoutFields && !Boolean.TRUE.equals(schema.getXKubernetesPreserveUnknownFields())) {
            schema.setType(null);
            schema.setXKubernetesPreserveUnknownFields(true);
            schema.setNullable(true); // Else the API server leaves a null in a map out.
        }
        children(schema).forEach(Manifests::anyJsonWhereAParameterValueStands);
    }
}
