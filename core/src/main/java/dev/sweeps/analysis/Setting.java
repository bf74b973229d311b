package dev.sweeps.analysis;

import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.List;
import java.util.Map;

/** One combination of parameters with the results of its replicates, usually one. */
public record Setting(Map<String, ParameterValue> parameters, List<Result> replicates) {

    /** Mean of the metric. */
    public double mean() {
        return replicates.stream()
                .mapToDouble(result -> result.value().doubleValue())
                .average()
                .orElseThrow();
    }

    public int count() {
        return replicates.size();
    }
}
