package dev.sweeps.operator.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/** Sessions of browsers. The cookie names the session; the token stays in memory until the operator ends. */
@Singleton
class Sessions {
    static final String COOKIE = "sweeps-session";

    private static final Duration IDLE = Duration.ofHours(8);
    private static final int MAX_SESSIONS = 10_000;
    private static final int RANDOM_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final Cache<String, Session> sessions = Caffeine.newBuilder()
            .expireAfterAccess(IDLE)
            .maximumSize(MAX_SESSIONS)
            .build();

    /**
     * @param csrf what an action must send along: a page of another origin can make a browser send the cookie, and cannot read this
     */
    record Session(String id, String token, String csrf) {

        @Override
        public String toString() {
            return "Session";
        }
    }

    Session begin(String token) {
        Session session = new Session(secret(), token, secret());
        sessions.put(session.id, session);
        return session;
    }

    Optional<Session> find(String id) {
        return Optional.ofNullable(id).map(sessions::getIfPresent);
    }

    void end(String id) {
        sessions.invalidate(id);
    }

    private String secret() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
