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
 * Classification and Regression Trees, 1984, section 9.4). Many values stand where their scale has them, in the
 * middle of one of {@value #BINS} bins of equal count, so that a tree has few splits to choose from (as in histogram-based boosting).
 */
record Axis(String name, double low, double high, Map<ParameterValue, Double> positions) {
    private static final int BINS = 64;

    static Axis of(String name, List<ParameterValue> values, List<Setting> settings) {
        Scale scale = Scale.of(values);
        Map<ParameterValue, Double> positions = new HashMap<>();
        if (Ranges.isNeeded(values)) {
            int bins = Math.min(BINS, values.size());
            for (int bin = 0; bin < bins; bin++) {
                List<ParameterValue> members =
                        values.subList(bin * values.size() / bins, (bin + 1) * values.size() / bins);
                double middle = (scale.position(members.get(0)) + scale.position(members.get(members.size() - 1))) / 2;
                members.forEach(value -> positions.put(value, middle));
            }
            return new Axis(
                    name, scale.position(values.get(0)), scale.position(values.get(values.size() - 1)), positions);
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
