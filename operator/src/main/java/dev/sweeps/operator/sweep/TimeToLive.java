package dev.sweeps.operator.sweep;

import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.plan.DurationText;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Deletes finished sweeps after their {@code ttlAfterFinished}. */
final class TimeToLive {
    private static final Logger LOG = Logger.getLogger(TimeToLive.class);

    private final KubernetesClient client;
    private final Clock clock;

    TimeToLive(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Returns when to check a finished sweep again; empty for one that continues, stays, or was just deleted. */
    Optional<Duration> left(Sweep sweep, SweepStatus status) {
        Optional<Duration> left = DurationText.parse(sweep.getSpec().ttlAfterFinished())
                .filter(ttl -> status.completionTime() != null)
                .map(ttl -> Duration.between(
                        clock.instant(), Instant.parse(status.completionTime()).plus(ttl)));
        if (left.isEmpty() || left.get().compareTo(Duration.ZERO) > 0) {
            return left;
        }
        LOG.infof(
                "sweep %s/%s: deleted, ttlAfterFinished has passed",
                sweep.getMetadata().getNamespace(), sweep.getMetadata().getName());
        // Deletes this version only, because another sweep of the same name may have been applied since.
        client.resource(sweep)
                .lockResourceVersion(sweep.getMetadata().getResourceVersion())
                .delete();
        return Optional.empty();
    }
}
