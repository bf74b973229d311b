package dev.sweeps.operator.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

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
    /** By then every informer has heard of a write; a status that someone else changed is mended after it. */
    private static final Duration UNHEARD = Duration.ofSeconds(5);

    private static final String FIELD_MANAGER = "sweep-operator";

    /** Not found, and (with the uid) another one of the same name found. */
    private static final Set<Integer> GONE = Set.of(HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_CONFLICT);

    private final KubernetesClient client;
    private final Supplier<R> empty;
    private final Clock clock;
    private final Duration delay;
    private final Cache<String, Instant> changedSince;
    private final Cache<String, S> written =
            Caffeine.newBuilder().expireAfterWrite(UNHEARD).build();

    /**
     * @param empty makes a resource without anything
     * @param delay how long a change waits that can wait
     */
    public StatusWrites(KubernetesClient client, Supplier<R> empty, Clock clock, Duration delay) {
        this.client = client;
        this.empty = empty;
        this.clock = clock;
        this.delay = delay;
        this.changedSince =
                Caffeine.newBuilder().expireAfterAccess(delay.multipliedBy(10)).build();
    }

    /** The status of the resource as it is on the server, as far as we know; null if it has none. */
    public S current(R resource) {
        S ours = written.getIfPresent(resource.getMetadata().getUid());
        return ours == null ? resource.getStatus() : ours;
    }

    /** How long a change of the resource that can wait still waits; empty when it is to be written now. */
    public Optional<Duration> wait(R resource) {
        Instant now = clock.instant();
        Instant since = changedSince.get(resource.getMetadata().getUid(), uid -> now);
        Duration waited = Duration.between(since, now);
        return waited.compareTo(delay) < 0 ? Optional.of(delay.minus(waited)) : Optional.empty();
    }

    /**
     * Writes the status now, by server-side apply of nothing but the status: what is not sent is not touched. When this returns, the
     * status is recorded, or the resource is gone. It is sent with the uid, so that it cannot land on a namesake made since.
     */
    public void write(R resource, S status) {
        R patch = empty.get();
        patch.getMetadata().setName(resource.getMetadata().getName());
        patch.getMetadata().setNamespace(resource.getMetadata().getNamespace());
        patch.getMetadata().setUid(resource.getMetadata().getUid());
        patch.setStatus(status);
        try {
            client.resource(patch)
                    .subresource("status")
                    .patch(new PatchContext.Builder()
                            .withPatchType(PatchType.SERVER_SIDE_APPLY)
                            .withFieldManager(FIELD_MANAGER)
                            .withForce(true)
                            .build());
        } catch (KubernetesClientException e) {
            if (!GONE.contains(e.getCode())) {
                throw e;
            }
        }
        changedSince.invalidate(resource.getMetadata().getUid());
        written.put(resource.getMetadata().getUid(), status);
    }
}
