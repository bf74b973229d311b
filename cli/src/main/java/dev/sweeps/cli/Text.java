package dev.sweeps.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Formats text for a terminal. */
final class Text {
    /** Characters that a terminal would interpret. Names and values come from the user and may contain anything. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cf}]");

    private Text() {}

    /** Shortens the text to a width, without characters that move the cursor. */
    static String shortened(String text, int width) {
        String printable = printable(text);
        return width(printable) <= width
                ? printable
                : printable.substring(0, printable.offsetByCodePoints(0, width - 1)) + "…";
    }

    static String printable(String text) {
        return CONTROL.matcher(text).replaceAll(" ");
    }

    /** Returns the number of characters. Characters of double width count as one, as in kubectl. */
    static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Formats a duration: {@code 1h5m}, {@code 3m20s}, {@code 12s}. */
    static String duration(Duration duration) {
        if (duration.toHours() > 0) {
            return duration.toHours() + "h" + duration.toMinutesPart() + "m";
        }
        return duration.toMinutes() > 0
                ? duration.toMinutes() + "m" + duration.toSecondsPart() + "s"
                : duration.toSeconds() + "s";
    }

    /** Draws a bar for a share of a width, to an eighth of a character. */
    static String bar(double share, int width) {
        int eighths = (int) Math.round(Math.max(0, Math.min(1, share)) * width * 8);
        String rest = eighths % 8 == 0 ? "" : String.valueOf((char) ('█' + 8 - eighths % 8));
        return "█".repeat(eighths / 8) + rest;
    }

    static String percent(double share) {
        return share > 0 && share < 0.095 ? "%.1f %%".formatted(100 * share) : "%.0f %%".formatted(100 * share);
    }

    /** Wraps text at a width, between words. */
    static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : printable(text).split(" ")) {
            if (line.length() > 0 && width(line.toString()) + 1 + width(word) > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
