package dev.sweeps.trainer.model;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.sweeps.trainer.data.GlueTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A trained model as transformers' {@code from_pretrained} reads it: {@code config.json}, {@code model.safetensors}, the tokenizer's files. */
public final class SavedModel {
    private static final List<String> TOKENIZER = List.of("tokenizer.json", "vocab.txt", "tokenizer_config.json");

    private SavedModel() {}

    /**
     * @param origin folder with the {@code config.json} that the model was made of
     * @param tokenizer folder with its tokenizer
     */
    public static void write(Path folder, SequenceClassifier model, GlueTask task, Path origin, Path tokenizer)
            throws IOException {
        SafetensorsWriter.write(folder.resolve("model.safetensors"), model.parameters(), Map.of("format", "pt"));
        JsonObject config = new Gson().fromJson(Files.readString(origin.resolve("config.json")), JsonObject.class);
        describe(config, model.config(), task);
        Files.writeString(
                folder.resolve("config.json"),
                new GsonBuilder()
                                .setPrettyPrinting()
                                .disableHtmlEscaping()
                                .create()
                                .toJson(config) + "\n");
        for (String file : TOKENIZER) {
            if (Files.exists(tokenizer.resolve(file))) {
                Files.copy(tokenizer.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Adds the fields that make a classifier of the configuration of an encoder. */
    private static void describe(JsonObject config, EncoderConfig encoder, GlueTask task) {
        JsonArray architectures = new JsonArray();
        architectures.add(
                encoder.type() == EncoderConfig.Type.BERT
                        ? "BertForSequenceClassification"
                        : "DistilBertForSequenceClassification");
        config.add("architectures", architectures);
        config.addProperty("finetuning_task", task.taskName());
        config.addProperty("problem_type", task.isRegression() ? "regression" : "single_label_classification");
        // transformers counts the labels by these.
        JsonObject names = new JsonObject();
        JsonObject ids = new JsonObject();
        IntStream.range(0, task.outputs()).forEach(i -> {
            String label = task.isRegression() ? "score" : task.labels().get(i);
            names.addProperty("" + i, label);
            ids.addProperty(label, i);
        });
        config.remove("num_labels");
        config.add("id2label", names);
        config.add("label2id", ids);
    }
}
