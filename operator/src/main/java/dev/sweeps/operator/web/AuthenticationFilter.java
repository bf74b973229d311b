package dev.sweeps.operator.web;

import dev.sweeps.operator.web.Sessions.Session;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Identifies the viewer of every request, except for the page and the login, by bearer token or by session. */
class AuthenticationFilter {
    static final String CSRF_HEADER = "X-CSRF-Token";

    private static final String BEARER = "Bearer ";
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private final Access access;
    private final Sessions sessions;
    private final FailedLogins failedLogins;
    private final CurrentViewer current;

    AuthenticationFilter(Access access, Sessions sessions, FailedLogins failedLogins, CurrentViewer current) {
        this.access = access;
        this.sessions = sessions;
        this.failedLogins = failedLogins;
        this.current = current;
    }

    /** Returns null to let the request continue. It asks the API server, so it must not run on an event loop thread. */
    @ServerRequestFilter
    Response authenticate(ContainerRequestContext request, HttpServerRequest connection) {
        String path = request.getUriInfo().getPath();
        if (PageResource.PATHS.contains(path)
                || path.equals("/api/v1/session") && request.getMethod().equals("POST")) {
            return null;
        }
        Optional<Session> session = Optional.ofNullable(request.getCookies().get(Sessions.COOKIE))
                .map(Cookie::getValue)
                .flatMap(sessions::find);
        String header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        boolean bearer = header != null && header.startsWith(BEARER);
        boolean asksForSession =
                path.equals("/api/v1/session") && request.getMethod().equals("GET");
        if (!bearer && session.isEmpty() && asksForSession) {
            return Response.noContent().build(); // The page asks before it asks for anything else.
        }
        if (!bearer && session.isEmpty()) {
            return Problem.response(
                    Status.UNAUTHORIZED, "log in, or send a token: Authorization: Bearer $(kubectl create token NAME)");
        }
        if (!bearer && !READING.contains(request.getMethod()) && !isFromOurPage(request, session.get())) {
            return Problem.response(
                    Status.FORBIDDEN, "the header " + CSRF_HEADER + " is not that of the session; load the page again");
        }
        String address = connection.remoteAddress().hostAddress();
        // A session continues even if others send wrong tokens from the same address, for example through an Ingress.
        if (bearer && failedLogins.areTooMany(address)) {
            return tooMany();
        }
        Optional<Viewer> viewer = access.viewer(
                bearer ? header.substring(BEARER.length()) : session.get().token());
        if (viewer.isEmpty()) {
            if (bearer) {
                failedLogins.add(address); // A session whose token has expired is nobody who guesses.
            }
            session.map(Session::id).ifPresent(sessions::end);
            return Problem.response(
                    Status.UNAUTHORIZED, "the token is not known to the cluster, or no longer valid; get another one");
        }
        current.set(viewer.get(), session);
        return null;
    }

    static Response tooMany() {
        return Response.fromResponse(
                        Problem.response(Status.TOO_MANY_REQUESTS, "too many tokens were wrong; wait a minute"))
                .header(HttpHeaders.RETRY_AFTER, FailedLogins.PAUSE.toSeconds())
                .build();
    }

    private static boolean isFromOurPage(ContainerRequestContext request, Session session) {
        String sent = request.getHeaderString(CSRF_HEADER);
        return sent != null
                && MessageDigest.isEqual(
                        sent.getBytes(StandardCharsets.UTF_8), session.csrf().getBytes(StandardCharsets.UTF_8));
    }
}
