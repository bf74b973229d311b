package dev.sweeps.operator.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps status writes few. Changes that can wait are gathered into one write: the first of them starts a delay, and what changes until it
 * ends is written with it. And what was just written counts as the current status, though the informer has not heard of it yet.
 *
 * <p>A restart forgets a delay and nothing else.
 *
 * @param <S> type of the status
 */
public final class StatusWrites<S> {
    /** By then every informer has heard of a write; a status that someone else changed is mended after it. */
    private static final Duration UNHEARD = Duration.ofSeconds(5);

    private static final String FIELD_MANAGER = "sweep-operator";

    private final KubernetesClient client;
    private final Clock clock;
    private final Duration delay;
    private final Cache<String, Instant> changedSince;
    private final Cache<String, S> written =
            Caffeine.newBuilder().expireAfterWrite(UNHEARD).build();

    public StatusWrites(KubernetesClient client, Clock clock, Duration delay) {
        this.client = client;
        this.clock = clock;
        this.delay = delay;
        this.changedSince =
                Caffeine.newBuilder().expireAfterAccess(delay.multipliedBy(10)).build();
    }

    /** The status of the resource as it is on the server, as far as we know; null if it has none. */
    public S current(CustomResource<?, S> resource) {
        S ours = written.getIfPresent(resource.getMetadata().getUid());
        return ours == null ? resource.getStatus() : ours;
    }

    /** How long a change of the resource that can wait still waits; empty when it is to be written now. */
    public Optional<Duration> wait(CustomResource<?, S> resource) {
        Instant now = clock.instant();
        Instant since = changedSince.get(resource.getMetadata().getUid(), uid -> now);
        Duration waited = Duration.between(since, now);
        return waited.compareTo(delay) < 0 ? Optional.of(delay.minus(waited)) : Optional.empty();
    }

    /**
     * Writes the status now, by server-side apply of nothing but the status: what is not sent is not touched. When this returns, the
     * status is recorded.
     *
     * @param patch a resource with namespace, name and the status
     */
    public void write(CustomResource<?, S> resource, CustomResource<?, S> patch) {
        client.resource(patch)
                .subresource("status")
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager(FIELD_MANAGER)
                        .withForce(true)
                        .build());
        changedSince.invalidate(resource.getMetadata().getUid());
        written.put(resource.getMetadata().getUid(), patch.getStatus());
    }
}
