package dev.sweeps.trainer.data;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.sweeps.trainer.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Whether a trained classifier answers the classes of a task in the task's order: {@code id2label} of {@code config.json}. */
public final class LabelOrder {
    private LabelOrder() {}

    /**
     * Checks a checkpoint whose classifier is used.
     *
     * @throws TrainingException if it knows the task's labels in another order
     */
    public static void check(Path folder, GlueTask task) {
        Map<Integer, String> names = names(folder.resolve("config.json"));
        List<String> stored = names.values().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        boolean sameLabels = new HashSet<>(stored).equals(new HashSet<>(task.labels()));
        if (sameLabels && !stored.equals(task.labels())) {
            throw TrainingException.badInput(
                    folder + "/config.json: id2label is " + names + ", and the classes of " + task.taskName()
                            + " are " + String.join(", ", task.labels())
                            + " in this order, so that the classifier would answer with the wrong ones; use a checkpoint of that order, or one without"
                            + " classifier.weight");
        }
    }

    private static Map<Integer, String> names(Path file) {
        Map<Integer, String> names = new TreeMap<>();
        try {
            JsonElement labels = new Gson()
                    .fromJson(Files.readString(file), JsonObject.class)
                    .get("id2label");
            if (labels != null && labels.isJsonObject()) {
                labels.getAsJsonObject()
                        .entrySet()
                        .forEach(label -> names.put(
                                Integer.valueOf(label.getKey()),
                                label.getValue().getAsString()));
            }
            return names;
        } catch (IOException
                | JsonParseException
                | IllegalStateException
                | UnsupportedOperationException
                | NumberFormatException e) {
            throw TrainingException.badInput(file + ": id2label is not a map from numbers to labels; correct it");
        }
    }
}
