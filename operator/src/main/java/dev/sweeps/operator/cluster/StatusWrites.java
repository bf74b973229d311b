package dev.sweeps.operator.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps status writes few. Changes that can wait are gathered into one write: the first of them starts a delay, and what changes until it
 * ends is written with it. And what was just written counts as the current status, though the informer has not heard of it yet.
 *
 * <p>A restart forgets a delay and nothing else.
 *
 * @param <R> type of the resource
 * @param <S> type of its status
 */
public final class StatusWrites<R extends CustomResource<?, S>, S> {
    /** Time after which every informer has received a write. A status that someone else has changed is corrected after it. */
    private static final Duration UNHEARD = Duration.ofSeconds(5);

    private static final String FIELD_MANAGER = "sweep-operator";

    private final KubernetesClient client;
    private final Clock clock;
    private final Duration delay;
    private final Cache<String, Instant> changedSince;
    private final Cache<String, S> written =
            Caffeine.newBuilder().expireAfterWrite(UNHEARD).build();

    /**
     * @param delay how long a change waits that can wait
     */
    public StatusWrites(KubernetesClient client, Clock clock, Duration delay) {
        this.client = client;
        this.clock = clock;
        this.delay = delay;
        this.changedSince =
                Caffeine.newBuilder().expireAfterAccess(delay.multipliedBy(10)).build();
    }

    /** Returns the status of the object on the server, as far as it is known; null if there is none. */
    public S current(R resource) {
        S ours = written.getIfPresent(resource.getMetadata().getUid());
        return ours == null ? resource.getStatus() : ours;
    }

    /** Returns how much longer a deferrable change waits; empty if it is to be written now. */
    public Optional<Duration> remainingDelay(R resource) {
        Instant now = clock.instant();
        Instant since = changedSince.get(resource.getMetadata().getUid(), uid -> now);
        Duration waited = Duration.between(since, now);
        return waited.compareTo(delay) < 0 ? Optional.of(delay.minus(waited)) : Optional.empty();
    }

    /** Records that the status has not changed. */
    public void nothingToWrite(R resource) {
        changedSince.invalidate(resource.getMetadata().getUid());
    }

    /**
     * Writes the status now. When this returns, the status is recorded, or the resource is gone. The patch tests the uid first, so that a
     * late one cannot land on a namesake made since; a server-side apply would, because the status subresource ignores the uid that is sent.
     */
    public void write(R resource, S status) {
        String uid = resource.getMetadata().getUid();
        String patch = client.getKubernetesSerialization()
                .asJson(List.of(
                        Map.of("op", "test", "path", "/metadata/uid", "value", uid),
                        Map.of("op", "add", "path", "/status", "value", status)));
        try {
            client.resource(resource)
                    .subresource("status")
                    .patch(
                            new PatchContext.Builder()
                                    .withPatchType(PatchType.JSON)
                                    .withFieldManager(FIELD_MANAGER)
                                    .build(),
                            patch);
        } catch (KubernetesClientException e) {
            if (isThere(resource)) {
                throw e;
            }
        }
        changedSince.invalidate(uid);
        written.put(uid, status);
    }

    private boolean isThere(R resource) {
        R found = client.resource(resource).get();
        return found != null
                && found.getMetadata().getUid().equals(resource.getMetadata().getUid());
    }
}
