package dev.sweeps.operator.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailureEventsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = START;
    private final FailureEvents events = new FailureEvents(null, new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    });

    @Test
    void thousandsOfFailuresAreToldInAFewEvents() {
        List<String> notes = IntStream.range(0, 3_000)
                .mapToObj(i -> note("t-" + i))
                .flatMap(Optional::stream)
                .toList();
        assertThat(notes).hasSize(5).first().isEqualTo("trial t-0: Error: exit code 1");
        now = now.plusSeconds(60);
        assertThat(note("last"))
                .contains(
                        "2995 other trials failed in the last minute; see kubectl get trials. trial last: Error: exit code 1");
        assertThat(events.note("another", "t", "Error", "exit code 1")).isPresent();
    }

    private Optional<String> note(String trial) {
        return events.note("sweep", trial, "Error", "exit code 1");
    }
}
