package dev.sweeps.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generates {@code docs/api.md} from the CustomResourceDefinitions. */
class ApiReferenceTest {
    private static final Path REFERENCE = Path.of("../docs/api.md");

    @TempDir
    private Path generated;

    /** {@code make generate} sets the property, and the reference is written before it is compared. */
    @Test
    void theReferenceIsTheGeneratedOne() throws IOException {
        Manifests.generate(generated);
        StringBuilder text = new StringBuilder(
                """
                # API reference

                The resources of the group `sweeps.dev`, version `v1alpha1`. `make generate` writes this page from the CustomResourceDefinitions.
                `kubectl explain sweep.spec` prints the same descriptions.
                """);
        for (String manifest : CustomResourceDefinitionsTest.MANIFESTS) {
            CustomResourceDefinition crd = Serialization.unmarshal(
                    Files.readString(generated.resolve(manifest)), CustomResourceDefinition.class);
            describe(crd, text);
        }
        if (Boolean.getBoolean("manifests.write")) {
            Files.writeString(REFERENCE, text);
        }
        assertThat(REFERENCE)
                .as("after a change of the types run `make generate`")
                .content()
                .isEqualTo(text.toString());
    }

    private static void describe(CustomResourceDefinition crd, StringBuilder text) {
        JSONSchemaProps schema = crd.getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema();
        text.append("\n## ").append(crd.getSpec().getNames().getKind()).append("\n\n");
        text.append(escaped(schema.getDescription())).append("\n");
        for (String part : new String[] {"spec", "status"}) {
            JSONSchemaProps fields = schema.getProperties().get(part);
            text.append("\n### ")
                    .append(crd.getSpec().getNames().getKind())
                    .append(" ")
                    .append(part)
                    .append("\n\n");
            text.append("| field | type | description |\n|---|---|---|\n");
            rows("", fields, text);
        }
    }

    private static void rows(String prefix, JSONSchemaProps schema, StringBuilder text) {
        Map<String, JSONSchemaProps> fields =
                new TreeMap<>(schema.getProperties() == null ? Map.of() : schema.getProperties());
        fields.forEach((name, field) -> {
            boolean isRequired =
                    schema.getRequired() != null && schema.getRequired().contains(name);
            text.append("| `")
                    .append(prefix)
                    .append(name)
                    .append("`")
                    .append(isRequired ? " (required)" : "")
                    .append(" | ")
                    .append(type(field))
                    .append(" | ")
                    .append(escaped(field.getDescription()))
                    .append(" |\n");
            JSONSchemaProps inner = inner(field);
            if (inner != null && !name.equals("conditions")) {
                rows(prefix + name + (inner == field ? "." : isList(field) ? "[]." : ".*."), inner, text);
            }
        });
    }

    private static boolean isList(JSONSchemaProps field) {
        return field.getItems() != null;
    }

    /** Returns the schema of the fields within a field, of the elements of a list, or of the values of a map; null for none. */
    private static JSONSchemaProps inner(JSONSchemaProps field) {
        if (field.getProperties() != null && !field.getProperties().isEmpty()) {
            return field;
        }
        JSONSchemaProps element = isList(field)
                ? field.getItems().getSchema()
                : field.getAdditionalProperties() == null
                        ? null
                        : field.getAdditionalProperties().getSchema();
        return element == null
                        || element.getProperties() == null
                        || element.getProperties().isEmpty()
                ? null
                : element;
    }

    private static String type(JSONSchemaProps field) {
        if (isList(field)) {
            return "list";
        }
        if (field.getEnum() != null && !field.getEnum().isEmpty()) {
            return field.getEnum().stream()
                    .map(value -> "`" + value.asText() + "`")
                    .collect(Collectors.joining(", "));
        }
        return field.getType() == null ? "any" : field.getType();
    }

    private static String escaped(String text) {
        return text == null
                ? ""
                : text.replace("|", "\\|")
                        .replace("<", "&lt;")
                        .replace("*", "\\*")
                        .replace("_", "\\_");
    }
}
