package dev.sweeps.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sweeps.api.v1alpha1.Parameter;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.TrialSpec;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The parameters of a trial as its program gets them: nested ones as maps, and the seed of its replicate. */
public final class ProgramParameters {
    /** Name of the parameter that distinguishes replicates. */
    public static final String SEED = "seed";

    /** Default seed of run_glue. */
    private static final long DEFAULT_SEED = 42;

    private ProgramParameters() {}

    /** Returns all parameters, sorted by name. */
    public static SortedMap<String, ParameterValue> of(SweepSpec spec, TrialSpec trial) {
        SortedMap<String, ParameterValue> handed = nested(spec.parameters(), trial.parameters());
        if (spec.replicates() > 1) {
            long first = spec.seed() == null ? DEFAULT_SEED : spec.seed();
            handed.putIfAbsent(SEED, ParameterValue.of(first + trial.replicate()));
        }
        return handed;
    }

    private static SortedMap<String, ParameterValue> nested(
            Map<String, Parameter> declared, Map<String, ParameterValue> flat) {
        SortedMap<String, ParameterValue> handed = new TreeMap<>(flat);
        declared.forEach((name, parameter) -> {
            if (parameter != null && parameter.parameters() != null) {
                ParameterValue map = new ParameterValue(map(name + ".", parameter.parameters(), flat));
                handed.keySet().removeIf(other -> other.startsWith(name + ".") && !declared.containsKey(other));
                handed.put(name, map);
            }
        });
        return handed;
    }

    /** @param prefix of the flat names of what is nested here */
    private static JsonNode map(String prefix, Map<String, JsonNode> declared, Map<String, ParameterValue> flat) {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        declared.forEach((name, parameter) -> {
            JsonNode inner = parameter == null ? null : parameter.get("parameters");
            if (inner instanceof ObjectNode nested) {
                Map<String, JsonNode> fields = new TreeMap<>();
                nested.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
                map.set(name, map(prefix + name + ".", fields, flat));
            } else if (flat.containsKey(prefix + name)) {
                map.set(name, flat.get(prefix + name).json());
            }
        });
        return map;
    }
}
