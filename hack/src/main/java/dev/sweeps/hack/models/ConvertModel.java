package dev.sweeps.hack.models;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sweeps.trainer.model.SafetensorsWriter;
import dev.sweeps.trainer.model.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Writes a model's folder in Hugging Face's layout: {@code ConvertModel MODEL FOLDER_OF_THE_UNPACKED_PACKAGE OUT}. */
public final class ConvertModel {

    private record Sizes(int layers, int hidden, int heads, int intermediate) {}

    private ConvertModel() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            throw new IllegalArgumentException("usage: ConvertModel MODEL FOLDER_OF_THE_UNPACKED_PACKAGE OUT");
        }
        convert(arguments[0], Path.of(arguments[1]), Path.of(arguments[2]));
    }

    static void convert(String model, Path unpacked, Path out) throws IOException {
        if (model.equals("bert-base-uncased")) {
            convertBertBase(unpacked, out);
            return;
        }
        Map<String, Tensor> weights = OnnxWeights.read(only(unpacked, ".onnx"));
        switch (model) {
            case "MiniLM-L6-H384-uncased" -> writeBert(out, new Sizes(6, 384, 12, 1536), weights);
            case "MiniLM-L1-H384-uncased" ->
                writeDistilBert(out, new Sizes(1, 384, 12, 1536), Student.of(weights, List.of(0)));
            case "bge-small-en-v1.5" -> writeBert(out, new Sizes(12, 384, 12, 1536), weights);
            default ->
                throw new IllegalArgumentException(
                        model
                                + " is not a model that is made here; use MiniLM-L6-H384-uncased, MiniLM-L1-H384-uncased, bge-small-en-v1.5 or bert-base-uncased");
        }
        writeTokenizer(only(unpacked, "tokenizer.json"), out);
    }

    /** Writes the checkpoint as the Hub serves it: with the names of TensorFlow, the heads of pre-training, and vocab.txt. */
    private static void convertBertBase(Path unpacked, Path out) throws IOException {
        Files.createDirectories(out);
        Map<String, Object> config = bertConfig(new Sizes(12, 768, 12, 3072));
        config.put("architectures", List.of("BertForMaskedLM"));
        write(
                out,
                config,
                TensorFlowWeights.read(only(unpacked, "variables.index").getParent()));
        Files.copy(only(unpacked, "vocab.txt"), out.resolve("vocab.txt"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(out.resolve("tokenizer_config.json"), "{\"do_lower_case\": true}\n");
    }

    private static void writeBert(Path out, Sizes sizes, Map<String, Tensor> weights) throws IOException {
        Map<String, Tensor> prefixed = new LinkedHashMap<>();
        weights.forEach((name, tensor) -> prefixed.put("bert." + name, tensor));
        write(out, bertConfig(sizes), prefixed);
    }

    private static Map<String, Object> bertConfig(Sizes sizes) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("architectures", List.of("BertModel"));
        config.put("model_type", "bert");
        config.put("vocab_size", 30522);
        config.put("max_position_embeddings", 512);
        config.put("type_vocab_size", 2);
        config.put("num_hidden_layers", sizes.layers);
        config.put("hidden_size", sizes.hidden);
        config.put("num_attention_heads", sizes.heads);
        config.put("intermediate_size", sizes.intermediate);
        config.put("hidden_act", "gelu");
        config.put("hidden_dropout_prob", 0.1);
        config.put("attention_probs_dropout_prob", 0.1);
        config.put("layer_norm_eps", 1e-12);
        config.put("initializer_range", 0.02);
        return config;
    }

    private static void writeDistilBert(Path out, Sizes sizes, Map<String, Tensor> weights) throws IOException {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("architectures", List.of("DistilBertModel"));
        config.put("model_type", "distilbert");
        config.put("vocab_size", 30522);
        config.put("max_position_embeddings", 512);
        config.put("n_layers", sizes.layers);
        config.put("dim", sizes.hidden);
        config.put("n_heads", sizes.heads);
        config.put("hidden_dim", sizes.intermediate);
        config.put("activation", "gelu");
        config.put("dropout", 0.1);
        config.put("attention_dropout", 0.1);
        config.put("seq_classif_dropout", 0.2);
        config.put("initializer_range", 0.02);
        write(out, config, weights);
    }

    private static void write(Path out, Map<String, Object> config, Map<String, Tensor> weights) throws IOException {
        Files.createDirectories(out);
        Files.writeString(
                out.resolve("config.json"),
                new GsonBuilder().setPrettyPrinting().create().toJson(config));
        SafetensorsWriter.write(out.resolve("model.safetensors"), weights);
    }

    /** Without the fixed padding that the package's tokenizer has: a trainer pads by itself. */
    private static void writeTokenizer(Path tokenizer, Path out) throws IOException {
        JsonObject json = JsonParser.parseString(Files.readString(tokenizer)).getAsJsonObject();
        json.add("padding", JsonNull.INSTANCE);
        json.add("truncation", JsonNull.INSTANCE);
        Path part = out.resolve("tokenizer.json.part");
        Files.writeString(
                part,
                new GsonBuilder()
                        .serializeNulls()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(json));
        Files.move(part, out.resolve("tokenizer.json"), StandardCopyOption.ATOMIC_MOVE);
        Files.writeString(out.resolve("tokenizer_config.json"), "{\"do_lower_case\": true}\n");
    }

    private static Path only(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .findFirst()
                    .orElseThrow(() -> new IOException(folder + " has no file that ends with " + suffix));
        }
    }
}
