package dev.sweeps.hack.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.trainer.model.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StudentTest {
    @Test
    void theStudentHasTheChosenLayersUnderDistilBertsNames() {
        Map<String, Tensor> teacher = new TreeMap<>(Map.of(
                "embeddings.position_embeddings.weight", tensor(2, 2, 1, 2, 3, 4),
                "embeddings.token_type_embeddings.weight", tensor(2, 2, 10, 20, 0, 0),
                "encoder.layer.0.attention.self.query.weight", tensor(1, 1, 7),
                "encoder.layer.1.attention.self.query.weight", tensor(1, 1, 8),
                "encoder.layer.2.output.LayerNorm.bias", tensor(1, 1, 9)));
        Map<String, Tensor> student = Student.of(teacher, List.of(0, 2));
        assertThat(student)
                .containsOnlyKeys(
                        "distilbert.embeddings.position_embeddings.weight",
                        "distilbert.transformer.layer.0.attention.q_lin.weight",
                        "distilbert.transformer.layer.1.output_layer_norm.bias");
        assertThat(student.get("distilbert.embeddings.position_embeddings.weight")
                        .values())
                .containsExactly(11, 22, 13, 24);
    }

    @Test
    void aTransposedMatrixHasItsRowsAsColumns() {
        Tensor transposed = OnnxWeights.transposed(tensor(2, 3, 1, 2, 3, 4, 5, 6));
        assertThat(transposed.shape()).containsExactly(3, 2);
        assertThat(transposed.values()).containsExactly(1, 4, 2, 5, 3, 6);
    }

    private static Tensor tensor(int rows, int columns, float... values) {
        return new Tensor(new long[] {rows, columns}, values);
    }
}
