package dev.sweeps.operator.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class AccessTest {
    private static final String TOKENS = "/apis/authentication.k8s.io/v1/tokenreviews";
    private static final String RIGHTS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    private static final Viewer VIEWER =
            new Viewer("ann", "uid-of-ann", List.of("team"), Map.of("scopes", List.of("read")), "token");

    KubernetesMockServer server;
    KubernetesClient client;
    private Access access;

    @BeforeEach
    void makeAccess() {
        access = new Access(client);
    }

    @Test
    void aTokenIsWhoTheServerSaysAndIsAskedForOnce() {
        server.expect()
                .post()
                .withPath(TOKENS)
                .andReturn(
                        201,
                        "{\"status\":{\"authenticated\":true,\"user\":{\"username\":\"ann\",\"uid\":\"uid-of-ann\","
                                + "\"groups\":[\"team\"],\"extra\":{\"scopes\":[\"read\"]}}}}")
                .once();
        assertThat(access.viewer("token")).contains(VIEWER);
        assertThat(access.viewer("token")).contains(VIEWER);
    }

    @Test
    void aTokenThatTheServerDoesNotKnowIsNobody() {
        server.expect()
                .post()
                .withPath(TOKENS)
                .andReturn(201, "{\"status\":{\"authenticated\":false,\"user\":{\"username\":\"ann\"}}}")
                .once();
        assertThat(access.viewer("token")).isEmpty();
    }

    /** A token with scopes can have fewer rights than its user. */
    @Test
    void theServerIsAskedForAllThatTheTokenSays() throws InterruptedException, IOException {
        allow(false);
        assertThat(access.mayReadLogs(VIEWER, "ml")).isFalse();
        JsonNode spec =
                new ObjectMapper().readTree(server.takeRequest().getUtf8Body()).get("spec");
        assertThat(spec)
                .hasToString(
                        "{\"extra\":{\"scopes\":[\"read\"]},\"groups\":[\"team\"],\"resourceAttributes\":{\"group\":\"\","
                                + "\"namespace\":\"ml\",\"resource\":\"pods\",\"subresource\":\"log\",\"verb\":\"get\"},"
                                + "\"uid\":\"uid-of-ann\",\"user\":\"ann\"}");
    }

    @Test
    void anAnswerIsKeptForItsQuestionOnly() {
        allow(true);
        allow(false);
        assertThat(access.mayReadLogs(VIEWER, "ml")).isTrue();
        assertThat(access.mayReadLogs(VIEWER, "ml")).isTrue();
        Viewer withoutScopes = new Viewer("ann", "uid-of-ann", List.of("team"), Map.of(), "token");
        assertThat(access.mayReadLogs(withoutScopes, "ml")).isFalse();
    }

    @Test
    void aSweepIsSeenByWhoMaySeeItsTrials() {
        allow(true);
        allow(false);
        assertThat(access.maySee(VIEWER, "ml")).isFalse();
    }

    private void allow(boolean allowed) {
        server.expect()
                .post()
                .withPath(RIGHTS)
                .andReturn(201, "{\"status\":{\"allowed\":" + allowed + "}}")
                .once();
    }
}
