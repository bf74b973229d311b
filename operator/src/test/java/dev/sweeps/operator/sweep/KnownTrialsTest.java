package dev.sweeps.operator.sweep;

import static dev.sweeps.operator.Objects.SWEEP;
import static dev.sweeps.operator.Objects.in;
import static dev.sweeps.operator.Objects.sweep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.operator.Objects;
import dev.sweeps.operator.cluster.Owned;
import dev.sweeps.operator.cluster.TrimmingItemStore;
import dev.sweeps.plan.SweepTrials;
import dev.sweeps.search.Search;
import dev.sweeps.search.Search.Numbered;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KnownTrialsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Sweep sweep = sweep(SWEEP);
    private final Search search = Search.of(sweep.getSpec());
    private final TrimmingItemStore<Trial> cache =
            new TrimmingItemStore<>(KnownTrials::trimmed, trial -> this.known.changed(trial));
    private final AtomicInteger reads = new AtomicInteger();
    private Instant now = NOW;
    private KnownTrials known;

    @BeforeEach
    void anEmptyCache() {
        Clock clock = new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        known = new KnownTrials(
                id -> {
                    reads.incrementAndGet();
                    return cache.values().toList();
                },
                cache::get,
                clock);
    }

    @Test
    void afterTheFirstLookOnlyWhatChangesIsRead() {
        put(0, State.RUNNING);
        put(1, State.RUNNING);
        assertThat(names(known.of(sweep, search))).containsExactlyInAnyOrder("t0", "t1");
        put(0, State.SUCCEEDED);
        put(2, State.RUNNING);
        cache.remove("default/t1");
        SweepTrials trials = known.of(sweep, search);
        assertThat(names(trials)).containsExactlyInAnyOrder("t0", "t2");
        assertThat(trials.count(State.SUCCEEDED)).isEqualTo(1);
        assertThat(trials.inFlight())
                .extracting(trial -> trial.getMetadata().getName())
                .containsExactly("t2");
        assertThat(reads).hasValue(1);
    }

    @Test
    void anotherSpecAnotherSweepAndTimeMakeItReadAnew() {
        put(0, State.RUNNING);
        known.of(sweep, search);
        sweep.getMetadata().setGeneration(2L);
        known.of(sweep, search);
        assertThat(reads).hasValue(2);
        now = NOW.plus(Duration.ofHours(1));
        known.of(sweep, search);
        assertThat(reads).hasValue(3);
        sweep.getMetadata().setUid("another");
        assertThat(names(known.of(sweep, search))).isEmpty();
        assertThat(reads).hasValue(4);
    }

    @Test
    void aTrialThatIsBeingDeletedOrIsAnothersDoesNotCount() {
        known.of(sweep, search);
        Trial deleted = trial(0, State.RUNNING);
        deleted.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
        cache.put("default/t0", deleted);
        Trial foreign = trial(1, State.RUNNING);
        foreign.getMetadata().setOwnerReferences(List.of());
        cache.put("default/t1", foreign);
        assertThat(names(known.of(sweep, search))).isEmpty();
    }

    private void put(int number, State state) {
        cache.put("default/t" + number, trial(number, state));
    }

    private Trial trial(int number, State state) {
        Numbered point = search.next(List.of(), number + 1).get(number);
        Trial trial = in(Objects.trial("t" + number, point.point()), state, null);
        trial.getMetadata().setOwnerReferences(List.of(Owned.by(sweep)));
        return trial;
    }

    private static List<String> names(SweepTrials trials) {
        return trials.inSpace().stream()
                .map(trial -> trial.getMetadata().getName())
                .toList();
    }
}
