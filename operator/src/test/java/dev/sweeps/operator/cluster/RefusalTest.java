package dev.sweeps.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {
    @ParameterizedTest
    @CsvSource({"FailedMount, FailedMount", ", Refused", "'two\nlines', Refused", "'', Refused"})
    void itsReasonIsAWord(String reason, String word) {
        assertThat(new Refusal(reason, "no", Instant.EPOCH).reason()).isEqualTo(word);
    }
}
