package dev.sweeps.operator.sweep;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.validation.SweepValidator;
import dev.sweeps.validation.SweepValidator.Validation;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * What each version of a spec comes to, found out once. A filter may be asked about a million combinations, which takes seconds: a spec that has one is
 * validated on a thread of its own, so that it holds up no other sweep.
 */
@ApplicationScoped
public class ValidationCache {
    private static final Duration REMEMBERED = Duration.ofHours(1);
    private static final int THREADS = 2;
    private static final Logger LOG = Logger.getLogger(ValidationCache.class);

    private record Version(String uid, Long generation) {}

    private final Cache<Version, Validation> known = Caffeine.newBuilder()
            .maximumSize(1_000)
            .expireAfterAccess(REMEMBERED)
            .build();
    private final Set<Version> underWay = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "validation");
        thread.setDaemon(true);
        return thread;
    });
    private Consumer<ResourceID> listener = sweep -> {};

    /** Sets the listener that is called after a sweep has been validated. */
    void onValidated(Consumer<ResourceID> sweepListener) {
        this.listener = sweepListener;
    }

    /** Returns the result for a sweep with a readable spec; empty while it is being validated. */
    public Optional<Validation> of(Sweep sweep) {
        Version version =
                new Version(sweep.getMetadata().getUid(), sweep.getMetadata().getGeneration());
        Validation ready = known.getIfPresent(version);
        if (ready != null) {
            return Optional.of(ready);
        }
        if (sweep.getSpec().where() == null) {
            return Optional.of(known.get(version, ignored -> SweepValidator.validate(sweep.getSpec())));
        }
        if (underWay.add(version)) {
            threads.execute(() -> validate(version, sweep));
        }
        return Optional.empty();
    }

    private void validate(Version version, Sweep sweep) {
        try {
            known.put(version, SweepValidator.validate(sweep.getSpec()));
        } catch (RuntimeException e) {
            LOG.errorf(e, "sweep %s could not be validated", sweep.getMetadata().getName());
        } finally {
            underWay.remove(version);
        }
        listener.accept(ResourceID.fromResource(sweep));
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }
}
