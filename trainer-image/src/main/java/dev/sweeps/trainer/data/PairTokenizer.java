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

/** Makes token ids of sentence pairs, truncated "longest first" as run_glue does. */
public final class PairTokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;

    private PairTokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * The tokenizer in a folder: {@code tokenizer.json}, or {@code vocab.txt} for lower-cased WordPiece.
     *
     * @throws TrainingException if there is neither, or it cannot be read
     */
    public static PairTokenizer load(Path folder, int maxLength) {
        Path json = folder.resolve("tokenizer.json");
        Path vocabulary = folder.resolve("vocab.txt");
        try {
            if (Files.exists(json)) {
                return new PairTokenizer(
                        builder(maxLength).optTokenizerPath(json).build());
            }
            if (Files.exists(vocabulary)) {
                Path made = Files.createTempFile("tokenizer", ".json");
                try {
                    Files.writeString(made, WordPieceJson.of(Files.readAllLines(vocabulary), lowerCase(folder)));
                    return new PairTokenizer(
                            builder(maxLength).optTokenizerPath(made).build());
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

    /** Tokenises the pairs of a task. */
    public List<Example> encode(List<GlueTask.Pair> pairs) {
        return pairs.stream().map(this::encode).toList();
    }

    private Example encode(GlueTask.Pair pair) {
        Encoding encoding = tokenizer.encode(pair.first(), pair.second());
        return new Example(encoding.getIds(), encoding.getTypeIds(), pair.label());
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private static HuggingFaceTokenizer.Builder builder(int maxLength) {
        return HuggingFaceTokenizer.builder()
                .optTruncation(true)
                .optMaxLength(maxLength)
                .optPadding(false);
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
