package dev.sweeps.operator.web;

import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Suspend, resume, stop, cancel and retry. The API server performs them with the rights of the viewer, not with those of the operator. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
public class ActionsResource {
    private final Config own;
    private final CurrentViewer current;

    ActionsResource(KubernetesClient client, CurrentViewer current) {
        this.own = client.getConfiguration();
        this.current = current;
    }

    @POST
    @Path("/namespaces/{namespace}/sweeps/{name}/suspend")
    @Operation(summary = "No new trials start; running ones finish")
    public Response suspend(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        return changed(namespace, name, "{\"suspend\": true}");
    }

    @POST
    @Path("/namespaces/{namespace}/sweeps/{name}/resume")
    @Operation(summary = "New trials are started again, after a stop or cancel too")
    public Response resume(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        return changed(namespace, name, "{\"suspend\": false, \"shutdown\": null}");
    }

    @POST
    @Path("/namespaces/{namespace}/sweeps/{name}/stop")
    @Operation(summary = "The sweep ends before all its points have run; running trials finish")
    public Response stop(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        return changed(namespace, name, "{\"shutdown\": \"Stop\"}");
    }

    @POST
    @Path("/namespaces/{namespace}/sweeps/{name}/cancel")
    @Operation(summary = "The sweep ends at once; running trials are ended, results are kept")
    public Response cancel(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        return changed(namespace, name, "{\"shutdown\": \"Cancel\"}");
    }

    @POST
    @Path("/namespaces/{namespace}/sweeps/{name}/trials/{trial}/retry")
    @Operation(summary = "Deletes the trial with its result, so that its point is run again")
    public Response retry(@PathParam("namespace") String namespace, @PathParam("trial") String trial) {
        return asViewer(client -> client.resources(Trial.class)
                .inNamespace(namespace)
                .withName(trial)
                .delete());
    }

    private Response changed(String namespace, String name, String spec) {
        return asViewer(client -> client.resources(Sweep.class)
                .inNamespace(namespace)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": " + spec + "}"));
    }

    private Response asViewer(Consumer<KubernetesClient> action) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(own.getMasterUrl())
                .withCaCertFile(own.getCaCertFile())
                .withCaCertData(own.getCaCertData())
                .withOauthToken(current.viewer().token())
                .withRequestRetryBackoffLimit(1)
                .build();
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            action.accept(client);
            return Response.noContent().build();
        } catch (KubernetesClientException e) {
            Status status =
                    Optional.ofNullable(Status.fromStatusCode(e.getCode())).orElse(Status.BAD_GATEWAY);
            String message = e.getStatus() == null
                    ? "the API server cannot be reached"
                    : e.getStatus().getMessage();
            return Problem.response(status, message);
        }
    }
}
