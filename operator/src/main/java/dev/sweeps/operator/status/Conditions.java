package dev.sweeps.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Conditions in the manner of metav1.Condition. */
public final class Conditions {
    public static final String TRUE = "True";
    public static final String FALSE = "False";

    private Conditions() {}

    /** Makes a condition. Its {@code lastTransitionTime} stays that of the previous one unless the status changed. */
    public static Condition condition(
            List<Condition> previous,
            String type,
            boolean status,
            String reason,
            String message,
            Long generation,
            Instant now) {
        String word = status ? TRUE : FALSE;
        String since = find(previous, type)
                .filter(condition -> word.equals(condition.getStatus()))
                .map(Condition::getLastTransitionTime)
                .orElse(Timestamps.of(now));
        return new ConditionBuilder()
                .withType(type)
                .withStatus(word)
                .withReason(reason)
                .withMessage(message)
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build();
    }

    /** Returns the condition of a type; the list may be null. */
    public static Optional<Condition> find(List<Condition> conditions, String type) {
        return conditions == null
                ? Optional.empty()
                : conditions.stream()
                        .filter(condition -> type.equals(condition.getType()))
                        .findFirst();
    }

    /** Whether the condition of this type is there and True. */
    public static boolean isTrue(List<Condition> conditions, String type) {
        return find(conditions, type)
                .filter(condition -> TRUE.equals(condition.getStatus()))
                .isPresent();
    }
}
