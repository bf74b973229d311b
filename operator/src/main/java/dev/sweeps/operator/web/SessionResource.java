package dev.sweeps.operator.web;

import dev.sweeps.operator.web.Sessions.Session;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.NewCookie.SameSite;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.Optional;

/** Login with a token, for browsers. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class SessionResource {
    private static final String SESSION = "/session";

    private final Access access;
    private final Sessions sessions;
    private final FailedLogins failedLogins;
    private final CurrentViewer current;

    SessionResource(Access access, Sessions sessions, FailedLogins failedLogins, CurrentViewer current) {
        this.access = access;
        this.sessions = sessions;
        this.failedLogins = failedLogins;
        this.current = current;
    }

    /** A token of the cluster. */
    public record Login(String token) {

        @Override
        public String toString() {
            return "Login";
        }
    }

    /**
     * Who is logged in.
     *
     * @param csrf what actions send in the header X-CSRF-Token; null for a bearer token, which needs none
     */
    public record Who(String user, String csrf) {}

    @POST
    @Path(SESSION)
    public Response begin(Login login, HttpServerRequest request) {
        String address = request.remoteAddress().hostAddress();
        if (failedLogins.areTooMany(address)) {
            return AuthenticationFilter.tooMany();
        }
        String token =
                login == null || login.token() == null ? "" : login.token().strip();
        Optional<Viewer> viewer = token.isEmpty() ? Optional.empty() : access.viewer(token);
        if (viewer.isEmpty()) {
            failedLogins.add(address);
            return Problem.response(
                    Status.UNAUTHORIZED,
                    "the cluster does not know this token; get one with kubectl create token NAME");
        }
        Session session = sessions.begin(token);
        boolean https = request.isSSL() || "https".equals(request.getHeader("X-Forwarded-Proto"));
        return Response.ok(new Who(viewer.get().name(), session.csrf()))
                .cookie(cookie(session.id(), https).build())
                .build();
    }

    @GET
    @Path(SESSION)
    public Who who() {
        return new Who(
                current.viewer().name(), current.session().map(Session::csrf).orElse(null));
    }

    @DELETE
    @Path(SESSION)
    public Response end() {
        current.session().map(Session::id).ifPresent(sessions::end);
        return Response.noContent().cookie(cookie("", false).maxAge(0).build()).build();
    }

    /**
     * Returns a cookie without a path. The browser then sends it to the API as it sees it, also behind an Ingress with a path, and to
     * nothing else of the host.
     */
    private static NewCookie.Builder cookie(String id, boolean https) {
        return new NewCookie.Builder(Sessions.COOKIE)
                .value(id)
                .httpOnly(true)
                .secure(https)
                .sameSite(SameSite.STRICT);
    }
}
