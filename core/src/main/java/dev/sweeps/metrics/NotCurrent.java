package dev.sweeps.metrics;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells a current value from one that a program repeats or compares with: {@code best val_acc: 0.95},
 * {@code Loaded checkpoint (val_acc=0.95)}, {@code Namespace(loss=1)}.
 */
final class NotCurrent {
    private static final Pattern REPEATED = Pattern.compile(
            "\\b(?:best|so far|highest|lowest"
                    + "|(?:load|restor|resum)(?:ed|ing)\\b[^=:]{0,100}?\\b(?:checkpoint|model|weights|training|from))\\b"
                    + "|(?:namespace|args|arguments|config|hparams|hyper-?parameters|settings)\\s*[:=]?\\s*[({]",
            Pattern.CASE_INSENSITIVE);

    private NotCurrent() {}

    /** Returns the index after which no value in the line is current; the length of the line if there is none. */
    static int from(String line) {
        Matcher repeated = REPEATED.matcher(line);
        return repeated.find() ? repeated.start() : line.length();
    }
}
