package dev.sweeps.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.operator.Objects;
import dev.sweeps.search.Point;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class StatusWritesTest {
    private static final TrialStatus SUCCEEDED =
            TrialStatus.builder(State.SUCCEEDED).attempts(1).build();
    private static final String TRIAL = "/apis/sweeps.dev/v1alpha1/namespaces/default/trials/t";
    private static final String STATUS = TRIAL + "/status?fieldManager=sweep-operator";

    KubernetesMockServer server;
    KubernetesClient client;
    private StatusWrites<Trial, TrialStatus> writes;

    @BeforeEach
    void makeWrites() {
        writes = new StatusWrites<>(client, Clock.systemUTC(), Duration.ZERO);
    }

    @Test
    void theServerIsAskedToTestTheUidFirst() throws InterruptedException {
        server.expect().patch().withPath(STATUS).andReturn(200, trial("ours")).once();
        writes.write(trial("ours"), SUCCEEDED);
        assertThat(server.takeRequest().getUtf8Body())
                .startsWith("[{")
                .contains("\"op\":\"test\"", "\"path\":\"/metadata/uid\"", "\"value\":\"ours\"")
                .matches(body -> body.indexOf("\"test\"") < body.indexOf("\"add\""), "tests before it writes");
        assertThat(writes.current(trial("ours"))).isEqualTo(SUCCEEDED);
    }

    /** The trial was deleted and another one made of its name, and the operator has not heard of it yet: 422 is what a failed test gives. */
    @Test
    void aLateStatusIsDroppedWhereANamesakeIs() {
        refuse(422);
        server.expect().get().withPath(TRIAL).andReturn(200, trial("namesake")).once();
        writes.write(trial("ours"), SUCCEEDED);
        assertThat(writes.current(trial("namesake"))).isNull();
    }

    @Test
    void aStatusOfWhatIsGoneIsNoError() {
        refuse(404);
        writes.write(trial("ours"), SUCCEEDED);
        // It was tried, and asked whether the trial is there.
        assertThat(server.getRequestCount()).isEqualTo(2);
        assertThat(writes.current(trial("ours"))).isEqualTo(SUCCEEDED);
    }

    @Test
    void aStatusThatIsRefusedIsNotTakenForWritten() {
        refuse(422);
        server.expect().get().withPath(TRIAL).andReturn(200, trial("ours")).once();
        assertThatThrownBy(() -> writes.write(trial("ours"), SUCCEEDED)).isInstanceOf(KubernetesClientException.class);
        assertThat(writes.current(trial("ours"))).isNull();
    }

    private void refuse(int code) {
        server.expect()
                .patch()
                .withPath(STATUS)
                .andReturn(code, new StatusBuilder().withCode(code).build())
                .once();
    }

    private static Trial trial(String uid) {
        Trial trial = Objects.trial("t", Point.of(Map.of()));
        trial.getMetadata().setUid(uid);
        return trial;
    }
}
