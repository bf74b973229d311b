package dev.sweeps.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeps.trainer.TinyModel;
import dev.sweeps.trainer.data.GlueTask.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real vocabulary beside transformers' own WordPiece: {@code make test-python}. */
class GlueTokenizerTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void writeVocabulary() throws IOException {
        TinyModel.write(folder, "bert", 0.2f);
    }

    @Test
    void aSentenceAndAPairLieBetweenTheirMarks() {
        List<Example> examples = encode(20, false, new Row("A b", null, 0), new Row("a", "b c", 1), new Row("", "", 2));
        assertThat(examples.get(0).ids()).containsExactly(2, 5, 6, 3);
        assertThat(examples.get(0).types()).containsExactly(0, 0, 0, 0);
        assertThat(examples.get(1).ids()).containsExactly(2, 5, 3, 6, 7, 3);
        assertThat(examples.get(1).types()).containsExactly(0, 0, 0, 1, 1, 1);
        assertThat(examples.get(2).ids()).containsExactly(2, 3, 3);
        assertThat(examples).extracting(Example::label).containsExactly(0f, 1f, 2f);
    }

    /** Ten tokens, of which three are marks: transformers' truncate_sequences pops tokens one by one, of the second where both are as long. */
    @ParameterizedTest
    @CsvSource({"20, 20, 4, 3", "20, 21, 4, 3", "21, 20, 4, 3", "20, 2, 5, 2", "2, 20, 2, 5", "3, 4, 3, 4"})
    void theLongerSentenceIsTruncatedFirst(int left, int right, int first, int second) {
        Example example = encode(10, false, new Row("a ".repeat(left), "b ".repeat(right), 0))
                .get(0);
        assertThat(example.ids()).hasSize(first + second + 3);
        assertThat(example.ids()).containsSequence(2, 5).endsWith(6, 3);
        assertThat(java.util.Arrays.stream(example.types()).sum()).isEqualTo(second + 1);
    }

    @Test
    void paddingIsSeenAsSuch() {
        Example example = encode(10, true, new Row("a", "b", 0)).get(0);
        assertThat(example.ids()).containsExactly(2, 5, 3, 6, 3, 0, 0, 0, 0, 0);
        assertThat(example.attended()).isEqualTo(5);
    }

    /** U+FFFF is no character and U+0378 none yet; the control character is dropped by the tokenizer itself. */
    @Test
    void whatIsNoCharacterIsDroppedAsInPython() {
        assertThat(encode(20, false, new Row("a\uFFFF b\u0378", "\u0001c", 0))
                        .get(0)
                        .ids())
                .containsExactly(2, 5, 6, 3, 7, 3);
    }

    /** A million rows of text must not wait for their tokens, nor stay in memory when they are longer than these. */
    @Test
    void aRowIsTokenisedWhenItIsAskedForAndALongOneAtOnce() {
        GlueTokenizer tokenizer = GlueTokenizer.load(folder, 10, false);
        List<Example> examples = tokenizer.examples(each -> {
            each.accept(new Row("a", "b", 0));
            each.accept(new Row("a", "b", 1));
            each.accept(new Row("a ".repeat(1_000), "b", 2));
        });
        assertThat(examples.get(0)).isSameAs(examples.get(0));
        tokenizer.close();
        assertThat(examples.get(0).ids()).containsExactly(2, 5, 3, 6, 3);
        assertThatThrownBy(() -> examples.get(1)).isInstanceOf(IllegalStateException.class);
        assertThat(examples.get(2).ids()).hasSize(10);
    }

    @Test
    void aTokenizerThatCannotBeReadIsNamed() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        assertThatThrownBy(() -> GlueTokenizer.load(folder, 10, false))
                .hasMessageContaining("the tokenizer in " + folder + " cannot be read");
        Files.delete(folder.resolve("tokenizer.json"));
        Files.delete(folder.resolve("vocab.txt"));
        assertThatThrownBy(() -> GlueTokenizer.load(folder, 10, false))
                .hasMessageContaining("has neither tokenizer.json nor vocab.txt");
    }

    /** The number of its line, as in transformers' load_vocab: two blank lines shift nothing. */
    @Test
    void theIdOfATokenIsTheNumberOfItsLine() throws IOException {
        Path vocabulary = folder.resolve("vocab.txt");
        List<String> lines = new java.util.ArrayList<>(Files.readAllLines(vocabulary));
        lines.addAll(5, List.of("", "a", ""));
        Files.write(vocabulary, lines);
        assertThat(encode(20, false, new Row("a b c", null, 0)).get(0).ids()).containsExactly(2, 8, 9, 10, 3);
    }

    @Test
    void theConfigurationOfTheTokenizerIsObeyed() throws IOException {
        Files.writeString(
                folder.resolve("vocab.txt"),
                "[PAD]\n<unk>\n<s>\n</s>\n[MASK]\na\n\u00e4\nA\n\u4e2d\n\u4e2d\u6587\n##\u6587\n");
        config(
                "{\"do_lower_case\": false, \"strip_accents\": false, \"unk_token\": \"<unk>\", \"cls_token\": {\"content\": \"<s>\"},"
                        + " \"sep_token\": \"</s>\", \"tokenize_chinese_chars\": false}");
        Files.writeString(folder.resolve("added_tokens.json"), "{\"[NEW]\": 11}");
        assertThat(encode(20, false, new Row("A \u00e4 \u4e2d\u6587 [NEW] b", null, 0))
                        .get(0)
                        .ids())
                .containsExactly(2, 7, 6, 9, 11, 1, 3);
        config("{\"unk_token\": \"<unk>\", \"cls_token\": \"<s>\", \"sep_token\": \"</s>\"}");
        assertThat(encode(20, false, new Row("A \u00e4 \u4e2d\u6587", null, 0))
                        .get(0)
                        .ids())
                .containsExactly(2, 5, 5, 8, 1, 3);
    }

    @Test
    void whatIsNotObeyedIsRefusedWithItsField() throws IOException {
        config("{\"do_basic_tokenize\": false}");
        assertThatThrownBy(() -> GlueTokenizer.load(folder, 10, false))
                .hasMessageContaining("do_basic_tokenize is false");
        config("{\"do_lower_case\": \"no\"}");
        assertThatThrownBy(() -> GlueTokenizer.load(folder, 10, false))
                .hasMessageContaining("do_lower_case is \"no\"; write true or false");
    }

    private void config(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), json);
    }

    private List<Example> encode(int maxLength, boolean pad, Row... rows) {
        try (GlueTokenizer tokenizer = GlueTokenizer.load(folder, maxLength, pad)) {
            return List.copyOf(tokenizer.examples(each -> List.of(rows).forEach(each)));
        }
    }
}
