package dev.sweeps.plan;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations as a sweep has them, {@code 90s} or {@code 1h30m}: the time of ISO 8601 in small letters. */
public final class DurationText {
    private static final Pattern WHOLE = Pattern.compile("[0-9hms]+");

    private DurationText() {}

    /** Parses a duration; empty for null, and for a text that is not a positive duration. */
    public static Optional<Duration> parse(String text) {
        if (text == null || !WHOLE.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.parse("PT" + text.toUpperCase(Locale.ROOT)))
                    .filter(duration -> duration.compareTo(Duration.ZERO) > 0);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
