package dev.sweeps.command;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.TrialSpec;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The environment variables with the parameters of a trial. */
public final class TrialEnvironment {
    /** Number of GPUs that a trial requested, so that a program that sees fewer can report it. Not set if it requested none. */
    public static final String GPUS = "SWEEP_GPUS";

    /** Variables that every trial has, whatever its parameters. */
    public static final Set<String> ALWAYS = Set.of("SWEEP_NAME", "SWEEP_TRIAL", "SWEEP_PARAMETERS");

    /** Maximum number of bytes of a variable with its name, and of an argument (MAX_ARG_STRLEN of Linux). */
    public static final int MAX_BYTES = 131_072;

    private TrialEnvironment() {}

    /** Whether a variable is longer than a program can receive. */
    public static boolean isTooLong(String variable, String value) {
        return variable.length() + 2 + value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES;
    }

    /**
     * {@code SWEEP_PARAM_<NAME>} for each parameter, {@code SWEEP_PARAMETERS} with all of them as a JSON object, {@code SWEEP_NAME} and
     * {@code SWEEP_TRIAL}. What is longer than a variable may be is left out; {@code ${args_json_file}} has it. A nested parameter has a variable of its own, and is in the variable of the map that holds it.
     */
    public static Map<String, String> of(
            String sweep, String trial, SweepSpec spec, TrialSpec point, ArgumentSyntax place) {
        SortedMap<String, ParameterValue> handed = ProgramParameters.of(spec, point);
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("SWEEP_NAME", sweep);
        environment.put("SWEEP_TRIAL", trial);
        environment.put("SWEEP_PARAMETERS", place.literal(ParametersJson.of(handed)));
        point.parameters().forEach((name, value) -> environment.put(variable(name), place.literal(value.toString())));
        handed.forEach((name, value) -> environment.put(variable(name), place.literal(value.toString())));
        environment.entrySet().removeIf(variable -> isTooLong(variable.getKey(), variable.getValue()));
        return environment;
    }

    /** Returns the variable of a parameter: {@code model.name} is in {@code SWEEP_PARAM_MODEL_NAME}. */
    public static String variable(String parameter) {
        return "SWEEP_PARAM_" + parameter.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_");
    }

    /** Returns the parameters that would share a variable, by variable. */
    public static Map<String, String> collisions(Collection<String> parameters) {
        Map<String, String> first = new TreeMap<>();
        Map<String, String> collisions = new TreeMap<>();
        for (String parameter : parameters) {
            String earlier = first.putIfAbsent(variable(parameter), parameter);
            if (earlier != null) {
                collisions.put(earlier, parameter);
            }
        }
        return collisions;
    }
}
