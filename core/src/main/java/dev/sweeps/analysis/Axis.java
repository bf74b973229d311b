package dev.sweeps.analysis;

import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One parameter as a tree sees it: a place on a line, all of whose parts between {@code low} and {@code high} weigh the same. A few values
 * stand side by side, each one wide; categories stand in the order of their means, in which a split can part them best (Breiman and others,
 * Classification and Regression Trees, 1984, section 9.4). Many values stand where their scale has them.
 */
record Axis(String name, double low, double high, Map<ParameterValue, Double> positions) {
    /** Of more numbers each is no level of its own. */
    private static final int MAX_LEVELS = 20;

    static Axis of(String name, List<ParameterValue> values, List<Setting> settings) {
        Scale scale = Scale.of(values);
        Map<ParameterValue, Double> positions = new HashMap<>();
        if (scale != Scale.CATEGORY && values.size() > MAX_LEVELS) {
            values.forEach(value -> positions.put(value, scale.position(value)));
            return new Axis(
                    name, positions.get(values.get(0)), positions.get(values.get(values.size() - 1)), positions);
        }
        List<ParameterValue> ordered = scale == Scale.CATEGORY ? byMean(name, values, settings) : values;
        ordered.forEach(value -> positions.put(value, (double) positions.size()));
        return new Axis(name, -0.5, values.size() - 0.5, positions);
    }

    private static List<ParameterValue> byMean(String name, List<ParameterValue> values, List<Setting> settings) {
        Map<ParameterValue, Double> means = settings.stream()
                .collect(Collectors.groupingBy(
                        setting -> TrialTable.value(setting.parameters(), name),
                        Collectors.averagingDouble(Setting::mean)));
        return values.stream().sorted(Comparator.comparing(means::get)).toList();
    }

    double position(Map<String, ParameterValue> parameters) {
        return positions.get(TrialTable.value(parameters, name));
    }
}
