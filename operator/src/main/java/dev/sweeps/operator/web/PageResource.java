package dev.sweeps.operator.web;

import static java.util.stream.Collectors.toMap;

import dev.sweeps.page.Page;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Serves the files of the dashboard. They contain no data; the API returns those after a check of the rights. */
@Path("/")
public class PageResource {
    /** Paths of files that need no login. */
    static final Set<String> PATHS = Set.of("/", "/index.html", "/page.js", "/page.css");

    private static final Map<String, String> FILES = Map.of(
            "index.html", "text/html;charset=utf-8",
            "page.js", "text/javascript;charset=utf-8",
            "page.css", "text/css;charset=utf-8");

    /** Allows only files of this page. The paths are relative, so that the page works below any path. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** A file with its tag, for which a browser that has it already gets 304. */
    private record Sent(String type, String text, EntityTag tag) {

        static Sent of(String name, String type) {
            String text = Page.file(name);
            return new Sent(type, text, new EntityTag(Page.hash(text)));
        }
    }

    private final Map<String, Sent> files = FILES.entrySet().stream()
            .collect(toMap(Map.Entry::getKey, file -> Sent.of(file.getKey(), file.getValue())));

    @GET
    @Operation(hidden = true)
    public Response index(@Context Request request) {
        return file("index.html", request);
    }

    @GET
    @Path("{file: index\\.html|page\\.js|page\\.css}")
    @Operation(hidden = true)
    public Response file(@PathParam("file") String name, @Context Request request) {
        Sent file = files.get(name);
        if (file == null) {
            return Response.status(Status.NOT_FOUND).build();
        }
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(file.tag);
        return (unchanged == null ? Response.ok(file.text) : unchanged)
                .tag(file.tag)
                .header("Content-Type", file.type)
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cache-Control", "no-cache")
                .build();
    }
}
