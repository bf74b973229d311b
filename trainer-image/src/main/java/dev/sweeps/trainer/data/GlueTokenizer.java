package dev.sweeps.trainer.data;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonSyntaxException;
import dev.sweeps.trainer.TrainingException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes token ids of sentences and pairs of them, truncated "longest first" as run_glue does. */
public final class GlueTokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;
    private final int maxLength;
    private final boolean pad;

    private GlueTokenizer(HuggingFaceTokenizer.Builder builder, int maxLength, boolean pad) throws IOException {
        this.tokenizer = builder.optTruncation(true)
                .optMaxLength(maxLength)
                .optPadding(false)
                .build();
        this.maxLength = maxLength;
        this.pad = pad;
    }

    /**
     * The tokenizer in a folder: {@code tokenizer.json}, or {@code vocab.txt} for lower-cased WordPiece.
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
                return new GlueTokenizer(HuggingFaceTokenizer.builder().optTokenizerPath(json), maxLength, pad);
            }
            if (Files.exists(vocabulary)) {
                Path made = Files.createTempFile("tokenizer", ".json");
                try {
                    Files.writeString(made, WordPieceJson.of(Files.readAllLines(vocabulary), lowerCase(folder)));
                    return new GlueTokenizer(HuggingFaceTokenizer.builder().optTokenizerPath(made), maxLength, pad);
                } finally {
                    Files.delete(made);
                }
            }
        } catch (IOException | RuntimeException e) {
            throw TrainingException.badInput("the tokenizer in " + folder + " cannot be read (" + e.getMessage()
                    + "); get tokenizer.json or vocab.txt anew");
        }
        throw TrainingException.badInput(folder + " has neither tokenizer.json nor vocab.txt; copy one of them there");
    }

    /** Tokenises the rows of a task. */
    public List<Example> encode(List<GlueTask.Row> rows) {
        return rows.stream().map(this::encode).toList();
    }

    private Example encode(GlueTask.Row row) {
        Encoding encoding =
                row.second() == null ? tokenizer.encode(row.first()) : tokenizer.encode(row.first(), row.second());
        Example example = new Example(encoding.getIds(), encoding.getTypeIds(), row.label());
        return pad ? example.padded(maxLength) : example;
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /** Uncased unless {@code tokenizer_config.json} says otherwise, as transformers' BertTokenizer. */
    private static boolean lowerCase(Path folder) throws IOException {
        Path config = folder.resolve("tokenizer_config.json");
        if (!Files.exists(config)) {
            return true;
        }
        try (StringReader text = new StringReader(Files.readString(config))) {
            JsonObject fields = new Gson().fromJson(text, JsonObject.class);
            return !fields.has("do_lower_case") || fields.get("do_lower_case").getAsBoolean();
        } catch (JsonSyntaxException e) {
            throw new IOException(config + " is not JSON", e);
        }
    }
}
