package dev.sweeps.metrics;

import java.util.List;

/**
 * What a log shows about a metric that could not be read from it.
 *
 * @param mention the last line with the name of the metric, shortened; null if no line has it
 * @param lastLines the last lines that are not blank, shortened
 */
public record Evidence(String mention, List<String> lastLines) {
    public static final Evidence NONE = new Evidence(null, List.of());

    /** Number of lines that are kept. */
    static final int LINES = 3;

    private static final int MAX_LENGTH = 200;

    public Evidence {
        lastLines = List.copyOf(lastLines);
    }

    static String shortened(String line) {
        String shown = line.strip();
        return shown.length() <= MAX_LENGTH ? shown : shown.substring(0, MAX_LENGTH - 3) + "...";
    }

    /** Shortens a long line to a part around the name. */
    static String shortened(String line, int nameAt) {
        return nameAt < MAX_LENGTH / 2 ? shortened(line) : "..." + shortened(line.substring(nameAt - MAX_LENGTH / 4));
    }

    /** Returns this evidence, completed by that of an earlier part of the log. */
    Evidence orElse(Evidence earlier) {
        return new Evidence(
                mention == null ? earlier.mention : mention, lastLines.isEmpty() ? earlier.lastLines : lastLines);
    }
}
