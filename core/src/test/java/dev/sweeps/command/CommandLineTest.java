package dev.sweeps.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.Specs;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.search.Point;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    private static final Point POINT = Point.of(Map.of(
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
                "${envvar:HOME}           | [$(HOME)]"
            })
    void aMacroStandsForItsWords(String macro, String words) {
        assertThat(new CommandLine("train.py", List.of(macro)).expand(POINT)).hasToString(words);
    }

    @Test
    void argsJsonKeepsNumbersNumbers() {
        assertThat(new CommandLine(null, List.of("${args_json}")).expand(POINT))
                .containsExactly("{\"lr\":0.00003,\"model\":\"bert\",\"nesterov\":true,\"warm\":false}");
    }

    @Test
    void withoutACommandTheProgramIsRunAsByWeightsAndBiases() {
        assertThat(new CommandLine("train.py", null).expand(POINT))
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
        assertThat(arrived(hydra.expand(POINT).get(0))).isEqualTo("hydra.run.dir=${now:%Y}/x");
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
        Point point = Point.of(Map.of("v", ParameterValue.text(value)));
        assertThat(new CommandLine(null, List.of("${args_no_equals}"))
                        .expand(point).stream().map(CommandLineTest::arrived))
                .containsExactly("--v", value);
        assertThat(arrived(TrialEnvironment.of("s", "t", point).get("SWEEP_PARAM_V")))
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
