package dev.sweeps.trainer.data;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelOrderTest {
    @TempDir
    private Path folder;

    @Test
    void aClassifierWithTheLabelsInAnotherOrderIsRefused() throws IOException {
        config("{\"id2label\": {\"0\": \"not_entailment\", \"1\": \"entailment\"}}");
        assertThatThrownBy(() -> LabelOrder.check(folder, GlueTask.RTE))
                .hasMessageContaining("config.json: id2label is {0=not_entailment, 1=entailment}")
                .hasMessageContaining("entailment, not_entailment in this order");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"id2label\": {\"0\": \"LABEL_0\", \"1\": \"LABEL_1\"}}",
                "{\"id2label\": {\"0\": \"Entailment\", \"1\": \"Not_Entailment\"}}"
            })
    void anyOtherIsTaken(String json) throws IOException {
        config(json);
        assertThatCode(() -> LabelOrder.check(folder, GlueTask.RTE)).doesNotThrowAnyException();
    }

    @Test
    void whatIsNoMapIsRefused() throws IOException {
        config("{\"id2label\": {\"first\": \"a\"}}");
        assertThatThrownBy(() -> LabelOrder.check(folder, GlueTask.RTE)).hasMessageContaining("id2label is not a map");
    }

    private void config(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
    }
}
