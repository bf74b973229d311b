package dev.sweeps.operator.sweep;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.validation.SweepValidator;
import dev.sweeps.validation.SweepValidator.Judgement;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** What each version of a spec comes to, found out once: a filter may be asked about a million combinations. */
@ApplicationScoped
public class Judgements {
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private record Version(String uid, Long generation) {}

    private final Cache<Version, Judgement> known = Caffeine.newBuilder()
            .maximumSize(1_000)
            .expireAfterAccess(REMEMBERED)
            .build();

    /** Of a sweep with a spec that can be read. */
    public Judgement of(Sweep sweep) {
        Version version =
                new Version(sweep.getMetadata().getUid(), sweep.getMetadata().getGeneration());
        return known.get(version, ignored -> SweepValidator.judge(sweep.getSpec()));
    }
}
