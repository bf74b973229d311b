package dev.sweeps.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.operator.Objects;
import dev.sweeps.search.Point;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff();
    private final HasMetadata trial = Objects.trial("t", Point.of(Map.of()));

    @Test
    void eachRefusalDoublesTheWaitUpToHalfAMinute() {
        assertThat(Stream.generate(() -> backoff.next(trial)).limit(8).map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void whatWasGrantedBeginsAnew() {
        backoff.next(trial);
        backoff.next(trial);
        backoff.reset(trial);
        assertThat(backoff.next(trial)).isEqualTo(Duration.ofSeconds(1));
    }
}
