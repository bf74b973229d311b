package dev.sweeps.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class SizeLimitsTest {
    @Test
    void whatFitsStays() {
        assertThat(SizeLimits.beginning("12345", 5)).isEqualTo("12345");
        assertThat(SizeLimits.end("12345", 5)).isEqualTo("12345");
        assertThat(SizeLimits.end(null, 5)).isNull();
    }

    @Test
    void whatIsLongerIsCutToTheLimit() {
        assertThat(SizeLimits.beginning("12345678", 7)).isEqualTo("1234…");
        assertThat(SizeLimits.end("12345678", 7)).isEqualTo("…5678");
    }

    @Test
    void noCharacterIsCutInTwo() {
        assertThat(SizeLimits.beginning("123😀5678", 8)).isEqualTo("123…");
        assertThat(SizeLimits.end("1234😀678", 8)).isEqualTo("…678");
    }

    @Test
    void sizesAreThoseOfTheTextInJson() throws JsonProcessingException {
        String text = "a\"\\\n\t\u0001é你";
        assertThat(SizeLimits.size(text))
                .isEqualTo(new ObjectMapper().writeValueAsBytes(text).length - "\"\"".length());
    }
}
