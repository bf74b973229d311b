package dev.sweeps.command;

import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The words of a command line that stand for something else, as in Weights and Biases ({@code create_sweep_command_args}
 * in wandb/sdk/launch/sweeps/utils.py). A macro is a whole element of {@code command}.
 */
enum Macro {
    ENV("env", trial -> List.of("/usr/bin/env")),
    INTERPRETER("interpreter", trial -> List.of(trial.place().interpreter())),
    PROGRAM("program", trial -> List.of(trial.program())),
    ARGS("args", each((name, value) -> Stream.of("--" + name + "=" + PythonText.of(value)))),
    ARGS_NO_EQUALS("args_no_equals", each((name, value) -> Stream.of("--" + name, PythonText.of(value)))),
    ARGS_NO_HYPHENS("args_no_hyphens", each((name, value) -> Stream.of(name + "=" + PythonText.of(value)))),
    ARGS_NO_BOOLEAN_FLAGS("args_no_boolean_flags", each(Macro::flagOrArgument)),
    ARGS_JSON("args_json", trial -> List.of(ParametersJson.of(trial.parameters()))),
    ARGS_JSON_FILE("args_json_file", trial -> List.of(trial.jsonFile())),
    ARGS_APPEND_HYDRA("args_append_hydra", each((name, value) -> Stream.of("+" + name + "=" + PythonText.of(value)))),
    ARGS_OVERRIDE_HYDRA(
            "args_override_hydra", each((name, value) -> Stream.of("++" + name + "=" + PythonText.of(value))));

    /**
     * What macros speak of.
     *
     * @param program null if the sweep names none
     * @param jsonFile path of a file with the parameters as JSON
     * @param place where the trial runs
     */
    record Subject(
            String program, SortedMap<String, ParameterValue> parameters, String jsonFile, ArgumentSyntax place) {}

    /** Expands a macro for a trial. */
    private interface Expansion {
        List<String> of(Subject trial);
    }

    private interface Words {
        Stream<String> of(String name, ParameterValue value);
    }

    private final String word;
    private final Expansion expansion;

    Macro(String word, Expansion expansion) {
        this.word = word;
        this.expansion = expansion;
    }

    /** Returns the words that replace the macro. */
    List<String> words(Subject trial) {
        return expansion.of(trial);
    }

    /** Returns the macro with the name between <code>${</code> and <code>}</code>. */
    static Optional<Macro> named(String name) {
        return Arrays.stream(values()).filter(macro -> macro.word.equals(name)).findFirst();
    }

    /** Returns all names, for a message. */
    static String names() {
        return Arrays.stream(values()).map(macro -> "${" + macro.word + "}").collect(Collectors.joining(", "));
    }

    private static Expansion each(Words words) {
        return trial -> trial.parameters().entrySet().stream()
                .flatMap(parameter -> words.of(parameter.getKey(), parameter.getValue()))
                .toList();
    }

    private static Stream<String> flagOrArgument(String name, ParameterValue value) {
        if (value.raw() instanceof Boolean given) {
            return given ? Stream.of("--" + name) : Stream.empty();
        }
        return Stream.of("--" + name + "=" + PythonText.of(value));
    }
}
