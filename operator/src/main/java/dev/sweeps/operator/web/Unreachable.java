package dev.sweeps.operator.web;

import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The API server did not answer who the viewer is, or what they may see. */
class Unreachable {
    private static final Logger LOG = Logger.getLogger(Unreachable.class);

    @ServerExceptionMapper
    Response answer(KubernetesClientException e) {
        LOG.warnf("the API server cannot be asked about a viewer: %s", e.getMessage());
        return Problem.response(
                Status.SERVICE_UNAVAILABLE,
                "the operator cannot ask the API server who you are; try again in a moment");
    }
}
