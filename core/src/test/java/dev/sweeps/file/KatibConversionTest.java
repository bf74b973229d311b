package dev.sweeps.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.metrics.LogDigest;
import dev.sweeps.validation.SweepValidator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KatibConversionTest {
    private static final String OBJECTIVE = "{type: maximize, objectiveMetricName: val_acc}";
    private static final String PARAMETERS =
            "[{name: lr, parameterType: discrete, feasibleSpace: {list: [\"0.1\", \"0.01\"]}}]";
    private static final String TRIAL =
            """
            {primaryContainerName: train, trialParameters: [{name: rate, reference: lr}], trialSpec: {apiVersion: batch/v1, kind: Job, spec:
              {template: {spec: {containers: [{name: train, image: i, command: [python, train.py, "--lr=${trialParameters.rate}"]}]}}}}}
            """;

    @Test
    void referencesAreReplacedWhereverThePodHasVariables() {
        SweepFile file = SweepFile.read(
                """
                apiVersion: kubeflow.org/v1beta1
                kind: Experiment
                metadata: {name: env-tuning}
                spec:
                  objective: {type: maximize, objectiveMetricName: val_acc}
                  algorithm: {algorithmName: random}
                  maxTrialCount: 6
                  parameters: [{name: lr, parameterType: double, feasibleSpace: {min: "0.001", max: "0.1"}}]
                  trialTemplate:
                    primaryContainerName: train
                    trialParameters:
                      - {name: rate, reference: lr}
                      - {name: self, reference: "${trialSpec.Name}"}
                      - {name: space, reference: "${trialSpec.Namespace}"}
                      - {name: owner, reference: "${trialSpec.Labels[team]}"}
                    trialSpec:
                      apiVersion: batch/v1
                      kind: Job
                      metadata: {labels: {team: vision}}
                      spec:
                        backoffLimit: 2
                        activeDeadlineSeconds: 600
                        podFailurePolicy: {rules: []}
                        template:
                          metadata: {labels: {app: tuning, run: "${trialParameters.self}"}}
                          spec:
                            restartPolicy: Never
                            initContainers: [{name: fetch, image: f, args: ["--cache=/c/${trialParameters.self}"]}]
                            containers:
                              - name: train
                                image: t
                                command: [python, train.py, "--lr=${trialParameters.rate}", "--to=/m/${trialParameters.self}", "$(RUN)"]
                                env:
                                  - {name: LR, value: "${trialParameters.rate}"}
                                  - {name: RUN, value: "${trialParameters.space}/${trialParameters.self}"}
                                  - {name: OWNER, value: "${trialParameters.owner}"}
                """,
                "file");
        JsonNode spec = file.manifest().get("spec");
        assertThat(file.manifest().toString()).doesNotContain("${trial");
        assertThat(spec.get("command"))
                .hasToString(
                        "[\"python\",\"train.py\",\"--lr=${envvar:SWEEP_PARAM_LR}\",\"--to=/m/${envvar:SWEEP_TRIAL}\",\"${envvar:RUN}\"]");
        assertThat(spec.at("/template/spec/containers/0/env"))
                .hasToString(
                        "[{\"name\":\"SWEEP_NAMESPACE\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"metadata.namespace\"}}},"
                                + "{\"name\":\"LR\",\"value\":\"$(SWEEP_PARAM_LR)\"},"
                                + "{\"name\":\"RUN\",\"value\":\"$(SWEEP_NAMESPACE)/$(SWEEP_TRIAL)\"},{\"name\":\"OWNER\",\"value\":\"vision\"}]");
        assertThat(spec.at("/template/spec/initContainers/0/args")).hasToString("[\"--cache=/c/$(SWEEP_TRIAL)\"]");
        assertThat(spec.at("/template/metadata/labels")).hasToString("{\"app\":\"tuning\"}");
        assertThat(spec.get("retries").asInt()).isEqualTo(2);
        assertThat(spec.get("trialTimeout").asText()).isEqualTo("600s");
        assertThat(SweepValidator.problems(file.spec())).isEmpty();
        assertThat(file.notes())
                .anySatisfy(note -> assertThat(note).contains("containers train: ${trialParameters.owner} is vision"))
                .anySatisfy(note ->
                        assertThat(note).startsWith("spec.trialTemplate.trialSpec.metadata.labels: has no counterpart"))
                .anySatisfy(note -> assertThat(note)
                        .startsWith("spec.trialTemplate.trialSpec.spec.podFailurePolicy: has no counterpart"))
                .anySatisfy(note -> assertThat(note).contains("template.metadata.labels run: has no counterpart"));
    }

    /** setDefaultObjective in Katib's experiment_defaults.go: max for maximize, min for minimize. */
    @ParameterizedTest
    @CsvSource({"maximize,,best", "minimize,,best", "maximize,latest,last", "maximize,max,best", "minimize,min,best"})
    void theBestValueOfATrialCountsUnlessTheFileSaysOtherwise(String type, String strategy, String select) {
        SweepFile file = experiment(
                "{type: " + type + ", objectiveMetricName: val_acc"
                        + (strategy == null ? "" : ", metricStrategies: [{name: val_acc, value: " + strategy + "}]")
                        + "}",
                "random",
                TRIAL);
        assertThat(file.manifest().at("/spec/metric/select").asText()).isEqualTo(select);
        assertThat(file.notes()).noneSatisfy(note -> assertThat(note).contains("metricStrategies"));
    }

    @Test
    void theWorstValueOfATrialHasNoCounterpart() {
        SweepFile file = experiment(
                "{type: maximize, objectiveMetricName: val_acc, metricStrategies: [{name: val_acc, value: min}]}",
                "grid",
                TRIAL);
        assertThat(file.notes())
                .contains("spec.objective.metricStrategies val_acc: min of a metric whose goal is to maximize has no"
                        + " counterpart; the best value of each trial counts (select: best)");
    }

    @Test
    void anExperimentIsFoundAmongOtherDocuments() {
        String others = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\n---\n";
        SweepFile file = SweepFile.read(others + text(OBJECTIVE, "grid", TRIAL), "file");
        assertThat(file.notes()).contains("PersistentVolumeClaim data: is left in your file; apply it too");
        assertThatThrownBy(() -> SweepFile.read(
                        text(OBJECTIVE, "grid", TRIAL) + "\n---\n" + text(OBJECTIVE, "grid", TRIAL), "file"))
                .hasMessage("has 2 Experiments; put each into a file of its own");
    }

    @Test
    void whatCannotBecomeASweepIsRefused() {
        assertThatThrownBy(() -> experiment(OBJECTIVE, "darts", TRIAL))
                .hasMessage(
                        "spec.algorithm.algorithmName: this Experiment searches an architecture (darts), and a Sweep searches"
                                + " hyperparameters; keep it in Katib");
        assertThatThrownBy(() -> experiment(OBJECTIVE, "pbt", TRIAL))
                .hasMessageContaining("pbt has no counterpart; write one of");
        assertThatThrownBy(() -> experiment(OBJECTIVE, "random", TRIAL.replace("kind: Job", "kind: PyTorchJob")))
                .hasMessageStartingWith(
                        "spec.trialTemplate.trialSpec: is PyTorchJob, and a trial of a Sweep is a batch/v1 Job");
        assertThatThrownBy(() -> experiment(OBJECTIVE, "random", "{configMap: {configMapName: c}}"))
                .hasMessageContaining("write it under trialSpec");
        assertThatThrownBy(() ->
                        experiment(OBJECTIVE, "random", TRIAL.replace("reference: lr", "reference: search-space")))
                .hasMessageContaining("the reference search-space is not one of spec.parameters (lr)");
        assertThatThrownBy(() -> experiment(
                        OBJECTIVE, "random", TRIAL.replace("spec:\n  {template", "spec:\n  {parallelism: 4, template")))
                .hasMessageContaining("spec.parallelism: is 4, and a trial of a Sweep is one Pod");
        assertThatThrownBy(() -> experiment(
                        OBJECTIVE,
                        "random",
                        TRIAL.replace(
                                "{spec: {containers", "{spec: {nodeName: \"${trialParameters.rate}\", containers")))
                .hasMessageContaining("template.spec.nodeName: is ${trialParameters.rate}");
        assertThatThrownBy(() -> experiment(
                        OBJECTIVE,
                        "random",
                        TRIAL.replace("{trialParameters.rate}", "trialParameters.other")
                                .replace("$trialParameters.other", "${trialParameters.other}")))
                .hasMessageContaining("${trialParameters.other} is not one of spec.trialTemplate.trialParameters");
    }

    @Test
    void aDistributionThatAStepReplacesIsNoted() {
        String parameters =
                "[{name: lr, parameterType: double, feasibleSpace: {min: \"1\", max: \"3\", step: \"1\", distribution: logUniform}}]";
        SweepFile file = SweepFile.read(text(OBJECTIVE, "random", TRIAL).replace(PARAMETERS, parameters), "file");
        assertThat(file.notes())
                .contains(
                        "spec.parameters lr: distribution logUniform with a step became values that are equally likely");
    }

    @Test
    void aFilterOfTheMetricsCollectorBecomesThePattern() {
        String collector = "  metricsCollectorSpec: {collector: {kind: File}, source: {filter: {metricsFormat:"
                + " ['([\\w|-]+)\\s*=\\s*([+-]?\\d*(\\.\\d+)?)', '{m: ([a-z]+)}']}}}\n";
        SweepFile file = SweepFile.read(text(OBJECTIVE, "random", TRIAL) + collector, "file");
        assertThat(file.spec().metric().pattern())
                .isEqualTo("(?P<name>[\\w|-]+)\\s*=\\s*(?P<value>[+-]?\\d*(?:\\.\\d+)?)");
        assertThat(file.notes())
                .anySatisfy(note ->
                        assertThat(note).startsWith("spec.metricsCollectorSpec.collector: File has no counterpart"))
                .anySatisfy(note -> assertThat(note)
                        .contains("metricsFormat[1]: has no counterpart")
                        .contains("no group named value"));
    }

    @Test
    void severalFiltersBecomeAlternativesOfOnePattern() {
        String collector = "  metricsCollectorSpec: {source: {filter: {metricsFormat:"
                + " ['([\\w|-]+)=([0-9.]+)', 'none', '\\{metricName: ([\\w-]+), metricValue: ([0-9.]+)\\}']}}}\n";
        SweepFile file = SweepFile.read(text(OBJECTIVE, "random", TRIAL) + collector, "file");
        Metric metric = file.spec().metric();
        assertThat(metric.pattern())
                .isEqualTo("(?P<name>[\\w|-]+)=(?P<value>[0-9.]+)"
                        + "|\\{metricName: (?P<name2>[\\w-]+), metricValue: (?P<value2>[0-9.]+)\\}");
        assertThat(LogDigest.of(
                                Stream.of(
                                        metric.name() + "=0.5 loss=0.1",
                                        "{metricName: " + metric.name() + ", metricValue: 0.6}"),
                                metric)
                        .history())
                .extracting(point -> point.value().toString())
                .containsExactly("0.5", "0.6");
        assertThat(file.notes()).anySatisfy(note -> assertThat(note).contains("metricsFormat[1]: has no counterpart"));
    }

    private static SweepFile experiment(String objective, String algorithm, String trial) {
        return SweepFile.read(text(objective, algorithm, trial), "file");
    }

    private static String text(String objective, String algorithm, String trial) {
        return "apiVersion: kubeflow.org/v1beta1\nkind: Experiment\nmetadata: {name: e}\nspec:\n  objective: "
                + objective
                + "\n  algorithm: {algorithmName: " + algorithm + "}\n  maxTrialCount: 2\n  parameters: " + PARAMETERS
                + "\n  trialTemplate: " + trial.replace("\n", "\n  ").strip() + "\n";
    }
}
