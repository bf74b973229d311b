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
                "method: random          | runCap: is missing, and random never ends by itself; set it to the number of points to run",
                "method: bayes           | runCap: is missing, and bayes never ends by itself; set it to the number of points to run",
                "queueName: gpus         | queueName: gpus is not supported yet; remove it; parallelism limits the trials in flight",
                "parallelism: 0          | parallelism: 0 is not supported yet; use 1 or more",
                "groupBy: [model]        | groupBy[0]: model is not one of parameters (p); name one of these",
                "program: train.py       | program: train.py is not in the default trainer image, which runs run_glue.py only; name the image that holds it in template.spec.containers (the container called trainer)",
                "parameters: {p: {values: [1, 2], q: 0.1}} | parameters.p: q is not for categorical, which takes values, probabilities; remove it, or name another distribution",
                "parameters: {p: {value: 1, mu: 0, sigma: 1}} | parameters.p: mu and sigma are not for constant, which takes value; remove them, or name another distribution",
                "parameters: {p: {values: [1, 2], distribution: constant}} | parameters.p: constant needs value; give it, or name another distribution",
                "parameters: {p: {value: 1, distribution: categorical}} | parameters.p: categorical needs values; give it, or name another distribution",
                "parameters: {p: {min: 0.5, max: 3}} | parameters.p: is continuous, and a grid runs every value; list the values to try in values, use q_uniform, or use method random or bayes",
                "parameters: {p: {values: [1, '1e400']}} | parameters.p.values[1]: 1e400 is too large for a number, and YAML makes a text of it; write a number up to 1.7e308",
                "template: {spec: {containers: [{name: trainer}, {name: trainer}]}} | template.spec.containers: 2 containers are called trainer, and one is the trial; rename the others",
                "template: {spec: {containers: [{name: main, image: x}]}} | template.spec.containers: none of [main] is called trainer, the container whose log and result are read; rename the one that trains, or add {name: trainer} for the default trainer",
                "command: [sh, -c, 'echo m=1'] | command: sh is not in the default trainer image, which runs run_glue.py only; name the image that holds it in template.spec.containers (the container called trainer), or begin the command with ${env} ${interpreter} ${program}",
                "parameters: {'false': {value: 1}} | parameters: the name false is what YAML makes of the words n, no and off without quotes; put the name of the parameter in quotes",
                "parameters: {a b: {value: 1}} | parameters: the name \"a b\" cannot become an argument; use letters, digits and _ . / - @, and begin with a letter or _ (for Hydra + ++ or ~)",
                "parameters: {a: {parameters: {b c: {value: 1}}}} | parameters: the name \"a.b c\" cannot become an argument; use letters, digits and _ . / - @, and begin with a letter or _ (for Hydra + ++ or ~)",
                "parameters: {a.b: {value: 1}, a_b: {value: 2}} | parameters: a.b and a_b would both be handed over as SWEEP_PARAM_A_B; rename one of them",
                "parameters: {a.b: {value: 1}, a: {parameters: {b: {value: 2}}}} | parameters: a.b occurs twice, once nested and once with dots in its name; rename one of them",
                "parameters: {} | parameters: are none; name at least one hyperparameter with value, values or a range",
                "seed: 1 | seed: 1 has no meaning for a grid, which has no random choice; remove it, or set replicates; a seed of the trainer is a parameter",
                "earlyTerminate: {type: hyperband} | earlyTerminate: has neither minIter nor maxIter; give minIter, or maxIter with s",
                "earlyTerminate: {type: hyperband, maxIter: 27} | earlyTerminate: has maxIter and no s; give minIter, or maxIter with s",
                "earlyTerminate: {type: hyperband, maxIter: 2, s: 2} | earlyTerminate: maxIter 2 divided by eta 3 is below 1, so that there is no band; raise maxIter, or lower eta",
                "where: parameters.p > 5 | where: keeps none of the 2 combinations; correct it",
                "where: parameters.q > 5 | where: parameters.q > 5 cannot be run (undeclared reference to 'parameters' (in container '')); write parameters.NAME, with one of the names p; a name with other characters than letters, digits, _ and . as parameters['NAME']",
                "where: parameters.p + 1 | where: parameters.p + 1 cannot be run (expected type 'bool' but found 'int'); it must be true or false for each combination",
                "trialTimeout: 0s | trialTimeout: 0s is not a positive duration; write hours, minutes and seconds, e.g. 1h30m",
                "ttlAfterFinished: '' | ttlAfterFinished: \"\" is not a positive duration; write hours, minutes and seconds, e.g. 1h30m",
                "groupBy: [p, p] | groupBy[1]: p is listed twice; remove one",
                "groupBy: [''] | groupBy[0]: \"\" is not one of parameters (p); name one of these",
                "command: [''] | command: \"\" is not in the default trainer image, which runs run_glue.py only; name the image that holds it in template.spec.containers (the container called trainer), or begin the command with ${env} ${interpreter} ${program}",
                "command: ['${env}', '${envvar:}'] | command[1]: ${envvar:} names no environment variable; write ${envvar:NAME}",
                "command: ['--data=${envvar:DATA}'] | command: ${envvar:DATA} is not set in env of the container trainer, and Kubernetes does not see what the image sets; add it to template.spec.containers, or read it in the program",
                "template: {spec: {containers: [{name: trainer, args: [--lr, '1']}]}} | template.spec.containers: the args of trainer would take the place of the trial's hyperparameters; write them in command of the sweep, with ${args} where the hyperparameters go",
                "parameters: {p: {value: 1, values: [1]}} | parameters.p: has both value and values; keep one of them",
                "parameters: {p: {values: [1, 2], probabilities: [0.5, 0.5]}} | parameters.p.probabilities: have no effect in a grid, which runs every value; remove them, or use method random",
                "parameters: {p: {distribution: constant}} | parameters.p: constant needs value; give it, or name another distribution",
                "parameters: {'': {value: 1}} | parameters: the name \"\" cannot become an argument; use letters, digits and _ . / - @, and begin with a letter or _ (for Hydra + ++ or ~)",
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
        String image =
                "parameters: {p: {value: 1}}\ntemplate: {spec: {containers: [{name: trainer, image: x, command: [sh]}]}}";
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
                        "parameters: the grid has 1000000000 points, and at most 100000 are run in one sweep; list fewer values, or set runCap");
    }

    /** The API server's dry run of the Job finds further problems. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{p: } | | parameters.p: is empty; write value for a constant or values for a list to try",
                "{p: {values: [null]}} | | ",
                "{p: {value: null}} | | ",
                "{p: {value: {a: 1}}} | | ",
                "{p: {value: 1}} | template: {spec: {containers: {}}} | ",
                "{p: {value: 1}} | template: {spec: 1} | ",
                "{p: {value: 1}} | template: {spec: {containers: [null, 5]}} | ",
                "{p: {value: 1}} | groupBy: | "
            })
    void anOddSpecGivesAProblemAndNoException(String parameters, String line, String problem) {
        String yaml = "parameters: " + parameters + "\n" + (line == null ? "" : line);
        assertThat(SweepValidator.problems(Specs.with(yaml))).isEqualTo(problem == null ? List.of() : List.of(problem));
    }

    @org.junit.jupiter.api.Test
    void aValueThatFitsIntoNoArgumentIsRefusedUnlessItGoesThroughAFile() {
        String spec =
                """
                method: grid
                metric: {name: acc}
                command: [python, train.py, "%s"]
                parameters: {lr: {values: [0.1, 0.2]}, weights: {value: "%s"}}
                template: {spec: {containers: [{name: trainer, image: i}]}}
                """;
        String large = "x".repeat(140_000);
        assertThat(SweepValidator.problems(dev.sweeps.Specs.of(spec.formatted("${args}", large))))
                .hasSize(1)
                .first()
                .asString()
                .contains("parameters: the value of weights has 14000")
                .contains("${args_json_file}");
        assertThat(SweepValidator.problems(dev.sweeps.Specs.of(spec.formatted("${args_json_file}", large))))
                .isEmpty();
        assertThat(SweepValidator.problems(dev.sweeps.Specs.of(spec.formatted("${args_json_file}", large + large))))
                .first()
                .asString()
                .contains("a Pod is given at most 240000");
    }
}
