package dev.sweeps.trainer;

import dev.sweeps.trainer.model.SafetensorsWriter;
import dev.sweeps.trainer.model.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A model of two layers over eleven tokens, with random weights. */
public final class TinyModel {
    private static final int HIDDEN = 16;
    private static final List<String> VOCABULARY =
            List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "e", "f");

    private TinyModel() {}

    /** Writes a model of type {@code bert} or {@code distilbert} with weights of this standard deviation, and returns its folder. */
    public static Path write(Path folder, String type, float deviation) throws IOException {
        boolean bert = type.equals("bert");
        Path model = Files.createDirectories(folder);
        Files.write(model.resolve("vocab.txt"), VOCABULARY);
        Files.writeString(
                model.resolve("config.json"),
                bert
                        ? "{\"model_type\":\"bert\",\"vocab_size\":11,\"max_position_embeddings\":32,\"type_vocab_size\":2,\"num_hidden_layers\":2,"
                                + "\"hidden_size\":16,\"num_attention_heads\":2,\"intermediate_size\":32,\"hidden_dropout_prob\":0.0,\"attention_probs_dropout_prob\":0.0}"
                        : "{\"model_type\":\"distilbert\",\"vocab_size\":11,\"max_position_embeddings\":32,\"n_layers\":2,\"dim\":16,\"n_heads\":2,"
                                + "\"hidden_dim\":32,\"dropout\":0.0,\"attention_dropout\":0.0,\"seq_classif_dropout\":0.0}");
        SafetensorsWriter.write(model.resolve("model.safetensors"), weights(type, deviation));
        return model;
    }

    /** The weights of an encoder of this type, by the names that transformers gives them. */
    public static Map<String, Tensor> weights(String type, float deviation) {
        boolean bert = type.equals("bert");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Random random = new Random(7);
        String prefix = bert ? "bert." : "distilbert.";
        put(tensors, random, deviation, prefix + "embeddings.word_embeddings.weight", 11, HIDDEN);
        put(tensors, random, deviation, prefix + "embeddings.position_embeddings.weight", 32, HIDDEN);
        if (bert) {
            put(tensors, random, deviation, prefix + "embeddings.token_type_embeddings.weight", 2, HIDDEN);
        }
        norm(tensors, prefix + "embeddings.LayerNorm");
        for (int layer = 0; layer < 2; layer++) {
            String name = prefix + (bert ? "encoder.layer." : "transformer.layer.") + layer + ".";
            for (String square : bert
                    ? List.of(
                            "attention.self.query",
                            "attention.self.key",
                            "attention.self.value",
                            "attention.output.dense")
                    : List.of("attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin")) {
                linear(tensors, random, deviation, name + square, HIDDEN, HIDDEN);
            }
            norm(tensors, name + (bert ? "attention.output.LayerNorm" : "sa_layer_norm"));
            linear(tensors, random, deviation, name + (bert ? "intermediate.dense" : "ffn.lin1"), 32, HIDDEN);
            linear(tensors, random, deviation, name + (bert ? "output.dense" : "ffn.lin2"), HIDDEN, 32);
            norm(tensors, name + (bert ? "output.LayerNorm" : "output_layer_norm"));
        }
        return tensors;
    }

    private static void linear(
            Map<String, Tensor> tensors, Random random, float deviation, String name, int out, int in) {
        put(tensors, random, deviation, name + ".weight", out, in);
        tensors.put(name + ".bias", new Tensor(new long[] {out}, new float[out]));
    }

    private static void norm(Map<String, Tensor> tensors, String name) {
        float[] ones = new float[HIDDEN];
        Arrays.fill(ones, 1);
        tensors.put(name + ".weight", new Tensor(new long[] {HIDDEN}, ones));
        tensors.put(name + ".bias", new Tensor(new long[] {HIDDEN}, new float[HIDDEN]));
    }

    private static void put(
            Map<String, Tensor> tensors, Random random, float deviation, String name, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() * deviation;
        }
        tensors.put(name, new Tensor(new long[] {rows, columns}, values));
    }
}
