package dev.sweeps.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterValueTest {
    private final ObjectMapper json = new ObjectMapper();

    @ParameterizedTest
    @CsvSource({"3e-5,0.00003", "3.0E-5,0.00003", "8.0,8", "8,8", "1e3,1000", "0.0,0", "-0.50,-0.5", "0.30,0.3"})
    void aNumberIsPrintedPlain(String written, String printed) throws Exception {
        assertThat(json.readValue(written, ParameterValue.class)).hasToString(printed);
    }

    @Test
    void eightEqualsEightPointZero() throws Exception {
        assertThat(json.readValue("8", ParameterValue.class)).isEqualTo(json.readValue("8.0", ParameterValue.class));
    }

    @Test
    void aNumberEqualsNeitherATextNorABoolean() throws Exception {
        assertThat(json.readValue("1", ParameterValue.class))
                .isNotEqualTo(json.readValue("\"1\"", ParameterValue.class))
                .isNotEqualTo(json.readValue("true", ParameterValue.class));
    }

    @Test
    void noDigitIsLostOnTheWayThroughJson() throws Exception {
        String manyDigits = "0.1234567890123456789";
        assertThat(json.writeValueAsString(json.readValue(manyDigits, ParameterValue.class)))
                .isEqualTo(manyDigits);
    }

    /** The operator validates values; everything that the API server admits must be readable. */
    @ParameterizedTest
    @ValueSource(strings = {"null", "[1,[2]]", "{\"a\":null}"})
    void anyJsonIsReadAndWrittenBackAsItIs(String written) throws Exception {
        ParameterValue value = json.readValue(written, ParameterValue.class);
        assertThat(value.kind()).isEqualTo(ParameterValue.Kind.JSON);
        assertThat(json.writeValueAsString(value)).isEqualTo(written);
        assertThat(value).hasToString(written).isEqualTo(json.readValue(written, ParameterValue.class));
    }

    @Test
    void aNullInAMapIsAValue() throws Exception {
        TrialSpec spec = json.readValue("{\"parameters\":{\"a\":null}}", TrialSpec.class);
        assertThat(spec.parameters().get("a")).hasToString("null");
    }
}
