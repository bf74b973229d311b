package dev.sweeps.operator.web;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The dashboard's files. They hold no data: those come from the API, to whom may see them. */
@Path("/")
public class PageResource {
    /** They are for everybody. */
    static final Set<String> PATHS = Set.of("/", "/index.html", "/page.js", "/page.css");

    private static final Map<String, String> FILES = Map.of(
            "index.html", "text/html;charset=utf-8",
            "page.js", "text/javascript;charset=utf-8",
            "page.css", "text/css;charset=utf-8");

    /** Only what this page brings along; relative, so that it works below any path. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    @GET
    @Operation(hidden = true)
    public Response index() {
        return file("index.html");
    }

    @GET
    @Path("{file: index\\.html|page\\.js|page\\.css}")
    @Operation(hidden = true)
    public Response file(@PathParam("file") String name) {
        if (!FILES.containsKey(name)) {
            return Response.status(Status.NOT_FOUND).build();
        }
        return Response.ok(dev.sweeps.page.Page.file(name))
                .header("Content-Type", FILES.get(name))
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cache-Control", "no-cache")
                .build();
    }
}
