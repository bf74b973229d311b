package dev.sweeps.operator.web;

import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.results.TrialRow;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which trials are asked for. The dashboard's own filter (state.ts) takes the same words. */
final class TrialFilter {
    private TrialFilter() {}

    /**
     * @param state null for all
     * @param text words that a trial must all hold, in its name, state, reason, node or {@code parameter=value}; null for none
     * @throws IllegalArgumentException if there is no such state
     */
    static Predicate<TrialRow> of(String state, String text) {
        List<String> states = Arrays.stream(TrialStatus.State.values())
                .map(TrialStatus.State::word)
                .toList();
        if (state != null && !states.contains(state)) {
            throw new IllegalArgumentException("state is " + state + "; use one of " + String.join(", ", states));
        }
        List<String> words = text == null
                ? List.of()
                : Arrays.stream(text.toLowerCase(Locale.ROOT).split("\\s+"))
                        .filter(word -> !word.isEmpty())
                        .toList();
        return row -> (state == null || state.equals(row.state()))
                && (words.isEmpty() || words.stream().allMatch(searchable(row)::contains));
    }

    private static String searchable(TrialRow row) {
        return Stream.concat(
                        Stream.of(row.trial(), row.state(), row.reason(), row.node())
                                .filter(Objects::nonNull),
                        row.parameters().entrySet().stream()
                                .map(parameter -> parameter.getKey() + "=" + parameter.getValue()))
                .collect(Collectors.joining(" "))
                .toLowerCase(Locale.ROOT);
    }
}
