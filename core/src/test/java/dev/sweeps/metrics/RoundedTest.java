package dev.sweeps.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundedTest {
    @ParameterizedTest
    @CsvSource({
        "0.6931407942238267,0.6931",
        "0.85,0.85",
        "1,1",
        "0,0",
        "-0.51234,-0.5123",
        "0.00001234567,0.00001235",
        "12345.678912,12345.6789",
        "0.05,0.05"
    })
    void valuesAreRoundedForPeople(String value, String shown) {
        assertThat(Rounded.of(new BigDecimal(value))).isEqualTo(shown);
    }
}
