package dev.sweeps.operator.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.operator.cluster.Refusal;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.EventListBuilder;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class PodEventsTest {
    private static final Instant EARLY = Instant.parse("2026-01-01T00:00:00Z");
    private static final Event NO_VOLUME = event("FailedMount", 2);

    KubernetesMockServer server;
    KubernetesClient client;

    @Test
    void theLastObstacleIsTheReason() {
        Event noNetwork = event("FailedCreatePodSandBox", 1);
        assertThat(PodEvents.lastObstacle(List.of(NO_VOLUME, noNetwork), EARLY))
                .map(Refusal::reason)
                .contains("FailedMount");
    }

    @Test
    void anObstacleThatTheKubeletDoesNotRepeatIsNone() {
        assertThat(PodEvents.lastObstacle(List.of(NO_VOLUME), Instant.parse("2026-01-01T00:00:03Z")))
                .isEmpty();
    }

    @Test
    void aWarningThatKeepsNothingFromStartingIsPassedOver() {
        Event noDns = event("MissingClusterDNS", 3);
        assertThat(PodEvents.lastObstacle(List.of(noDns), EARLY)).isEmpty();
        assertThat(PodEvents.lastObstacle(List.of(NO_VOLUME, noDns), EARLY))
                .map(Refusal::reason)
                .contains("FailedMount");
    }

    @Test
    void allPodsOfANamespaceAreOneRequest() {
        NO_VOLUME.setInvolvedObject(
                new ObjectReferenceBuilder().withKind("Pod").withName("second").build());
        String selector = URLEncoder.encode(
                "involvedObject.kind=Pod,type=Warning,reason!=BackOff,reason!=Failed,reason!=FailedScheduling,reason!=Unhealthy",
                StandardCharsets.UTF_8);
        server.expect()
                .get()
                .withPath("/api/v1/namespaces/ml/events?fieldSelector=" + selector)
                .andReturn(200, new EventListBuilder().withItems(NO_VOLUME).build())
                .once();
        PodEvents events = new PodEvents(client, Clock.fixed(EARLY, ZoneOffset.UTC));
        assertThat(events.whyThePodDoesNotStart("ml", "first")).isEmpty();
        assertThat(events.whyThePodDoesNotStart("ml", "second"))
                .map(Refusal::reason)
                .contains("FailedMount");
    }

    private static Event event(String reason, int second) {
        return new EventBuilder()
                .withType("Warning")
                .withReason(reason)
                .withMessage(reason)
                .withLastTimestamp("2026-01-01T00:00:0" + second + "Z")
                .build();
    }
}
