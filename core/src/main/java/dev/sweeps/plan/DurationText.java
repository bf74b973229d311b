package dev.sweeps.plan;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as a sweep has them: {@code 90s}, {@code 1h30m}. */
public final class DurationText {
    private static final Pattern TEXT = Pattern.compile("(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?");

    private DurationText() {}

    /** Empty for null, and for what is no duration above zero. */
    public static Optional<Duration> parse(String text) {
        Matcher parts = TEXT.matcher(text == null ? "" : text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        Duration duration =
                Duration.ofHours(part(parts, 1)).plusMinutes(part(parts, 2)).plusSeconds(part(parts, 3));
        return Optional.of(duration).filter(positive -> positive.compareTo(Duration.ZERO) > 0);
    }

    private static long part(Matcher parts, int group) {
        return parts.group(group) == null ? 0 : Long.parseLong(parts.group(group));
    }
}
