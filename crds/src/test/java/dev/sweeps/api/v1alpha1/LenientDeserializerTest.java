package dev.sweeps.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LenientDeserializerTest {
    private final ObjectMapper json = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"parallelism\": 1000000000000}",
                "{\"method\": \"guess\"}",
                "{\"parameters\": [1]}",
                "[]",
                "\"text\"",
                "{\"groupBy\": [null]}"
            })
    void aSpecThatDoesNotFitIsLeftOutAndTheRestIsRead(String spec) throws Exception {
        Sweep sweep = json.readValue(
                "{\"metadata\": {\"name\": \"odd\", \"uid\": \"u\"}, \"spec\": " + spec
                        + ", \"status\": {\"state\": \"Running\"}}",
                Sweep.class);
        assertThat(sweep.getSpec()).isNull();
        assertThat(sweep.getMetadata().getName()).isEqualTo("odd");
        assertThat(sweep.getMetadata().getUid()).isEqualTo("u");
        assertThat(sweep.getStatus().state()).isEqualTo(SweepStatus.State.RUNNING);
    }

    @Test
    void aStatusThatDoesNotFitIsLeftOut() throws Exception {
        Trial trial = json.readValue(
                "{\"metadata\": {\"name\": \"odd\"}, \"spec\": {\"parameters\": {\"a\": 1}}, \"status\": {\"history\": 5}}",
                Trial.class);
        assertThat(trial.getStatus()).isNull();
        assertThat(trial.getSpec().parameters()).containsEntry("a", ParameterValue.of(1));
    }

    @Test
    void whatIsNestedTooDeeplyIsLeftOut() throws Exception {
        int depth = LenientDeserializer.MAX_DEPTH;
        Sweep sweep = json.readValue(
                "{\"spec\": {\"template\": {\"a\": " + "[".repeat(depth) + "]".repeat(depth) + "}}}", Sweep.class);
        assertThat(sweep.getSpec()).isNull();
    }

    @Test
    void managedFieldsAreNotKept() throws Exception {
        Sweep sweep = json.readValue(
                "{\"metadata\": {\"name\": \"a\", \"managedFields\": [{\"manager\": \"kubectl\"}]}}", Sweep.class);
        assertThat(sweep.getMetadata().getManagedFields()).isEmpty();
    }

    @Test
    void whatIsReadIsWrittenBack() throws Exception {
        String text =
                "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"method\":\"grid\",\"parameters\":{\"b\":{\"values\":[1,null]}}}}";
        Sweep sweep = json.readValue(text, Sweep.class);
        assertThat(sweep.getSpec().method()).isEqualTo(Method.GRID);
        assertThat(json.readValue(json.writeValueAsString(sweep), Sweep.class).getSpec())
                .isEqualTo(sweep.getSpec());
    }
}
