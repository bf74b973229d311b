package dev.sweeps.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.Specs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepValidatorTest {
    @Test
    void theTutorialHasNoProblem() {
        assertThat(SweepValidator.problems(Specs.of(Specs.TUTORIAL))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "method: random          | method: random is not run by this version; use grid",
                "where: a > 1            | where: a > 1 is not run by this version; remove it, and list only the values to be combined",
                "replicates: 3           | replicates: 3 is not run by this version; make the seed a parameter with several values",
                "queueName: gpus         | queueName: gpus is not run by this version; remove it; parallelism limits the trials in flight",
                "parallelism: 0          | parallelism: 0 is not run by this version; use 1 or more",
                "groupBy: [model]        | groupBy[0]: model is not one of parameters (p); name one of these",
                "program: train.py       | program: train.py is not in the default trainer image, which runs run_glue.py only; name the image that holds it in template.spec.containers (the container called trainer)",
                "parameters: {p: {values: [1, x]}} | parameters.p.values: [1, \"x\"] mixes numbers and text; use one kind",
                "parameters: {p: {values: [1, 2], q: 0.1}} | parameters.p: q belongs to a range, and values are listed; remove it",
                "parameters: {p: {value: 1, mu: 0, sigma: 1}} | parameters.p: mu and sigma belong to a range, and a value is given; remove them",
                "parameters: {p: {values: [1, 2], distribution: constant}} | parameters.p.distribution: constant means one value, and values lists 2; remove distribution, or write value",
                "parameters: {p: {value: 1, distribution: categorical}} | parameters.p.distribution: categorical chooses from values, which are not given; list them",
                "parameters: {p: {sigma: 1}} | parameters.p: a range is not run by this version; list the values to try in values",
                "parameters: {p: {values: [1, '1e400']}} | parameters.p.values[1]: 1e400 is too large for a number, and YAML makes a text of it; write a number up to 1.7e308",
                "template: {spec: {containers: [{name: trainer}, {name: trainer}]}} | template.spec.containers: 2 containers are called trainer, and one is the trial; rename the others",
                "template: {spec: {containers: [{name: main, image: x}]}} | template.spec.containers: none of [main] is called trainer, the container whose log and result are read; rename the one that trains, or add {name: trainer} for the default trainer",
                "command: [sh, -c, 'echo m=1'] | command: sh is not in the default trainer image, which runs run_glue.py only; name the image that holds it in template.spec.containers (the container called trainer), or begin the command with ${env} ${interpreter} ${program}",
                "parameters: {'false': {value: 1}} | parameters: the name false is what YAML makes of the words n, no and off without quotes; put the name of the parameter in quotes",
                "parameters: {p: {min: 1, max: 3}} | parameters.p: a range is not run by this version; list the values to try in values",
                "parameters: {a b: {value: 1}} | parameters: the name \"a b\" cannot become an argument; use letters, digits and _ . / -, and begin with a letter or _",
                "parameters: {a.b: {value: 1}, a_b: {value: 2}} | parameters: a.b and a_b would both be handed over as SWEEP_PARAM_A_B; rename one of them",
                "method: bayes | method: bayes is not run by this version; use grid",
                "runCap: 5 | runCap: 5 is not run by this version; remove it; a grid runs every point",
                "seed: 1 | seed: 1 is not run by this version; remove it; a grid has no random choice, and a seed of the trainer is a parameter",
                "shutdown: Stop | shutdown: Stop is not run by this version; set suspend: true, or delete the sweep",
                "trialTimeout: 5m | trialTimeout: 5m is not run by this version; set template.spec.activeDeadlineSeconds",
                "ttlAfterFinished: 5m | ttlAfterFinished: 5m is not run by this version; remove it, and delete the sweep by hand",
                "maxFailedTrials: 1 | maxFailedTrials: 1 is not run by this version; remove it",
                "earlyTerminate: {type: hyperband} | earlyTerminate: hyperband is not run by this version; remove it",
                "metric: {name: eval_acc, target: 0.9} | metric.target: 0.9 is not run by this version; remove it, and stop the sweep by hand with spec.suspend",
                "groupBy: [p, p] | groupBy[1]: p is named before; remove it",
                "groupBy: [''] | groupBy[0]: \"\" is not one of parameters (p); name one of these",
                "command: [''] | command: \"\" is not in the default trainer image, which runs run_glue.py only; name the image that holds it in template.spec.containers (the container called trainer), or begin the command with ${env} ${interpreter} ${program}",
                "command: ['${env}', '${envvar:}'] | command[0]: ${envvar:} names no environment variable; write ${envvar:NAME}",
                "template: {spec: {containers: [{name: trainer, args: [--lr, '1']}]}} | template.spec.containers: the args of trainer would take the place of the trial's hyperparameters; write them in command of the sweep, with ${args} where the hyperparameters go",
                "parameters: {p: {value: 1, values: [1]}} | parameters.p: has both value and values; keep one of them",
                "parameters: {p: {values: [1], distribution: gauss}} | parameters.p.distribution: gauss is not run by this version; list the values to try in values",
                "parameters: {p: {values: [1, 2], probabilities: [0.5, 0.5]}} | parameters.p.probabilities: a grid runs every value; remove it",
                "parameters: {p: {parameters: {q: {value: 1}}}} | parameters.p.parameters: [q] is not run by this version; write the nested parameters side by side",
                "parameters: {p: {distribution: constant}} | parameters.p: has neither value nor values; write value for a constant or values for a list to try",
                "parameters: {p: {values: [true, 'true']}} | parameters.p.values: [true, \"true\"] mixes booleans and text; use one kind",
                "parameters: {'': {value: 1}} | parameters: the name \"\" cannot become an argument; use letters, digits and _ . / -, and begin with a letter or _",
                "parameters: {A: {value: 1}, a: {value: 2}} | parameters: A and a would both be handed over as SWEEP_PARAM_A; rename one of them"
            })
    void aProblemIsOneSentence(String lines, String problem) {
        String base = "method: grid\nmetric: {name: eval_acc}\nparameters: {p: {values: [1, 2]}}\n";
        String field = lines.substring(0, lines.indexOf(':') + 1);
        String yaml = base.lines().filter(line -> !line.startsWith(field)).reduce("", (all, line) -> all + line + "\n")
                + lines;
        assertThat(SweepValidator.problems(Specs.of(yaml))).containsExactly(problem);
    }

    @Test
    void aCommandLineThatTheTemplateWouldReplaceIsRefused() {
        String image = "template: {spec: {containers: [{name: trainer, image: x, command: [sh]}]}}";
        assertThat(SweepValidator.problems(Specs.with("command: [python, train.py]\n" + image)))
                .containsExactly(
                        "template.spec.containers: the command of trainer would take the place of command of the sweep; keep one of them");
        assertThat(SweepValidator.problems(Specs.with(image))).isEmpty();
    }

    @Test
    void aGridOfABillionPointsIsRefusedWithItsCount() {
        StringBuilder yaml = new StringBuilder("parameters:\n");
        for (String name : new String[] {"a", "b", "c", "d", "e", "f", "g", "h", "i"}) {
            yaml.append("  ").append(name).append(": {values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]}\n");
        }
        assertThat(SweepValidator.problems(Specs.with(yaml.toString())))
                .containsExactly(
                        "parameters: the grid has 1000000000 points, and at most 100000 are run in one sweep; list fewer values");
    }

    /** What is no problem here is judged by the API server's dry run of the Job. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{p: } | | parameters.p: is empty; write value for a constant or values for a list to try",
                "{p: {values: [null]}} | | parameters.p.values[0]: null is not a number, a text or a boolean; put text in quotes",
                "{p: {value: {a: 1}}} | | parameters.p.value: {\"a\":1} is not a number, a text or a boolean; put text in quotes",
                "{p: {value: 1}} | template: {spec: {containers: {}}} | ",
                "{p: {value: 1}} | template: {spec: 1} | ",
                "{p: {value: 1}} | template: {spec: {containers: [null, 5]}} | ",
                "{p: {value: 1}} | groupBy: | "
            })
    void anOddSpecIsJudgedAndNeverThrownAt(String parameters, String line, String problem) {
        String yaml = "parameters: " + parameters + "\n" + (line == null ? "" : line);
        assertThat(SweepValidator.problems(Specs.with(yaml))).isEqualTo(problem == null ? List.of() : List.of(problem));
    }
}
