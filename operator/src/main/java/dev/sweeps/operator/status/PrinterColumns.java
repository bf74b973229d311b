package dev.sweeps.operator.status;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.search.SearchSpace;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Formats values for a column of {@code kubectl get}. */
public final class PrinterColumns {
    private PrinterColumns() {}

    /** Returns the parameters that differ between the trials of the sweep, sorted by name. */
    public static Map<String, ParameterValue> varying(SweepSpec spec, Map<String, ParameterValue> parameters) {
        Map<String, ParameterValue> varying = new TreeMap<>(parameters);
        varying.keySet().retainAll(varying(spec));
        return varying;
    }

    /** Returns the names of the parameters that differ between the trials of the sweep. */
    public static Set<String> varying(SweepSpec spec) {
        return Set.copyOf(SearchSpace.of(spec.parameters()).varying());
    }

    /** Returns {@code batch=16 learning_rate=0.00003}, shortened; null for no parameters. */
    public static String line(Map<String, ParameterValue> parameters) {
        return parameters.isEmpty()
                ? null
                : SizeLimits.beginning(
                        parameters.entrySet().stream()
                                .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                                .collect(Collectors.joining(" ")),
                        SizeLimits.COLUMN);
    }
}
