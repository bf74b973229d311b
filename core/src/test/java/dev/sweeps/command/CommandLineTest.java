package dev.sweeps.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.sweeps.Specs;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.TrialSpec;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    private static final SortedMap<String, ParameterValue> POINT = new TreeMap<>(Map.of(
            "lr", ParameterValue.number("3e-5"),
            "model", ParameterValue.text("bert"),
            "nesterov", ParameterValue.of(true),
            "warm", ParameterValue.of(false)));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "${env}                   | [/usr/bin/env]",
                "${interpreter}           | [python]",
                "${program}               | [train.py]",
                "${args}                  | [--lr=0.00003, --model=bert, --nesterov=True, --warm=False]",
                "${args_no_equals}        | [--lr, 0.00003, --model, bert, --nesterov, True, --warm, False]",
                "${args_no_hyphens}       | [lr=0.00003, model=bert, nesterov=True, warm=False]",
                "${args_no_boolean_flags} | [--lr=0.00003, --model=bert, --nesterov]",
                "${args_append_hydra}     | [+lr=0.00003, +model=bert, +nesterov=True, +warm=False]",
                "${args_override_hydra}   | [++lr=0.00003, ++model=bert, ++nesterov=True, ++warm=False]",
                "${args_json_file}        | [/etc/sweeps/parameters.json]",
                "${envvar:HOME}           | [$(HOME)]",
                "a$b${envvar:HOME}/${x}c  | [a$$b$(HOME)/$${x}c]"
            })
    void aMacroStandsForItsWords(String macro, String words) {
        assertThat(new CommandLine("train.py", List.of(macro))
                        .expand(POINT, TrialCommand.JSON_FILE, ArgumentSyntax.POD))
                .hasToString(words);
    }

    @Test
    void argsJsonKeepsNumbersNumbers() {
        assertThat(new CommandLine(null, List.of("${args_json}"))
                        .expand(POINT, TrialCommand.JSON_FILE, ArgumentSyntax.POD))
                .containsExactly("{\"lr\": 0.00003, \"model\": \"bert\", \"nesterov\": true, \"warm\": false}");
    }

    @Test
    void withoutACommandTheProgramIsRunAsByWeightsAndBiases() {
        assertThat(new CommandLine("train.py", null).expand(POINT, TrialCommand.JSON_FILE, ArgumentSyntax.POD))
                .startsWith("/usr/bin/env", "python", "train.py", "--lr=0.00003");
    }

    @Test
    void anUnknownMacroIsAProblem() {
        assertThat(new CommandLine("train.py", List.of("${env}", "${argz}")).problems())
                .singleElement()
                .asString()
                .startsWith(
                        "command[1]: ${argz} is not a macro; use one of ${env}, ${interpreter}, ${program}, ${args}");
    }

    @Test
    void whatStandsInsideLongerTextIsLeftAsItIs() {
        CommandLine hydra = new CommandLine(null, List.of("hydra.run.dir=${now:%Y}/x"));
        assertThat(hydra.problems()).isEmpty();
        assertThat(arrived(hydra.expand(POINT, TrialCommand.JSON_FILE, ArgumentSyntax.POD)
                        .get(0)))
                .isEqualTo("hydra.run.dir=${now:%Y}/x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$(HOME)",
                "$$(HOME)",
                "$$",
                "$",
                "a $b \"c\" 'd'",
                "two\nlines",
                "--looks=like",
                "ünï ✓",
                "${x}",
                "$(",
                ""
            })
    void aValueArrivesAsWritten(String value) {
        SortedMap<String, ParameterValue> point = new TreeMap<>(Map.of("v", ParameterValue.text(value)));
        SweepSpec spec = Specs.with("parameters: {v: {value: 1}}");
        assertThat(new CommandLine(null, List.of("${args_no_equals}"))
                        .expand(point, TrialCommand.JSON_FILE, ArgumentSyntax.POD).stream()
                                .map(CommandLineTest::arrived))
                .containsExactly("--v", value);
        assertThat(arrived(TrialEnvironment.of("s", "t", spec, new TrialSpec(point, 0, null), ArgumentSyntax.POD)
                        .get("SWEEP_PARAM_V")))
                .isEqualTo(value);
    }

    @Test
    void theDefaultTrainerIsGivenTheArgumentsOnly() {
        TrialCommand command = TrialCommand.of(Specs.of(Specs.TUTORIAL));
        assertThat(command.form()).isEqualTo(TrialCommand.Form.ARGUMENTS);
        assertThat(command.words(POINT)).startsWith("--do_train", "--do_eval", "--lr=0.00003");
    }

    @Test
    void anImageOfTheUsersIsGivenTheWholeCommandLine() {
        TrialCommand command = TrialCommand.of(
                Specs.of(Specs.TUTORIAL + "template: {spec: {containers: [{name: trainer, image: mine}]}}\n"));
        assertThat(command.form()).isEqualTo(TrialCommand.Form.COMMAND);
        assertThat(command.words(POINT)).startsWith("/usr/bin/env", "python", "run_glue.py", "--do_train");
    }

    static Stream<JsonNode> commands() throws IOException {
        try (InputStream json = CommandLineTest.class.getResourceAsStream("/search/commands.json")) {
            return StreamSupport.stream(new JsonMapper().readTree(json).spliterator(), false);
        }
    }

    /** {@code reference/sweeps.py} asked it. */
    @ParameterizedTest
    @MethodSource("commands")
    void wordsAreThoseOfTheAgentOfWeightsAndBiases(JsonNode expected) {
        SortedMap<String, ParameterValue> parameters = new TreeMap<>();
        expected.get("parameters")
                .properties()
                .forEach(value -> parameters.put(value.getKey(), new ParameterValue(value.getValue())));
        expected.get("words").properties().forEach(macro -> {
            List<String> words = new CommandLine(null, List.of("${" + macro.getKey() + "}"))
                    .expand(parameters, TrialCommand.JSON_FILE, ArgumentSyntax.POD);
            assertThat(words.stream().map(CommandLineTest::arrived))
                    .as(macro.getKey())
                    .containsExactlyElementsOf(
                            StreamSupport.stream(macro.getValue().spliterator(), false)
                                    .map(JsonNode::textValue)
                                    .toList());
        });
    }

    @Test
    void nestedParametersArriveAsAMap() {
        SweepSpec spec = Specs.with(
                """
                parameters:
                  optimizer: {parameters: {lr: {values: [0.1, 0.2]}, name: {value: adam}, deep: {parameters: {x: {value: null}}}}}
                  optimizer.x: {value: 1}
                """);
        Map<String, ParameterValue> flat = Map.of(
                "optimizer.lr", ParameterValue.number("0.1"),
                "optimizer.name", ParameterValue.text("adam"),
                "optimizer.deep.x", new ParameterValue(NullNode.getInstance()),
                "optimizer.x", ParameterValue.of(1));
        assertThat(new CommandLine(null, List.of("${args}"))
                        .expand(
                                ProgramParameters.of(spec, new TrialSpec(flat, 0, null)),
                                TrialCommand.JSON_FILE,
                                ArgumentSyntax.POD))
                .containsExactly("--optimizer={'deep': {'x': None}, 'lr': 0.1, 'name': 'adam'}", "--optimizer.x=1");
        Map<String, String> environment =
                TrialEnvironment.of("s", "t", spec, new TrialSpec(flat, 0, null), ArgumentSyntax.POD);
        assertThat(environment)
                .containsEntry("SWEEP_PARAM_OPTIMIZER_LR", "0.1")
                .containsEntry("SWEEP_PARAM_OPTIMIZER", "{\"deep\":{\"x\":null},\"lr\":0.1,\"name\":\"adam\"}");
    }

    @Test
    void aReplicateHasASeedOfItsOwn() {
        SweepSpec spec = Specs.with("replicates: 3\nparameters: {lr: {value: 1}}");
        Map<String, ParameterValue> flat = Map.of("lr", ParameterValue.of(1));
        assertThat(ProgramParameters.of(spec, new TrialSpec(flat, 2, null)))
                .containsEntry("seed", ParameterValue.of(44));
        assertThat(ProgramParameters.of(Specs.with("parameters: {lr: {value: 1}}"), new TrialSpec(flat, 0, null)))
                .doesNotContainKey("seed");
    }

    /**
     * What Kubernetes makes of a word (k8s.io/kubernetes, third_party/forked/golang/expansion/expand.go) where no variable is defined:
     * $$ is $, a reference to what is not defined stays as it is.
     */
    private static String arrived(String word) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            result.append(word.charAt(i));
            if (word.charAt(i) == '$' && i + 1 < word.length() && word.charAt(i + 1) == '$') {
                i++;
            }
            assertThat(word.startsWith("$(", i) && !word.startsWith("$$", Math.max(0, i - 1)))
                    .as("Kubernetes would expand a variable in " + word)
                    .isFalse();
        }
        return result.toString();
    }
}
