package dev.sweeps.validation;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.command.ParametersJson;
import dev.sweeps.search.Dimension;
import dev.sweeps.search.Distribution.Categorical;
import dev.sweeps.search.SearchSpace;
import dev.sweeps.search.Values;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The largest value that each parameter can have.
 *
 * @param bytes by name
 */
record LargestValues(Map<String, Integer> bytes) {
    private static final int RANGE = 24;

    static LargestValues of(SearchSpace space) {
        Map<String, Integer> bytes = new TreeMap<>();
        space.dimensions().forEach(dimension -> bytes.put(dimension.name(), bytes(dimension)));
        return new LargestValues(bytes);
    }

    /** Numbers of a range are short. */
    private static int bytes(Dimension dimension) {
        int most = RANGE;
        if (dimension.distribution() instanceof Categorical categorical) {
            Values values = categorical.choices();
            most = 0;
            for (long i = 0; i < values.count(); i++) {
                SortedMap<String, ParameterValue> one = new TreeMap<>(Map.of("", values.get(i)));
                most = Math.max(most, ParametersJson.of(one).length());
            }
        }
        return most;
    }

    /** Bytes of all parameters of one trial with their names, at most. */
    int total() {
        return bytes.entrySet().stream()
                .mapToInt(value -> value.getKey().length() + value.getValue())
                .sum();
    }

    Optional<Map.Entry<String, Integer>> largest() {
        return bytes.entrySet().stream().max(Comparator.comparing(Map.Entry::getValue));
    }
}
