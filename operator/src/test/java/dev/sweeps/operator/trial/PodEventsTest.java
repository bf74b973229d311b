package dev.sweeps.operator.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.operator.cluster.Refusal;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodEventsTest {
    private static final Event SCHEDULED = event("Normal", "Scheduled", 1);
    private static final Event NO_VOLUME = event("Warning", "FailedMount", 2);

    @Test
    void aVolumeThatCannotBeMountedIsAnObstacle() {
        assertThat(PodEvents.lastObstacle(List.of(NO_VOLUME, SCHEDULED)))
                .map(Refusal::reason)
                .contains("FailedMount");
    }

    @Test
    void anObstacleThatIsOvercomeIsNone() {
        assertThat(PodEvents.lastObstacle(List.of(SCHEDULED, NO_VOLUME, event("Normal", "Pulling", 3))))
                .isEmpty();
    }

    @Test
    void aWarningThatKeepsNothingFromStartingIsPassedOver() {
        Event noDns = event("Warning", "MissingClusterDNS", 3);
        assertThat(PodEvents.lastObstacle(List.of(SCHEDULED, noDns))).isEmpty();
        assertThat(PodEvents.lastObstacle(List.of(SCHEDULED, NO_VOLUME, noDns)))
                .map(Refusal::reason)
                .contains("FailedMount");
    }

    private static Event event(String type, String reason, int second) {
        return new EventBuilder()
                .withType(type)
                .withReason(reason)
                .withMessage(reason)
                .withLastTimestamp("2026-01-01T00:00:0" + second + "Z")
                .build();
    }
}
