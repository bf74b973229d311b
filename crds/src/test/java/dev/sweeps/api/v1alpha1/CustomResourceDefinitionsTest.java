package dev.sweeps.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class CustomResourceDefinitionsTest {
    static final List<String> MANIFESTS = List.of("sweeps.sweeps.dev-v1.yml", "trials.sweeps.dev-v1.yml");

    /** Where the manifests are checked in. A chart cannot reach outside its folder, so it holds a copy. */
    private static final List<Path> FOLDERS =
            List.of(Path.of("manifests"), Path.of("../helm/sweep-operator/files/crds"));

    @TempDir
    private Path generated;

    /** {@code make generate} sets the property, and the manifests are written before they are compared. */
    @ParameterizedTest
    @FieldSource("MANIFESTS")
    void theCheckedInManifestIsTheGeneratedOne(String manifest) throws IOException {
        Manifests.generate(generated);
        String expected = Files.readString(generated.resolve(manifest));
        for (Path folder : FOLDERS) {
            if (Boolean.getBoolean("manifests.write")) {
                Files.createDirectories(folder);
                Files.writeString(folder.resolve(manifest), expected);
            }
            assertThat(folder.resolve(manifest))
                    .as("after a change of the types run `make generate`")
                    .content()
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @FieldSource("MANIFESTS")
    void everyFieldIsDescribed(String manifest) throws IOException {
        Manifests.generate(generated);
        CustomResourceDefinition crd =
                Serialization.unmarshal(Files.readString(generated.resolve(manifest)), CustomResourceDefinition.class);
        List<String> undescribed = new ArrayList<>();
        visit("", crd.getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema(), (path, schema) -> {
            boolean named = !path.endsWith("*") && !path.startsWith(".metadata");
            if (named && schema.getDescription() == null) {
                undescribed.add(path);
            }
        });
        assertThat(undescribed).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("MANIFESTS")
    void everyNumberHasAFormatAndBounds(String manifest) throws IOException {
        Manifests.generate(generated);
        CustomResourceDefinition crd =
                Serialization.unmarshal(Files.readString(generated.resolve(manifest)), CustomResourceDefinition.class);
        List<String> numbers = new ArrayList<>();
        List<String> unbounded = new ArrayList<>();
        visit("", crd.getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema(), (path, schema) -> {
            if ("integer".equals(schema.getType()) || "number".equals(schema.getType())) {
                numbers.add(path);
                boolean bounded = "double".equals(schema.getFormat())
                        || schema.getFormat() != null && schema.getMinimum() != null && schema.getMaximum() != null;
                if (!bounded) {
                    unbounded.add(path);
                }
            }
        });
        assertThat(numbers).isNotEmpty();
        assertThat(unbounded).isEmpty();
    }

    @Test
    void everyColumnOfTheDesignIsPrinted() throws IOException {
        Manifests.generate(generated);
        CustomResourceDefinition crd = Serialization.unmarshal(
                Files.readString(generated.resolve("sweeps.sweeps.dev-v1.yml")), CustomResourceDefinition.class);
        assertThat(crd.getSpec().getVersions().get(0).getAdditionalPrinterColumns())
                .extracting(column -> column.getName())
                .containsExactly("METHOD", "STATE", "TRIALS", "FAILED", "METRIC", "BEST", "BEST PARAMETERS", "AGE");
    }

    /** Every field with its path, from the root down. */
    @ParameterizedTest
    @FieldSource("MANIFESTS")
    void whereAnyJsonMayStandTheSchemaAsksForNoObject(String manifest) throws IOException {
        Manifests.generate(generated);
        CustomResourceDefinition crd =
                Serialization.unmarshal(Files.readString(generated.resolve(manifest)), CustomResourceDefinition.class);
        visit("", crd.getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema(), (path, schema) -> {
            boolean bare = "object".equals(schema.getType())
                    && schema.getProperties().isEmpty()
                    && schema.getAdditionalProperties() == null
                    && !Boolean.TRUE.equals(schema.getXKubernetesPreserveUnknownFields());
            assertThat(bare && !path.equals(".metadata")).as(path).isFalse();
        });
    }

    private static void visit(String path, JSONSchemaProps schema, BiConsumer<String, JSONSchemaProps> visitor) {
        schema.getProperties().forEach((name, field) -> {
            visitor.accept(path + "." + name, field);
            visit(path + "." + name, field, visitor);
        });
        if (schema.getItems() != null) {
            visit(path + "[]", schema.getItems().getSchema(), visitor);
        }
        if (schema.getAdditionalProperties() != null
                && schema.getAdditionalProperties().getSchema() != null) {
            JSONSchemaProps values = schema.getAdditionalProperties().getSchema();
            visitor.accept(path + ".*", values);
            visit(path + ".*", values, visitor);
        }
    }
}
