package dev.sweeps.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlueTaskTest {
    private static final String HEADER = "index\tsentence1\tsentence2\tlabel\n";

    @TempDir
    private Path folder;

    @Test
    void quotesMeanNothing() throws IOException {
        write(HEADER + "0\t\"A\" b\tc \"d\tnot_entailment\n");
        assertThat(rows(GlueTask.RTE::train, folder)).containsExactly(new GlueTask.Row("\"A\" b", "c \"d", 1));
    }

    @Test
    void aRowWithTooFewColumnsIsNamedByItsLine() throws IOException {
        write(HEADER + "0\ta\tb\tentailment\n1\ta\tb\n");
        assertThatThrownBy(() -> rows(GlueTask.RTE::train, folder))
                .hasMessageEndingWith(
                        "train.tsv line 3 has 3 columns, and a row of rte has 4 or more, separated by tabs; the label is missing, as in a test"
                                + " set; add the column, or name a folder with labelled files");
        write(HEADER + "0\ta\tb\tentailment\n1\ta\n");
        assertThatThrownBy(() -> rows(GlueTask.RTE::train, folder))
                .hasMessageEndingWith(
                        "line 3 has 2 columns, and a row of rte has 4 or more, separated by tabs; the file may be torn, get it anew");
    }

    /** pandas puts quotes around a field with a line break, and such a field ends with its line here. */
    @Test
    void aQuoteThatGoesOnInTheNextLineIsNamed() throws IOException {
        write(HEADER + "0\ta\tb\tentailment\n1\t\"one\n two\"\tb\tentailment\n");
        assertThatThrownBy(() -> rows(GlueTask.RTE::train, folder))
                .hasMessageContaining("line 3 has 2 columns")
                .hasMessageContaining("has a quote that is not closed in this line")
                .hasMessageContaining("quoting=csv.QUOTE_NONE");
    }

    @Test
    void aFileWithoutItsHeaderLosesNoRow() throws IOException {
        write("0\ta\tb\tentailment\n1\ta\tb\tnot_entailment\n");
        assertThatThrownBy(() -> rows(GlueTask.RTE::train, folder))
                .hasMessageContaining("line 1 is a row with the label \"entailment\"")
                .hasMessageContaining("put a header before it");
    }

    @Test
    void blankLinesAtTheEndAreNoRows() throws IOException {
        write(HEADER + "0\ta\tb\tentailment\r\n\r\n\n");
        assertThat(rows(GlueTask.RTE::train, folder)).hasSize(1);
        write(HEADER + "0\ta\tb\tentailment\n\n1\ta\tb\tentailment\n");
        assertThatThrownBy(() -> rows(GlueTask.RTE::train, folder))
                .hasMessageContaining("line 3 is blank, and rows follow");
    }

    @Test
    void anUnknownLabelIsNamed() throws IOException {
        write(HEADER + "0\ta\tb\tmaybe\n");
        assertThatThrownBy(() -> rows(GlueTask.RTE::train, folder))
                .hasMessageContaining("line 2 has the label \"maybe\", and rte knows entailment, not_entailment");
    }

    @Test
    void anEmptyFileAndAMissingOneAreTold() throws IOException {
        write(HEADER);
        assertThatThrownBy(() -> rows(GlueTask.RTE::train, folder)).hasMessageContaining("has no rows");
        assertThatThrownBy(() -> rows(GlueTask.RTE::dev, folder)).hasMessageContaining("dev.tsv cannot be read");
        assertThatThrownBy(() -> rows(GlueTask.RTE::dev, folder.resolve("no"))).hasMessageContaining("is not a folder");
    }

    @Test
    void whatIsNotTextIsTold() throws IOException {
        Files.write(folder.resolve("train.tsv"), new byte[] {(byte) 0xFF, (byte) 0xFE, 0, '\n'});
        assertThatThrownBy(() -> rows(GlueTask.RTE::train, folder)).hasMessageContaining("is not UTF-8 text");
    }

    /** Rows as they stand in the files of GLUE. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "COLA | gj04~1~~Our friends won't buy this analysis, let alone the next one we propose. | Our friends won't buy this analysis, let alone the next one we propose. | | 1",
                "SST2 | sentence~label;hide new secretions from the parental units ~0 | `hide new secretions from the parental units ` | | 0",
                "MRPC | Quality~#1 ID~#2 ID~#1 String~#2 String;1~702876~702977~Amrozi accused his brother .~Referring to him , Amrozi accused . | Amrozi accused his brother . | Referring to him , Amrozi accused . | 1",
                "STSB | index~genre~filename~year~old_index~source1~source2~sentence1~sentence2~score;0~main-captions~MSRvid~2012test~0001~none~none~A plane is taking off.~An air plane is taking off.~4.750 | A plane is taking off. | An air plane is taking off. | 4.75",
                "QQP | id~qid1~qid2~question1~question2~is_duplicate;1~2~3~What is a;2~4~5~How?~Why?~0 | How? | Why? | 0",
                "MNLI | index~promptID~pairID~genre~s1b~s2b~s1p~s2p~sentence1~sentence2~label1~gold_label;0~1~2~fiction~b~b~p~p~You know.~You do.~neutral~entailment | You know. | You do. | 1",
                "QNLI | index~question~sentence~label;0~When?~Then.~not_entailment | When? | Then. | 1",
                "RTE | index~sentence1~sentence2~label;0~No Weapons.~Weapons.~not_entailment | No Weapons. | Weapons. | 1",
                "WNLI | index~sentence1~sentence2~label;0~I stuck a pin.~The pin has a hole.~1 | I stuck a pin. | The pin has a hole. | 1"
            })
    void eachTaskHasItsLayout(GlueTask task, String file, String first, String second, float label) throws IOException {
        write(file.replace('~', '\t').replace(';', '\n') + "\n");
        assertThat(rows(task::train, folder)).containsExactly(new GlueTask.Row(first, second, label));
    }

    /** With the columns of the first file and the annotators' labels between. */
    @Test
    void mnliIsEvaluatedTwice() throws IOException {
        String row = "\n0\t1\t2\tg\tb\tb\tp\tp\t%s\tb\tneutral\tneutral\tentailment\tneutral\tneutral\tneutral\n";
        Files.writeString(folder.resolve("dev_matched.tsv"), "header" + row.formatted("matched"));
        Files.writeString(folder.resolve("dev_mismatched.tsv"), "header" + row.formatted("mismatched"));
        assertThat(rows(GlueTask.MNLI::dev, folder)).containsExactly(new GlueTask.Row("matched", "b", 2));
        assertThat(rows(GlueTask.MNLI::devMismatched, folder)).containsExactly(new GlueTask.Row("mismatched", "b", 2));
        assertThat(rows(GlueTask.RTE::devMismatched, folder)).isEmpty();
    }

    @Test
    void aByteOrderMarkIsNotPartOfTheFirstSentence() throws IOException {
        write("\uFEFFa\t1\t*\tb\n");
        assertThat(rows(GlueTask.COLA::train, folder)).containsExactly(new GlueTask.Row("b", null, 1));
    }

    @Test
    void aScoreThatIsNoNumberIsNamed() throws IOException {
        write("header\n0\t1\t2\t3\t4\t5\t6\ta\tb\tgood\n");
        assertThatThrownBy(() -> rows(GlueTask.STSB::train, folder))
                .hasMessageEndingWith(
                        "train.tsv line 2 has the score \"good\", which is not a number; correct the row");
    }

    @Test
    void anUnknownTaskIsToldTheNames() {
        assertThatThrownBy(() -> GlueTask.named("imdb"))
                .hasMessage("--task_name is \"imdb\"; use cola, sst-2, mrpc, sts-b, qqp, mnli, qnli, rte, wnli");
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("train.tsv"), text);
    }

    private static List<GlueTask.Row> rows(BiConsumer<Path, Consumer<GlueTask.Row>> reader, Path folder) {
        List<GlueTask.Row> rows = new ArrayList<>();
        reader.accept(folder, rows::add);
        return rows;
    }
}
