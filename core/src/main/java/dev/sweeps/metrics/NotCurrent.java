package dev.sweeps.metrics;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells a current value from one that a program repeats or compares with: {@code best val_acc: 0.95}. */
final class NotCurrent {
    private static final Pattern BEST =
            Pattern.compile("\\b(?:best|so far|highest|lowest)\\b", Pattern.CASE_INSENSITIVE);

    private NotCurrent() {}

    /** Index after which no value in the line is the current one; the length of the line if there is none. */
    static int from(String line) {
        Matcher best = BEST.matcher(line);
        return best.find() ? best.start() : line.length();
    }
}
