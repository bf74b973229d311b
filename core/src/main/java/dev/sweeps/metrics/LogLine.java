package dev.sweeps.metrics;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A line of a log as a person sees it in a terminal: escape sequences are removed, and of text that was drawn over (with carriage returns or
 * backspaces, as progress bars do) the last state is left. Prefixes that launchers put before the lines of their processes are removed.
 *
 * @param text empty if the line is longer than {@link #MAX_LENGTH}
 * @param rank of the process that printed the line, if the launcher says so
 */
record LogLine(String text, Optional<Integer> rank) {
    /** Characters; a longer line is not a metric line and is not read. */
    static final int MAX_LENGTH = 16_384;

    /** ECMA-48 control sequences: ESC [ parameters intermediate final. */
    private static final Pattern ESCAPES = Pattern.compile("\u001B\\[[0-?]*[ -/]*[@-~]");

    /** {@code [rank0]:} and {@code [default0]:} of torchrun, {@code [1,0]<stdout>:} of mpirun and horovodrun, {@code [rank: 0]} of Lightning. */
    private static final Pattern RANK = Pattern.compile(
            "\\s*(?:\\[(?:rank|default|trainer|worker)[ :=]{0,2}(\\d{1,6})\\]|\\[\\d+,(\\d{1,6})\\]<std(?:out|err)>):?\\s?",
            Pattern.CASE_INSENSITIVE);

    /** {@code (RayTrainWorker pid=123, ip=10.0.0.1)} of Ray. */
    private static final Pattern RAY =
            Pattern.compile("\\s*\\((?:[\\w.<>():-]{1,100} )?pid=\\d+(?:, ip=[\\w.:]+)?\\)\\s?");

    /** {@code INFO:root:} of Python's logging.basicConfig. */
    private static final Pattern LEVEL_AND_LOGGER =
            Pattern.compile("(?:DEBUG|INFO|WARNING|ERROR|CRITICAL):[\\w.-]{0,100}:\\s?");

    /** The lines of a log. Only a line feed ends one: text that is drawn over is one line. */
    static Stream<String> split(String log) {
        return log.isEmpty() ? Stream.empty() : Arrays.stream(log.split("\n"));
    }

    /** @param line without its line feed */
    static LogLine of(String line) {
        String drawn = line.stripTrailing();
        String last = drawn.substring(Math.max(drawn.lastIndexOf('\r'), drawn.lastIndexOf('\b')) + 1);
        if (last.length() > MAX_LENGTH) {
            return new LogLine("", Optional.empty());
        }
        String shown = last.indexOf('\u001B') < 0 ? last : ESCAPES.matcher(last).replaceAll("");
        // Syslog and SageMaker write a tab as #011.
        shown = shown.contains("#011") ? shown.replace("#011", "\t") : shown;
        Optional<Integer> rank = Optional.empty();
        int start = 0;
        boolean found = true;
        while (found && start < shown.length()) {
            Matcher prefix = RANK.matcher(shown).region(start, shown.length());
            Matcher ray = RAY.matcher(shown).region(start, shown.length());
            Matcher logger = LEVEL_AND_LOGGER.matcher(shown).region(start, shown.length());
            if (prefix.lookingAt()) {
                String number = prefix.group(1) == null ? prefix.group(2) : prefix.group(1);
                rank = Optional.of(Integer.valueOf(number));
                start = prefix.end();
            } else if (ray.lookingAt()) {
                start = ray.end();
            } else if (logger.lookingAt()) {
                start = logger.end();
            } else {
                found = false;
            }
        }
        return new LogLine(shown.substring(start), rank);
    }
}
