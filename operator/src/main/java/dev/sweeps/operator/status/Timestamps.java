package dev.sweeps.operator.status;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Formats times as Kubernetes does: RFC 3339, UTC, whole seconds. */
public final class Timestamps {
    private Timestamps() {}

    public static String of(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
