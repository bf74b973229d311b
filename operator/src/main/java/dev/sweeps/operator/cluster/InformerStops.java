package dev.sweeps.operator.cluster;

import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.api.config.InformerStoppedHandler;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.jboss.logging.Logger;

/**
 * Whether a watch has ended for good. One that fails is begun again (stop-on-informer-error-during-startup is false); one that was given up
 * would leave the operator deaf, so that it has to be started anew. An API server that cannot be reached is not such a case.
 */
@Liveness
@ApplicationScoped
public class InformerStops implements InformerStoppedHandler, HealthCheck {
    private static final Logger LOG = Logger.getLogger(InformerStops.class);

    private final AtomicReference<String> stopped = new AtomicReference<>();

    @Override
    @SuppressWarnings("rawtypes")
    public void onStop(SharedIndexInformer informer, Throwable why) {
        if (why != null) {
            String watched = informer.getApiTypeClass().getSimpleName();
            stopped.set(watched);
            LOG.errorf(why, "the watch of %s has ended for good; the liveness probe fails from now on", watched);
        }
    }

    @Override
    public HealthCheckResponse call() {
        String watched = stopped.get();
        return HealthCheckResponse.named("watches")
                .status(watched == null)
                .withData("stopped", watched == null ? "none" : watched)
                .build();
    }
}
