package dev.sweeps.operator.web;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.operator.cluster.Caches;
import dev.sweeps.operator.trial.TrialLog;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The end of a trial's log, for viewers who may read logs in its namespace. */
@Path("/api/v1")
public class LogResource {
    private static final int LINES = 200;
    private static final int BYTES = 256 << 10;

    private final KubernetesClient client;
    private final Caches caches;
    private final Access access;
    private final CurrentViewer current;

    LogResource(KubernetesClient client, Caches caches, Access access, CurrentViewer current) {
        this.client = TrialLog.withoutRetries(client);
        this.caches = caches;
        this.access = access;
        this.current = current;
    }

    @GET
    @Path("/namespaces/{namespace}/sweeps/{name}/trials/{trial}/log")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(summary = "The last 200 lines of the trial's log")
    public String log(
            @PathParam("namespace") String namespace,
            @PathParam("name") String name,
            @PathParam("trial") String trial) {
        Viewer viewer = current.viewer();
        if (!access.maySee(viewer, namespace) || !access.mayReadLogs(viewer, namespace)) {
            throw Problem.of(
                    Status.FORBIDDEN,
                    viewer.name() + " may not read logs in namespace " + namespace + " (get pods/log)");
        }
        // Only a Pod of a trial, because the operator may read every log.
        String pod = caches.sweep(namespace, name).stream()
                .flatMap(sweep -> caches.trials(sweep).stream())
                .filter(one -> one.getMetadata().getName().equals(trial)
                        && one.getStatus() != null
                        && one.getStatus().pod() != null)
                .map(one -> one.getStatus().pod())
                .findFirst()
                .orElseThrow(() -> Problem.of(Status.NOT_FOUND, "the trial " + trial + " has no Pod yet"));
        try {
            String log = client.pods()
                    .inNamespace(namespace)
                    .withName(pod)
                    .inContainer(Api.TRAINER_CONTAINER)
                    .withReadyWaitTimeout(0)
                    .limitBytes(BYTES)
                    .tailingLines(LINES)
                    .getLog();
            return log == null ? "" : log;
        } catch (KubernetesClientException e) {
            if (e.getCode() == 0 || e.getCode() >= Status.INTERNAL_SERVER_ERROR.getStatusCode()) {
                throw Problem.of(
                        Status.SERVICE_UNAVAILABLE,
                        "the node of Pod " + pod + " does not answer (" + e.getMessage() + "); try again later");
            }
            throw Problem.of(
                    Status.NOT_FOUND,
                    "the log of Pod " + pod + " is gone or not there yet; a finished Pod stays for an hour");
        }
    }
}
