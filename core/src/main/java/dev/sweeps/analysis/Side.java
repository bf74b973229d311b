package dev.sweeps.analysis;

import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One of two groups that are compared.
 *
 * @param settings by the parameters that are not fixed by the group, in running order
 */
record Side(Map<String, ParameterValue> group, Map<Map<String, ParameterValue>, Setting> settings, Goal goal) {

    /**
     * @param tuned names of the varying parameters that do not make the groups
     */
    static Side of(Map<String, ParameterValue> group, List<Setting> settings, Collection<String> tuned, Goal goal) {
        Map<Map<String, ParameterValue>, Setting> byTuned = new LinkedHashMap<>();
        settings.forEach(setting -> {
            Map<String, ParameterValue> kept = new TreeMap<>(setting.parameters());
            kept.keySet().retainAll(tuned);
            byTuned.putIfAbsent(kept, setting);
        });
        return new Side(group, byTuned, goal);
    }

    Setting best() {
        return Best.first(List.copyOf(settings.values()), goal).orElseThrow();
    }

    /** Returns the parameters of the best setting that the group does not fix. */
    Map<String, ParameterValue> bestParameters() {
        Setting best = best();
        return settings.entrySet().stream()
                .filter(setting -> setting.getValue() == best)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** Returns a difference of the metric, positive if it is an improvement. */
    double gain(double difference) {
        return goal == Goal.MAXIMIZE ? difference : -difference;
    }
}
