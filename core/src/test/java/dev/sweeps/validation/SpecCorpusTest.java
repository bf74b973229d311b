package dev.sweeps.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sweeps.api.v1alpha1.SweepSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The folder of specs. Each invalid one says in its first line who refuses it and with what words: the API server, we, or the API server's
 * dry run of the Job. SpecCorpusIT gives them to a real API server.
 */
class SpecCorpusTest {
    private static final Path SPECS = Path.of("src/test/resources/specs");
    private static final String OURS = "# operator: ";

    static Stream<Path> valid() {
        return files("valid");
    }

    static Stream<Path> invalid() {
        return files("invalid").filter(file -> firstLine(file).startsWith(OURS));
    }

    @ParameterizedTest
    @MethodSource("valid")
    void aValidSpecHasNoProblem(Path file) throws IOException {
        assertThat(SweepValidator.problems(spec(file))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void anInvalidSpecHasOneProblemWithItsMessage(Path file) throws IOException {
        List<String> problems = SweepValidator.problems(spec(file));
        assertThat(problems).singleElement().asString().contains(firstLine(file).substring(OURS.length()));
    }

    private static Stream<Path> files(String folder) {
        try (Stream<Path> files = Files.list(SPECS.resolve(folder))) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String firstLine(Path file) {
        try {
            return Files.readAllLines(file).get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SweepSpec spec(Path file) throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        JsonNode sweep = yaml.readTree(Files.readString(file));
        return yaml.treeToValue(sweep.get("spec"), SweepSpec.class);
    }
}
