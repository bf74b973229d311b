package dev.sweeps.command;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The words of a command line that stand for something else, as in Weights and Biases (wandb/wandb_agent.py,
 * {@code Agent._create_command_args}). A macro is a whole element of {@code command}.
 */
enum Macro {
    ENV("env", (program, parameters) -> List.of("/usr/bin/env")),
    INTERPRETER("interpreter", (program, parameters) -> List.of("python")),
    PROGRAM("program", (program, parameters) -> List.of(program)),
    ARGS("args", each((name, value) -> Stream.of("--" + name + "=" + python(value)))),
    ARGS_NO_EQUALS("args_no_equals", each((name, value) -> Stream.of("--" + name, python(value)))),
    ARGS_NO_HYPHENS("args_no_hyphens", each((name, value) -> Stream.of(name + "=" + python(value)))),
    ARGS_NO_BOOLEAN_FLAGS("args_no_boolean_flags", each(Macro::flagOrArgument)),
    ARGS_JSON("args_json", (program, parameters) -> List.of(json(parameters))),
    ARGS_APPEND_HYDRA("args_append_hydra", each((name, value) -> Stream.of("+" + name + "=" + python(value)))),
    ARGS_OVERRIDE_HYDRA("args_override_hydra", each((name, value) -> Stream.of("++" + name + "=" + python(value))));

    /** What a macro is replaced by. */
    private interface Expansion {
        List<String> of(String program, SortedMap<String, ParameterValue> parameters);
    }

    private interface Words {
        Stream<String> of(String name, ParameterValue value);
    }

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private final String word;
    private final Expansion expansion;

    Macro(String word, Expansion expansion) {
        this.word = word;
        this.expansion = expansion;
    }

    /** The words that the macro stands for. */
    List<String> words(String program, SortedMap<String, ParameterValue> parameters) {
        return expansion.of(program, parameters);
    }

    /** The macro that the name between <code>${</code> and <code>}</code> means. */
    static Optional<Macro> named(String name) {
        return Arrays.stream(values()).filter(macro -> macro.word.equals(name)).findFirst();
    }

    /** All names, for a message. */
    static String names() {
        return Arrays.stream(values()).map(macro -> "${" + macro.word + "}").collect(Collectors.joining(", "));
    }

    /** Parameters as a JSON object, numbers plain and as numbers. */
    static String json(SortedMap<String, ParameterValue> parameters) {
        try {
            return JSON.writeValueAsString(parameters);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a parameter value is always JSON", e);
        }
    }

    private static Expansion each(Words words) {
        return (program, parameters) -> parameters.entrySet().stream()
                .flatMap(parameter -> words.of(parameter.getKey(), parameter.getValue()))
                .toList();
    }

    private static Stream<String> flagOrArgument(String name, ParameterValue value) {
        if (value.raw() instanceof Boolean given) {
            return given ? Stream.of("--" + name) : Stream.empty();
        }
        return Stream.of("--" + name + "=" + python(value));
    }

    /** As Python prints it, because W&B's agent does and programs expect it: True and False for booleans. */
    private static String python(ParameterValue value) {
        return value.raw() instanceof Boolean given ? (given ? "True" : "False") : value.toString();
    }
}
