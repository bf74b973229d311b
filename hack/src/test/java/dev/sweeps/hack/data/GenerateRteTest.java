package dev.sweeps.hack.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateRteTest {
    @TempDir
    private Path out;

    @Test
    void theSameSeedGivesTheSameFiles() throws IOException {
        GenerateRte.write(out.resolve("a"), 1);
        GenerateRte.write(out.resolve("b"), 1);
        GenerateRte.write(out.resolve("c"), 2);
        assertThat(out.resolve("a/train.tsv")).hasSameTextualContentAs(out.resolve("b/train.tsv"));
        assertThat(Files.readString(out.resolve("a/train.tsv")))
                .isNotEqualTo(Files.readString(out.resolve("c/train.tsv")));
    }

    @Test
    void theLayoutIsThatOfRte() throws IOException {
        GenerateRte.write(out, 42);
        for (String file : List.of("train.tsv", "dev.tsv")) {
            List<String> lines = Files.readAllLines(out.resolve(file));
            assertThat(lines.get(0)).isEqualTo("index\tsentence1\tsentence2\tlabel");
            assertThat(lines).hasSize(file.equals("train.tsv") ? 1_001 : 201);
            assertThat(lines.subList(1, lines.size()))
                    .allSatisfy(line -> assertThat(line).matches("\\d+\t[^\t\"]+\\.\t[^\t\"]+\\.\t(not_)?entailment"));
        }
    }

    @Test
    void halfOfTheRowsAreEntailedAndNoneComesTwice() throws IOException {
        GenerateRte.write(out, 42);
        List<String> lines = Files.readAllLines(out.resolve("train.tsv"));
        assertThat(lines.stream().filter(line -> line.endsWith("\tentailment")).count())
                .isBetween(450L, 550L);
        Set<String> train = pairs(lines);
        assertThat(train).hasSize(1_000);
        assertThat(train).doesNotContainAnyElementsOf(pairs(Files.readAllLines(out.resolve("dev.tsv"))));
    }

    private static Set<String> pairs(List<String> lines) {
        Set<String> pairs = new HashSet<>();
        lines.subList(1, lines.size()).forEach(line -> pairs.add(line.split("\t")[1] + line.split("\t")[2]));
        return pairs;
    }
}
