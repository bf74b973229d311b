package dev.sweeps.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sweeps.file.YamlText.Reader;
import dev.sweeps.search.Search;
import dev.sweeps.validation.SweepValidator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepFileTest {
    private static final String WANDB =
            """
            # what a user has
            program: train.py
            name: My Sweep!
            project: abc
            method: bayes
            metric: {name: val_loss, goal: minimize, impute: worst}
            parameters:
              lr: {min: 0.0, max: 1.0}
              wd: {values: [3e-4, 1e-5, .5, 1_000]}
              nested: {parameters: {drop: {min: 0.0, max: 1.0}, n: {min: 1, max: 4}}}
              layers: {values: [[64, 64], null, yes]}
              nothing: {value: null}
            early_terminate: {type: hyperband, min_iter: 3, s: 2, max_iter: 27, window: 5}
            command: [python, "${program}", "${args}", 5]
            """;

    @Test
    void aConfigurationOfWeightsAndBiasesBecomesASweep() {
        SweepFile file = SweepFile.read(WANDB, "file");
        assertThat(file.name()).isEqualTo("my-sweep");
        assertThat(file.isConverted()).isTrue();
        assertThat(SweepValidator.validateWithoutCluster(file.spec()).problems())
                .isEmpty();
        assertThat(file.spec().earlyTerminate().minIter()).isEqualTo(3);
        assertThat(file.spec().runCap()).isEqualTo(10);
        assertThat(file.spec().command()).containsExactly("python", "${program}", "${args}", "5");
        assertThat(file.manifest().at("/spec/parameters/lr/distribution").asText())
                .isEqualTo("uniform");
        assertThat(file.manifest()
                        .at("/spec/parameters/nested/parameters/drop/distribution")
                        .asText())
                .isEqualTo("uniform");
        assertThat(file.manifest().at("/spec/parameters/nested/parameters/n").has("distribution"))
                .isFalse();
        assertThat(file.manifest().at("/spec/parameters/wd/values"))
                .extracting(JsonNode::asText)
                .containsExactly("0.0003", "0.00001", "0.5", "1000");
        assertThat(file.manifest().at("/spec/parameters/layers/values")).hasToString("[[64,64],null,true]");
        assertThat(file.manifest().at("/spec/parameters/nothing")).hasToString("{\"values\":[null]}");
        assertThat(file.notes())
                .containsExactly(
                        "project: has no counterpart, and is left out (\"abc\")",
                        "metric.impute: has no counterpart, and is left out (\"worst\"); bayes takes a failed trial for as bad as the worst",
                        "early_terminate.window: has no effect in W&B either, and is left out (5)",
                        "early_terminate.min_iter: 3 has no effect beside max_iter and s, in W&B too; trials are compared at reports 3 and 9",
                        "run_cap: is not given, and bayes runs without end there; runCap: 10 was added; write how many points you want");
    }

    @Test
    void theWorkersOfALaunchRunAtATime() {
        SweepFile file = SweepFile.read(
                "scheduler: {job: a/b, num_workers: 8}\nmethod: grid\nmetric: {name: loss}\nparameters: {a: {value: 1}}",
                "grid");
        assertThat(file.notes()).containsExactly("scheduler.job: has no counterpart, and is left out (\"a/b\")");
        assertThat(file.spec().parallelism()).isEqualTo(8);
    }

    @Test
    void theImageOfALaunchIsTheTrainers() {
        SweepFile file = SweepFile.read(
                "image_uri: registry.example.org/team/train:1\nmethod: grid\nmetric: {name: loss}\nparameters: {a: {value: 1}}",
                "grid");
        assertThat(file.notes()).isEmpty();
        assertThat(file.manifest().at("/spec/template"))
                .hasToString(
                        "{\"spec\":{\"containers\":[{\"name\":\"trainer\",\"image\":\"registry.example.org/team/train:1\"}]}}");
    }

    @Test
    void aMetricIsNotNeededThereAndHere() {
        SweepFile file = SweepFile.read("method: grid\nparameters: {a: {values: [1, 2]}}", "grid");
        assertThat(file.name()).isEqualTo("grid");
        assertThat(file.notes()).singleElement().asString().startsWith("metric: is not given");
        assertThat(Search.of(file.spec()).size()).isEqualTo(2);
    }

    /** Python takes y for a text, kubectl for true: a plan shows what the cluster will run. */
    @Test
    void aSweepIsReadAsKubectlReadsItAndAnotherFileAsPython() {
        String parameters = "{a: {values: [y, n, 'y', 1:30]}, y: {value: 1}}";
        SweepFile sweep = SweepFile.read(
                "apiVersion: sweeps.dev/v1alpha1\nkind: Sweep\nspec: {parameters: " + parameters + "}", "file");
        assertThat(sweep.manifest().at("/spec/parameters/a/values")).hasToString("[true,false,\"y\",\"1:30\"]");
        SweepFile wandb = SweepFile.read("method: grid\nparameters: " + parameters, "file");
        assertThat(wandb.manifest().at("/spec/parameters/a/values")).hasToString("[\"y\",\"n\",\"y\",90]");
        assertThat(sweep.spec().parameters()).containsOnlyKeys("a", "true");
        assertThat(SweepFile.read("method: grid\nparameters: {y: {value: 1}, on: {value: 2}}", "file")
                        .spec()
                        .parameters())
                .containsOnlyKeys("y", "true");
    }

    @Test
    void exponentsThatWereMeantAsValuesAreNoted() {
        SweepFile file = SweepFile.read(
                """
                method: random
                run_cap: 5
                metric: {name: loss}
                parameters:
                  lr: {distribution: log_uniform, min: 1e-5, max: 1e-2}
                  right: {distribution: log_uniform, min: -4.6, max: -2.3}
                """,
                "file");
        assertThat(file.notes())
                .containsExactly(
                        "parameters.lr: log_uniform takes exponents of e, in W&B too, so its values lie between 1.00001 and"
                                + " 1.01005; if they are to lie between min and max, write log_uniform_values");
    }

    @Test
    void aSweepIsReadAsItIs() {
        SweepFile file = SweepFile.read(
                """
                apiVersion: sweeps.dev/v1alpha1
                kind: Sweep
                metadata: {name: rte}
                spec: {method: grid, metric: {name: acc}, parameters: {a: {min: 0.0, max: 1.0}}}
                ---
                apiVersion: v1
                kind: ConfigMap
                """,
                "file");
        assertThat(file.name()).isEqualTo("rte");
        // As kubectl and the API server have it: 1.0 is 1.
        assertThat(Search.of(file.spec()).size()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "early_terminate: {}   | spec.early_terminate: is no field of a Sweep; write earlyTerminate",
                "budget: 5             | spec.budget: is no field of a Sweep; the fields there are command, earlyTerminate",
                "method: Grid          | spec.method: is Grid; write one of bayes, grid, random",
                "parameters: [a]       | spec.parameters: is of another kind; write a map",
                "metric: acc           | spec.metric: is of another kind; write a map",
                "runCap: many          | spec.runCap: is many; write a number",
                "groupBy: 5            | spec.groupBy: is of another kind; write a list",
                "suspend: maybe        | spec.suspend: is maybe; write true or false",
                "parameters: {a: {vals: [1]}} | spec.parameters.a.vals: is no field of a Sweep; the fields there are a, b, distribution"
            })
    void whatCannotBeReadIsSaidInASentence(String field, String sentence) {
        String manifest = "apiVersion: sweeps.dev/v1alpha1\nkind: Sweep\nspec:\n  " + field;
        assertThatThrownBy(() -> SweepFile.read(manifest, "file"))
                .isInstanceOf(InvalidFile.class)
                .hasMessageStartingWith(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a: [1                 | is no YAML (line 1, column 6): expected",
                "just text             | holds no sweep",
                "a: 1                  | holds neither a Sweep",
                "a: 1\\na: 2           | a (line 2): occurs twice, in line 1 too; remove one"
            })
    void whatIsNoSweepIsRefused(String text, String sentence) {
        assertThatThrownBy(() -> SweepFile.read(text.replace("\\n", "\n"), "file"))
                .isInstanceOf(InvalidFile.class)
                .hasMessageStartingWith(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3e-4|0.0003",
                "1e3|1E+3",
                "-2.5E2|-2.5E+2",
                "1.0|1.0",
                "1|1",
                "0x1f|31",
                "017|15",
                "1:30|90",
                "1_000|1000",
                "yes|true",
                "off|false",
                "~|null",
                ".inf|\".inf\"",
                "1e400|\"1e400\"",
                "\"3e-4\"|\"3e-4\"",
                "1.2.3|\"1.2.3\"",
                "2020-01-01|\"2020-01-01\"",
                "e4|\"e4\"",
                ".5|0.5",
                "5.|5"
            })
    void scalarsAreThoseOfPythonAndNumbersAreNumbers(String written, String json) {
        assertThat(YamlText.documents("a: " + written, Reader.PYTHON).get(0).get("a"))
                .hasToString(json);
    }

    @Test
    void anchorsAndMergedMapsAreFollowed() {
        assertThat(YamlText.documents("x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}", Reader.PYTHON)
                        .get(0)
                        .get("y"))
                .isEqualTo(YamlText.documents("{b: 3, a: 1}", Reader.PYTHON).get(0));
    }

    @Test
    void anExperimentOfKatibBecomesASweep() {
        SweepFile file = SweepFile.read(
                """
                apiVersion: kubeflow.org/v1beta1
                kind: Experiment
                metadata: {name: random, namespace: kubeflow}
                spec:
                  objective: {type: maximize, goal: 0.99, objectiveMetricName: accuracy, additionalMetricNames: [loss]}
                  algorithm: {algorithmName: bayesianoptimization, algorithmSettings: [{name: random_state, value: "10"}]}
                  parallelTrialCount: 3
                  maxTrialCount: 12
                  maxFailedTrialCount: 3
                  metricsCollectorSpec: {collector: {kind: StdOut}}
                  parameters:
                    - {name: lr, parameterType: double, feasibleSpace: {min: "0.01", max: "0.03"}}
                    - {name: layers, parameterType: int, feasibleSpace: {min: "2", max: "5"}}
                    - {name: optimizer, parameterType: categorical, feasibleSpace: {list: [sgd, adam]}}
                    - {name: batch, parameterType: discrete, feasibleSpace: {list: ["32", "64"]}}
                    - {name: momentum, parameterType: double, feasibleSpace: {min: "0.1", max: "0.3", step: "0.1"}}
                    - {name: decay, parameterType: double, feasibleSpace: {min: "0.001", max: "0.1", distribution: logUniform}}
                  trialTemplate:
                    primaryContainerName: training-container
                    trialParameters:
                      - {name: learningRate, reference: lr}
                    trialSpec:
                      apiVersion: batch/v1
                      kind: Job
                      spec:
                        template:
                          spec:
                            containers:
                              - name: training-container
                                image: registry.example.org/mnist:1
                                command: [python3, train.py, "--lr=${trialParameters.learningRate}"]
                                resources: {limits: {nvidia.com/gpu: 2}}
                            restartPolicy: Never
                """,
                "file");
        assertThat(SweepValidator.problems(file.spec())).isEmpty();
        assertThat(file.name()).isEqualTo("random");
        assertThat(file.manifest().at("/spec/command"))
                .hasToString("[\"python3\",\"train.py\",\"--lr=${envvar:SWEEP_PARAM_LR}\"]");
        assertThat(file.manifest().at("/spec/parameters"))
                .hasToString("{\"lr\":{\"distribution\":\"uniform\",\"min\":0.01,\"max\":0.03},"
                        + "\"layers\":{\"distribution\":\"int_uniform\",\"min\":2,\"max\":5},"
                        + "\"optimizer\":{\"values\":[\"sgd\",\"adam\"]},\"batch\":{\"values\":[32,64]},"
                        + "\"momentum\":{\"values\":[0.1,0.2,0.3]},"
                        + "\"decay\":{\"distribution\":\"log_uniform_values\",\"min\":0.001,\"max\":0.1}}");
        assertThat(file.spec().gpu().count()).isEqualTo(2);
        assertThat(file.spec().metric().target()).isEqualByComparingTo("0.99");
        assertThat(file.manifest().at("/spec/template/spec/containers/0/name").asText())
                .isEqualTo("trainer");
        assertThat(file.notes())
                .containsExactly(
                        "spec.algorithm.algorithmName: bayesianoptimization became method: bayes",
                        "spec.algorithm.algorithmSettings: has no counterpart, and is left out",
                        "spec.objective.additionalMetricNames: has no counterpart, and is left out; every metric that a trial reports is kept");
    }
}
