package dev.sweeps.operator.web;

import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.results.TrialRow;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A filter of trials. The dashboard's own filter (state.ts) has the same grammar. */
final class TrialFilter {
    private static final Pattern COMPARISON =
            Pattern.compile("(.+?)(<=|>=|<|>)([-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[-+]?\\d{1,4})?)");

    private TrialFilter() {}

    /**
     * @param state null for all
     * @param text words that a trial must all hold, in its name, state, reason, node or {@code parameter=value}, or comparisons of a parameter
     *     or a metric, as {@code eval_acc>0.8}; null for none
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
        List<Predicate<TrialRow>> comparisons =
                words.stream().flatMap(word -> comparison(word).stream()).toList();
        List<String> texts =
                words.stream().filter(word -> comparison(word).isEmpty()).toList();
        return row -> (state == null || state.equals(row.state()))
                && comparisons.stream().allMatch(comparison -> comparison.test(row))
                && (texts.isEmpty() || texts.stream().allMatch(searchable(row)::contains));
    }

    private static Optional<Predicate<TrialRow>> comparison(String word) {
        Matcher comparison = COMPARISON.matcher(word);
        if (!comparison.matches()) {
            return Optional.empty();
        }
        String name = comparison.group(1);
        BigDecimal limit = new BigDecimal(comparison.group(3));
        return Optional.of(row -> numbers(row)
                .filter(number -> number.getKey().equalsIgnoreCase(name))
                .anyMatch(number -> isWithin(number.getValue().compareTo(limit), comparison.group(2))));
    }

    private static boolean isWithin(int order, String sign) {
        return order == 0 ? sign.endsWith("=") : order < 0 == sign.startsWith("<");
    }

    private static Stream<Map.Entry<String, BigDecimal>> numbers(TrialRow row) {
        return Stream.concat(
                row.parameters().entrySet().stream()
                        .filter(parameter -> parameter.getValue().raw() instanceof BigDecimal)
                        .map(parameter -> Map.entry(parameter.getKey(), (BigDecimal)
                                parameter.getValue().raw())),
                row.metrics().entrySet().stream());
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
