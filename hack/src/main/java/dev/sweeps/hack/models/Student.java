package dev.sweeps.hack.models;

import dev.sweeps.trainer.model.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A DistilBERT made of some layers of a BERT, which is how DistilBERT begins (transformers, {@code examples/distillation/scripts/
 * extract_distilbert.py}). What DistilBERT learns from its teacher afterwards is not here.
 */
final class Student {
    private static final Pattern LAYER = Pattern.compile("encoder\\.layer\\.(\\d+)\\.(.*)");

    private static final Map<String, String> PARTS = Map.of(
            "attention.self.query", "attention.q_lin",
            "attention.self.key", "attention.k_lin",
            "attention.self.value", "attention.v_lin",
            "attention.output.dense", "attention.out_lin",
            "attention.output.LayerNorm", "sa_layer_norm",
            "intermediate.dense", "ffn.lin1",
            "output.dense", "ffn.lin2",
            "output.LayerNorm", "output_layer_norm");

    private Student() {}

    /**
     * @param teacher BERT's tensors without the prefix {@code bert.}
     * @param layers of the teacher, in order
     */
    static Map<String, Tensor> of(Map<String, Tensor> teacher, List<Integer> layers) {
        Map<String, Tensor> student = new LinkedHashMap<>();
        teacher.forEach((name, tensor) -> {
            Matcher layer = LAYER.matcher(name);
            if (layer.matches()) {
                int index = layers.indexOf(Integer.parseInt(layer.group(1)));
                if (index >= 0) {
                    student.put("distilbert.transformer.layer." + index + "." + part(layer.group(2)), tensor);
                }
            } else if (name.startsWith("embeddings.") && !name.contains("token_type")) {
                student.put("distilbert." + name, tensor);
            }
        });
        // DistilBERT has no token types: what BERT adds to every token of a first sentence is added to the positions.
        addRow(
                student,
                "distilbert.embeddings.position_embeddings.weight",
                teacher.get("embeddings.token_type_embeddings.weight"));
        return student;
    }

    private static String part(String name) {
        int dot = name.lastIndexOf('.');
        return PARTS.get(name.substring(0, dot)) + name.substring(dot);
    }

    /** Adds the first row of {@code rows} to every row of the named tensor. */
    private static void addRow(Map<String, Tensor> tensors, String name, Tensor rows) {
        Tensor tensor = tensors.get(name);
        int width = (int) tensor.shape()[1];
        float[] values = tensor.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] += rows.values()[i % width];
        }
        tensors.put(name, new Tensor(tensor.shape(), values));
    }
}
