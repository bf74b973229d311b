package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.SweepStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** The folder of specs, given to a real API server and to our operator. */
class SpecCorpusIT extends SweepTest {
    private static final Path SPECS = Path.of("../core/src/test/resources/specs");

    private static List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(SPECS.resolve(folder))) {
            return files.sorted().toList();
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".yaml", "");
    }

    @Test
    void eachInvalidSpecIsRefusedWithItsMessage() throws IOException {
        Map<String, String> refusedByUs = new TreeMap<>();
        SoftAssertions refusals = new SoftAssertions();
        for (Path file : files("invalid")) {
            String first = Files.readAllLines(file).get(0);
            String message = first.substring(first.indexOf(": ") + 2);
            Shell.Result applied = apply(Files.readString(file));
            if (first.startsWith("# server: ")) {
                refusals.assertThat(applied.exitCode()).as(name(file)).isNotZero();
                refusals.assertThat(applied.output()).as(name(file)).contains(message);
            } else {
                refusals.assertThat(applied.exitCode())
                        .as(name(file) + applied.output())
                        .isZero();
                refusedByUs.put(name(file), message);
            }
        }
        refusedByUs.forEach((sweep, message) -> {
            var status = awaitStatus(sweep, now -> now.state() == State.REJECTED);
            refusals.assertThat(condition(status, "Accepted").getMessage())
                    .as(sweep)
                    .contains(message);
        });
        refusals.assertAll();
        assertThat(kubectl("get", "trials,jobs")).contains("No resources found");
    }

    @Test
    void eachValidSpecIsAccepted() throws IOException {
        for (Path file : files("valid")) {
            create(Files.readString(file));
        }
        for (Path file : files("valid")) {
            awaitStatus(
                    name(file),
                    now -> now.state() == State.SUSPENDED
                            || now.state() == State.COMPLETE
                            || now.state() == State.REJECTED);
            assertThat(condition(sweep(name(file)).getStatus(), "Accepted").getStatus())
                    .as(name(file) + " " + sweep(name(file)).getStatus().conditions())
                    .isEqualTo("True");
        }
    }

    @Test
    void eachExampleThatIsASweepIsAccepted() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("../examples"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                String yaml = Files.readString(file);
                if (yaml.contains("kind: Sweep")) {
                    String name = "example-"
                            + file.toString().replaceAll("[^a-z]+", "-").replaceAll("^-|-yaml$", "");
                    create(yaml.replaceFirst("metadata: \\{name: [a-z-]+", "metadata: {name: " + name)
                            .replaceFirst("\nspec:\n", "\nspec:\n  suspend: true\n"));
                    awaitStatus(name, now -> now.state() == State.SUSPENDED);
                }
            }
        }
        assertThat(client.resources(Sweep.class).inNamespace(namespace).list().getItems())
                .hasSizeGreaterThanOrEqualTo(6);
    }
}
