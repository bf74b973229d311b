package dev.sweeps.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlueTaskTest {
    private static final String HEADER = "index\tsentence1\tsentence2\tlabel\n";

    @TempDir
    private Path folder;

    @Test
    void quotesMeanNothing() throws IOException {
        write(HEADER + "0\t\"A\" b\tc \"d\tnot_entailment\n");
        assertThat(GlueTask.RTE.read(folder, "train.tsv")).containsExactly(new GlueTask.Pair("\"A\" b", "c \"d", 1));
    }

    @Test
    void aRowWithTooFewColumnsIsNamedByItsLine() throws IOException {
        write(HEADER + "0\ta\tb\tentailment\n1\ta\tb\n");
        assertThatThrownBy(() -> GlueTask.RTE.read(folder, "train.tsv"))
                .hasMessageEndingWith(
                        "train.tsv line 3 has 3 columns, and a row of rte has 4 separated by tabs; the file may be torn, get it anew");
    }

    @Test
    void anUnknownLabelIsNamed() throws IOException {
        write(HEADER + "0\ta\tb\tmaybe\n");
        assertThatThrownBy(() -> GlueTask.RTE.read(folder, "train.tsv"))
                .hasMessageContaining("line 2 has the label \"maybe\", and rte knows entailment, not_entailment");
    }

    @Test
    void anEmptyFileAndAMissingOneAreTold() throws IOException {
        write(HEADER);
        assertThatThrownBy(() -> GlueTask.RTE.read(folder, "train.tsv")).hasMessageContaining("has no rows");
        assertThatThrownBy(() -> GlueTask.RTE.read(folder, "dev.tsv")).hasMessageContaining("dev.tsv cannot be read");
        assertThatThrownBy(() -> GlueTask.RTE.read(folder.resolve("no"), "dev.tsv"))
                .hasMessageContaining("is not a folder");
    }

    @Test
    void whatIsNotTextIsTold() throws IOException {
        Files.write(folder.resolve("train.tsv"), new byte[] {(byte) 0xFF, (byte) 0xFE, 0, '\n'});
        assertThatThrownBy(() -> GlueTask.RTE.read(folder, "train.tsv")).hasMessageContaining("is not UTF-8 text");
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("train.tsv"), text);
    }
}
