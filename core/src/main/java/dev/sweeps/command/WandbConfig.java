package dev.sweeps.command;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * What the Python library of Weights and Biases reads of a sweep: a program that calls {@code wandb.init()} finds its parameters in
 * {@code wandb.config}, as under their agent (sweep_param_path in wandb_setup.py of wandb). Without an account it keeps to itself.
 */
public final class WandbConfig {
    /** Environment variable with the path of the file. */
    private static final String FILE = "WANDB_SWEEP_PARAM_PATH";

    private static final String MODE = "WANDB_MODE";

    /** Variables with which a user configures the library. */
    private static final Set<String> DECIDED = Set.of(MODE, "WANDB_API_KEY", "WANDB_BASE_URL");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private WandbConfig() {}

    /** Returns the content of the file. The library reads YAML, which contains JSON as long as no character is written as a pair of escapes. */
    public static String of(SortedMap<String, ParameterValue> handed) {
        ObjectNode config = JSON.createObjectNode().put("wandb_version", 1);
        handed.forEach((name, value) -> config.putObject(name).set("value", value.json()));
        try {
            return JSON.writeValueAsString(config);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a parameter value is always JSON", e);
        }
    }

    /**
     * The environment variables that lead there.
     *
     * @param file where the program finds it
     * @param decided whether the user has said what the library is to do
     */
    public static Map<String, String> environment(String file, boolean decided) {
        return decided ? Map.of(FILE, file) : Map.of(FILE, file, MODE, "offline");
    }

    /** Whether variables that a program has anyway configure the library. */
    public static boolean decides(Collection<String> variables) {
        return variables.stream().anyMatch(DECIDED::contains);
    }
}
