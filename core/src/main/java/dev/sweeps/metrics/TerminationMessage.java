package dev.sweeps.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a trial wrote to {@code /dev/termination-log}: a JSON object with its final metrics, and when it failed with
 * {@code "reason"} (one word) and {@code "error"} (a sentence). Any other text is the sentence.
 *
 * @param metrics the final metrics
 * @param reason one word of letters and digits, if the trial gave one; anything else in its place is ignored
 * @param error a sentence for the user, if the trial gave one
 * @param collapsed whether the trial said {@code "collapsed": true}: its classifier gives every example the same answer
 */
public record TerminationMessage(Metrics metrics, Optional<String> reason, Optional<String> error, boolean collapsed) {
    public static final TerminationMessage NONE =
            new TerminationMessage(Metrics.NONE, Optional.empty(), Optional.empty(), false);

    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,63}");

    /** Reads the message of a terminated container; null and empty are {@link #NONE}. */
    public static TerminationMessage parse(String text) {
        if (text == null || text.isBlank()) {
            return NONE;
        }
        Optional<JsonNode> object = ObjectMetrics.json(text);
        if (object.isEmpty()) {
            return new TerminationMessage(Metrics.NONE, Optional.empty(), Optional.of(text.strip()), false);
        }
        return new TerminationMessage(
                ObjectMetrics.of(object.get()),
                text(object.get(), "reason")
                        .filter(reason -> WORD.matcher(reason).matches()),
                text(object.get(), "error"),
                object.get().path("collapsed").asBoolean());
    }

    private static Optional<String> text(JsonNode object, String field) {
        return Optional.ofNullable(object.get(field))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue);
    }
}
