package dev.sweeps.trainer.model;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.sweeps.trainer.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The sizes of an encoder, from {@code config.json}.
 *
 * @param type which names the parameters have, and which head the encoder gets
 * @param hidden width of a token's vector
 * @param intermediate width between the two layers of a feed-forward block
 * @param dropout of hidden states
 * @param attentionDropout of attention probabilities
 * @param headDropout before the classifier
 */
public record EncoderConfig(
        Type type,
        int vocabulary,
        int positions,
        int tokenTypes,
        int layers,
        int hidden,
        int heads,
        int intermediate,
        float dropout,
        float attentionDropout,
        float headDropout) {

    /** LayerNorm's epsilon, of both. */
    public static final float LAYER_NORM_EPSILON = 1e-12f;

    /** Kinds of encoder. */
    public enum Type {
        BERT,
        DISTILBERT
    }

    /**
     * Reads {@code config.json} in a model's folder.
     *
     * @throws TrainingException if the folder or the file is missing, or describes no BERT or DistilBERT
     */
    public static EncoderConfig load(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw TrainingException.badInput("--model_name_or_path " + folder + " is not a folder (in "
                    + Path.of("").toAbsolutePath()
                    + "); mount the model there, a folder with config.json, tokenizer.json or"
                    + " vocab.txt, and model.safetensors");
        }
        Path file = folder.resolve("config.json");
        try {
            return of(new Gson().fromJson(Files.readString(file), JsonObject.class));
        } catch (IOException e) {
            throw TrainingException.badInput(file + " cannot be read; a model's folder has config.json, copy it there");
        } catch (JsonParseException
                | IllegalStateException
                | NullPointerException
                | UnsupportedOperationException
                | NumberFormatException e) {
            throw TrainingException.badInput(
                    file + " lacks a field or is not JSON; copy it anew from where the model came from");
        }
    }

    private static EncoderConfig of(JsonObject config) {
        String type = config.get("model_type").getAsString();
        return switch (type) {
            case "bert" ->
                new EncoderConfig(
                        Type.BERT,
                        config.get("vocab_size").getAsInt(),
                        config.get("max_position_embeddings").getAsInt(),
                        config.has("type_vocab_size")
                                ? config.get("type_vocab_size").getAsInt()
                                : 2,
                        config.get("num_hidden_layers").getAsInt(),
                        config.get("hidden_size").getAsInt(),
                        config.get("num_attention_heads").getAsInt(),
                        config.get("intermediate_size").getAsInt(),
                        number(config, "hidden_dropout_prob", 0.1f),
                        number(config, "attention_probs_dropout_prob", 0.1f),
                        number(config, "hidden_dropout_prob", 0.1f));
            case "distilbert" ->
                new EncoderConfig(
                        Type.DISTILBERT,
                        config.get("vocab_size").getAsInt(),
                        config.get("max_position_embeddings").getAsInt(),
                        0,
                        config.get("n_layers").getAsInt(),
                        config.get("dim").getAsInt(),
                        config.get("n_heads").getAsInt(),
                        config.get("hidden_dim").getAsInt(),
                        number(config, "dropout", 0.1f),
                        number(config, "attention_dropout", 0.1f),
                        number(config, "seq_classif_dropout", 0.2f));
            default ->
                throw TrainingException.badInput(
                        "model_type in config.json is " + type + "; this trainer fine-tunes bert and distilbert");
        };
    }

    private static float number(JsonObject config, String name, float fallback) {
        return config.has(name) ? config.get(name).getAsFloat() : fallback;
    }
}
