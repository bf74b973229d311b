package dev.sweeps.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShortenedTest {
    @Test
    void whatFitsStays() {
        assertThat(Shortened.beginning("12345", 5)).isEqualTo("12345");
        assertThat(Shortened.end("12345", 5)).isEqualTo("12345");
        assertThat(Shortened.end(null, 5)).isNull();
    }

    @Test
    void whatIsLongerIsCutToTheLimit() {
        assertThat(Shortened.beginning("123456", 5)).isEqualTo("1234…");
        assertThat(Shortened.end("123456", 5)).isEqualTo("…3456");
    }

    @Test
    void noCharacterIsCutInTwo() {
        assertThat(Shortened.beginning("123😀56", 5)).isEqualTo("123…");
        assertThat(Shortened.end("12😀456", 5)).isEqualTo("…456");
    }
}
