package dev.sweeps.operator.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Something that we need and the cluster does not let us have: a quota is used up, a policy or Pod Security forbids it, a name is taken. It
 * is asked for again, and goes away by itself when its cause does.
 *
 * @param reason one word for a status
 * @param message in the server's own words
 * @param at when it was refused
 */
public record Refusal(String reason, String message, Instant at) {
    /** Format of the reason of a condition. Events can be written by others and may contain anything. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,63}");

    public Refusal {
        reason = reason != null && WORD.matcher(reason).matches() ? reason : "Refused";
    }

    /** Makes a refusal from an answer of the API server. */
    public static Refusal of(String reason, KubernetesClientException answer, Instant at) {
        return new Refusal(reason, messageOf(answer), at);
    }

    /** Returns the message of the server, or that of the client if the server sent none. */
    static String messageOf(KubernetesClientException answer) {
        return answer.getStatus() == null || answer.getStatus().getMessage() == null
                ? String.valueOf(answer.getMessage())
                : answer.getStatus().getMessage();
    }
}
