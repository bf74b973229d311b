package dev.sweeps.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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
    /** Maximum number of characters. A longer line is not read. */
    static final int MAX_LENGTH = 16_384;

    /** ECMA-48 control sequences: ESC [ parameters intermediate final. */
    private static final Pattern ESCAPES = Pattern.compile("\u001B\\[[0-?]*[ -/]*[@-~]");

    /**
     * {@code [rank0]:} and {@code [default0]:} of torchrun, {@code [1,0]<stdout>:} of mpirun and horovodrun, {@code [rank: 0]} of Lightning,
     * {@code Rank 0:} and {@code GPU 0 |} of scripts.
     */
    private static final Pattern RANK = Pattern.compile(
            "\\s*(?:[\\[(<](?:(?:local[ _-]?)?rank|default|trainer|worker|gpu)[ :=#]{0,2}(?<process>\\d{1,6})[\\])>]:?"
                    + "|\\[\\d+,(?<mpi>\\d{1,6})\\]<std(?:out|err)>:?"
                    + "|(?:(?:local[ _-]?)?rank|gpu)[ :=#]{0,2}(?<script>\\d{1,6})\\s?[:|])\\s?",
            Pattern.CASE_INSENSITIVE);

    /** Matches {@code [Rank 0]} after the timestamp and the level of a logger, as DeepSpeed's log_dist prints it. */
    private static final Pattern RANK_INSIDE =
            Pattern.compile("\\[(?:local[ _-]?)?rank[ :=#]{0,2}(\\d{1,6})\\]", Pattern.CASE_INSENSITIVE);

    /** Prefix of Ray: {@code (RayTrainWorker pid=123, ip=10.0.0.1)}. */
    private static final Pattern RAY =
            Pattern.compile("\\s*\\((?:[\\w.<>():-]{1,100} )?pid=\\d+(?:, ip=[\\w.:]+)?\\)\\s?");

    /** Prefix of Python's logging.basicConfig: {@code INFO:root:}. */
    private static final Pattern LEVEL_AND_LOGGER =
            Pattern.compile("(?:DEBUG|INFO|WARNING|ERROR|CRITICAL):[\\w.-]{0,100}:\\s?");

    /** Full-width punctuation of Chinese and Japanese text, which separates names and values as its ASCII counterparts do. */
    private static final String FULL_WIDTH = "\uFF1A\uFF0C\uFF1B\uFF1D\uFF08\uFF09";

    private static final List<String> HALF_WIDTH = List.of(": ", ", ", "; ", "=", " (", ")");

    /** Returns the lines of a log. Only a line feed ends a line; text that is drawn over is one line. */
    static Stream<String> split(String log) {
        return log.isEmpty() ? Stream.empty() : Arrays.stream(log.split("\n"));
    }

    private static String halfWidth(String text) {
        StringBuilder half = new StringBuilder();
        text.chars().forEach(c -> {
            int at = FULL_WIDTH.indexOf(c);
            half.append(at < 0 ? String.valueOf((char) c) : HALF_WIDTH.get(at));
        });
        return half.toString();
    }

    /** @param line without its line feed */
    static LogLine of(String line) {
        String drawn = line.stripTrailing();
        String last = drawn.substring(Math.max(drawn.lastIndexOf('\r'), drawn.lastIndexOf('\b')) + 1);
        if (last.length() > MAX_LENGTH) {
            return new LogLine("", Optional.empty());
        }
        String shown = last.indexOf('\u001B') < 0 ? last : ESCAPES.matcher(last).replaceAll("");
        shown = shown.chars().anyMatch(c -> FULL_WIDTH.indexOf(c) >= 0) ? halfWidth(shown) : shown;
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
                rank = Stream.of("process", "mpi", "script")
                        .map(prefix::group)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .map(Integer::valueOf);
                start = prefix.end();
            } else if (ray.lookingAt()) {
                start = ray.end();
            } else if (logger.lookingAt()) {
                start = logger.end();
            } else {
                found = false;
            }
        }
        Matcher inside = RANK_INSIDE.matcher(shown);
        if (rank.isEmpty() && inside.find()) {
            rank = Optional.of(Integer.valueOf(inside.group(1)));
        }
        return new LogLine(shown.substring(start), rank);
    }
}
