package dev.sweeps.operator.trial;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.operator.cluster.Events;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Events of failed trials. A sweep of thousands that all fail gets some events and then one each minute that says how many there were: all the rest
 * stands in the statuses of the trials.
 */
final class FailureEvents {
    /** Maximum number of events of one sweep that are written at once. */
    private static final int SINGLE = 5;

    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final Events events;
    private final Clock clock;
    private final Cache<String, Told> told = Caffeine.newBuilder()
            .expireAfterAccess(WINDOW.multipliedBy(10))
            .maximumSize(10_000)
            .build();

    FailureEvents(Events events, Clock clock) {
        this.events = events;
        this.clock = clock;
    }

    /**
     * What was told of a sweep since a time.
     *
     * @param untold failures without an event
     */
    record Told(Instant since, int events, int untold) {
        /** Returns the state after one more failure. */
        Told more(Instant now) {
            if (!now.isBefore(since.plus(WINDOW))) {
                return new Told(now, 1, 0);
            }
            return events < SINGLE ? new Told(since, events + 1, untold) : new Told(since, events, untold + 1);
        }
    }

    void failed(Sweep sweep, String trial, TrialStatus status) {
        note(sweep.getMetadata().getUid(), trial, status.reason(), status.message())
                .ifPresent(note -> events.warning(sweep, "TrialFailed", note));
    }

    /** Returns the note of an event; empty if none is written. */
    Optional<String> note(String sweepUid, String trial, String reason, String message) {
        Instant now = clock.instant();
        Told[] before = new Told[1];
        Told after = told.asMap().compute(sweepUid, (uid, known) -> {
            before[0] = known;
            return known == null ? new Told(now, 1, 0) : known.more(now);
        });
        boolean isUntold = before[0] != null && after.untold() > before[0].untold();
        if (isUntold) {
            return Optional.empty();
        }
        int more = before[0] != null && after.since().equals(now) ? before[0].untold() : 0;
        String others = more == 0 ? "" : more + " other trials failed in the last minute; see kubectl get trials. ";
        return Optional.of(others + "trial " + trial + ": " + reason + ": " + message);
    }
}
