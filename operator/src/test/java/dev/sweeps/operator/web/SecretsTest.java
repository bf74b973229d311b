package dev.sweeps.operator.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SecretsTest {
    private static final String TOKEN = "eyJhbGciOiJSUzI1NiJ9.secret";

    @Test
    void noSecretIsPrinted() {
        Sessions.Session session = new Sessions().begin(TOKEN);
        assertThat(new Viewer("me", "uid", List.of("devs"), java.util.Map.of(), TOKEN).toString())
                .isEqualTo("Viewer me");
        assertThat(session.toString()).isEqualTo("Session");
        assertThat(new SessionResource.Login(TOKEN).toString()).isEqualTo("Login");
    }

    @Test
    void aSessionIsFoundByItsNameUntilItEnds() {
        Sessions sessions = new Sessions();
        Sessions.Session session = sessions.begin(TOKEN);
        assertThat(sessions.find(session.id())).contains(session);
        assertThat(sessions.find(session.csrf())).isEmpty();
        assertThat(sessions.begin(TOKEN).id()).isNotEqualTo(session.id());
        sessions.end(session.id());
        assertThat(sessions.find(session.id())).isEmpty();
    }

    @Test
    void anAddressThatTriedTenWrongTokensWaits() {
        FailedLogins failures = new FailedLogins();
        IntStream.range(0, 9).forEach(i -> failures.add("192.0.2.1"));
        assertThat(failures.areTooMany("192.0.2.1")).isFalse();
        failures.add("192.0.2.1");
        assertThat(failures.areTooMany("192.0.2.1")).isTrue();
        assertThat(failures.areTooMany("192.0.2.2")).isFalse();
    }
}
