package dev.sweeps.trainer.data;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.sweeps.trainer.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Makes token ids of sentences and pairs of them, truncated "longest first" as run_glue does. */
public final class GlueTokenizer implements AutoCloseable {
    /** Number of characters from which a row is tokenized at once, because its truncated tokens take less memory than its text. */
    private static final int LONG_ROW = 1_000;

    /** Unassigned code points. Python's BertTokenizer removes them like control characters, and the one in Rust keeps them. */
    private static final Pattern UNASSIGNED = Pattern.compile("\\p{Cn}");

    private final HuggingFaceTokenizer tokenizer;
    /** Ids of {@code [CLS]} and {@code [SEP]}. */
    private final int begin;

    private final int end;
    private final int maxLength;
    private final boolean pad;

    private GlueTokenizer(HuggingFaceTokenizer.Builder builder, int maxLength, boolean pad) throws IOException {
        this.tokenizer = builder.optTruncation(false)
                .optPadding(false)
                .optWithOverflowingTokens(false)
                .build();
        long[] empty = tokenizer.encode("").getIds();
        if (empty.length != 2) {
            throw new IOException("it does not put [CLS] and [SEP] around a sentence, as BERT's does");
        }
        this.begin = (int) empty[0];
        this.end = (int) empty[1];
        this.maxLength = maxLength;
        this.pad = pad;
    }

    /**
     * The tokenizer in a folder: {@code tokenizer.json}, or {@code vocab.txt} for WordPiece, both as {@code tokenizer_config.json} says.
     *
     * @param maxLength tokens of an example; longer ones are truncated
     * @param pad whether shorter ones are padded to it
     * @throws TrainingException if there is neither, or it cannot be read
     */
    public static GlueTokenizer load(Path folder, int maxLength, boolean pad) {
        Path json = folder.resolve("tokenizer.json");
        Path vocabulary = folder.resolve("vocab.txt");
        try {
            if (Files.exists(json)) {
                return of(TokenizerSettings.normalized(folder, Files.readString(json)), maxLength, pad);
            }
            if (Files.exists(vocabulary)) {
                String made = WordPieceJson.of(
                        Files.readAllLines(vocabulary), TokenizerSettings.of(folder), TokenizerSettings.added(folder));
                return of(made, maxLength, pad);
            }
        } catch (IOException | RuntimeException e) {
            throw TrainingException.badInput("the tokenizer in " + folder + " cannot be read (" + e.getMessage()
                    + "); get tokenizer.json or vocab.txt anew");
        }
        throw TrainingException.badInput(folder + " has neither tokenizer.json nor vocab.txt; copy one of them there");
    }

    private static GlueTokenizer of(String tokenizerJson, int maxLength, boolean pad) throws IOException {
        Path file = Files.createTempFile("tokenizer", ".json");
        try {
            Files.writeString(file, tokenizerJson);
            return new GlueTokenizer(HuggingFaceTokenizer.builder().optTokenizerPath(file), maxLength, pad);
        } finally {
            Files.delete(file);
        }
    }

    /**
     * Rows as examples. A row is tokenised when it is first asked for, so that a run begins at once however many there are; the tokenizer
     * must be open as long as they are used.
     *
     * @param rows hands them on one by one
     */
    public List<Example> examples(Consumer<Consumer<GlueTask.Row>> rows) {
        Examples examples = new Examples();
        rows.accept(row -> examples.rowsOrExamples.add(row.characters() > LONG_ROW ? encode(row) : row));
        return examples;
    }

    private final class Examples extends AbstractList<Example> {
        private final List<Object> rowsOrExamples = new ArrayList<>();

        @Override
        public Example get(int index) {
            if (rowsOrExamples.get(index) instanceof GlueTask.Row row) {
                rowsOrExamples.set(index, encode(row));
            }
            return (Example) rowsOrExamples.get(index);
        }

        @Override
        public int size() {
            return rowsOrExamples.size();
        }
    }

    private Example encode(GlueTask.Row row) {
        Example example = row.second() == null
                ? single(tokens(row.first()), row.label())
                : pair(tokens(row.first()), tokens(row.second()), row.label());
        return pad ? example.padded(maxLength) : example;
    }

    /** Returns the tokens of a sentence, without {@code [CLS]} and {@code [SEP]}. */
    private long[] tokens(String sentence) {
        return tokenizer
                .encode(UNASSIGNED.matcher(sentence).replaceAll(""), false, false)
                .getIds();
    }

    private Example single(long[] tokens, float label) {
        int length = Math.min(tokens.length, maxLength - 2);
        int[] ids = new int[length + 2];
        ids[0] = begin;
        copy(tokens, length, ids, 1);
        ids[length + 1] = end;
        return new Example(ids, ids.length, label);
    }

    /** Truncates token by token: the longer sentence, or the second one if both are equally long. */
    private Example pair(long[] left, long[] right, float label) {
        int first = left.length;
        int second = right.length;
        while (first + second > maxLength - 3) {
            if (first > second) {
                first--;
            } else {
                second--;
            }
        }
        int[] ids = new int[first + second + 3];
        ids[0] = begin;
        copy(left, first, ids, 1);
        ids[first + 1] = end;
        copy(right, second, ids, first + 2);
        ids[ids.length - 1] = end;
        return new Example(ids, first + 2, label);
    }

    private static void copy(long[] tokens, int length, int[] ids, int at) {
        for (int i = 0; i < length; i++) {
            ids[at + i] = (int) tokens[i];
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
