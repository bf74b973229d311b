package dev.sweeps.operator.trial;

import static dev.sweeps.operator.Objects.SWEEP;
import static dev.sweeps.operator.Objects.sweep;
import static dev.sweeps.operator.Objects.trial;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.operator.OperatorConfiguration;
import dev.sweeps.search.Point;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobFactoryTest {
    private static final Point POINT =
            Point.of(Map.of("lr", ParameterValue.number("3e-5"), "model", ParameterValue.text("bert")));

    private final JobFactory factory = new JobFactory(() -> new OperatorConfiguration.TrainerImage() {
        @Override
        public String image() {
            return "trainer:1";
        }

        @Override
        public String imagePullPolicy() {
            return "Always";
        }
    });

    @Test
    void theDefaultTrainerGetsItsArguments() {
        JsonNode trainer = trainer(SWEEP);
        assertThat(trainer.get("image").asText()).isEqualTo("trainer:1");
        assertThat(trainer.get("args")).hasToString("[\"--do_train\",\"--lr=0.00003\",\"--model=bert\"]");
        assertThat(trainer.has("command")).isFalse();
        assertThat(trainer.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
    }

    @Test
    void aTrialRequestsAGpu() {
        assertThat(trainer(SWEEP).at("/resources/limits/nvidia.com~1gpu").asText())
                .isEqualTo("1");
        assertThat(trainer(SWEEP).get("env").toString()).contains("{\"name\":\"SWEEP_GPUS\",\"value\":\"1\"}");
    }

    @Test
    void otherAcceleratorsAndNoneAreRequestedAsWritten() {
        assertThat(trainer(SWEEP + "  gpu: {count: 2, resourceName: amd.com/gpu}\n")
                        .at("/resources/limits/amd.com~1gpu")
                        .asText())
                .isEqualTo("2");
        JsonNode none = trainer(SWEEP + "  gpu: {count: 0}\n");
        assertThat(none.has("resources")).isFalse();
        assertThat(none.get("env").toString()).doesNotContain("SWEEP_GPUS");
    }

    @Test
    void parametersAreInTheEnvironment() {
        assertThat(trainer(SWEEP).get("env").toString())
                .contains("{\"name\":\"SWEEP_PARAM_LR\",\"value\":\"0.00003\"}")
                .contains("{\"name\":\"SWEEP_TRIAL\",\"value\":\"t\"}");
    }

    @Test
    void theTemplateIsMergedOverTheDefaultAndKeepsFieldsThatNobodyHereKnows() {
        String template =
                "  template: {metadata: {labels: {team: nlp}}, spec: {newField: 1, containers: [{name: trainer, resources:"
                        + " {limits: {memory: 2Gi}}, env: [{name: HF_HOME, value: /m}]}], volumes: [{name: tmp, emptyDir: {sizeLimit: 1Gi}}]}}\n";
        JsonNode pod = job(SWEEP + template).at("/spec/template");
        JsonNode trainer = pod.at("/spec/containers/0");
        assertThat(pod.at("/spec/newField").asInt()).isEqualTo(1);
        assertThat(pod.at("/metadata/labels/team").asText()).isEqualTo("nlp");
        assertThat(pod.at("/metadata/labels/sweeps.dev~1trial").asText()).isEqualTo("t");
        assertThat(trainer.at("/resources/limits/nvidia.com~1gpu").asText()).isEqualTo("1");
        assertThat(trainer.at("/resources/limits/memory").asText()).isEqualTo("2Gi");
        assertThat(trainer.get("env").toString()).contains("HF_HOME").contains("SWEEP_PARAMETERS");
        assertThat(pod.at("/spec/volumes")).hasToString("[{\"name\":\"tmp\",\"emptyDir\":{\"sizeLimit\":\"1Gi\"}}]");
    }

    @Test
    void aNullInTheTemplateRemovesADefault() {
        JsonNode pod = job(SWEEP + "  template: {spec: {securityContext: {runAsUser: null}}}\n")
                .at("/spec/template/spec/securityContext");
        assertThat(pod.has("runAsUser")).isFalse();
        assertThat(pod.has("runAsNonRoot")).isTrue();
    }

    /** Another operator, with maps of another order, makes the same bytes. */
    @Test
    void theSameTrialMakesTheSameJobWhateverTheOrderOfItsParameters() {
        Map<String, ParameterValue> ordered = new java.util.LinkedHashMap<>();
        ordered.put("model", ParameterValue.text("bert"));
        ordered.put("lr", ParameterValue.number("0.000030"));
        GenericKubernetesResource other = factory.job(sweep(SWEEP), trial("t", Point.of(ordered)));
        assertThat(new ObjectMapper().valueToTree(other).toString())
                .isEqualTo(job(SWEEP).toString());
        GenericKubernetesResource another =
                factory.job(sweep(SWEEP), trial("t", Point.of(Map.of("lr", ParameterValue.number("0.1")))));
        assertThat(new ObjectMapper().valueToTree(another).toString())
                .isNotEqualTo(job(SWEEP).toString());
    }

    @Test
    void pythonPrintsAtOnceUnlessTheTemplateSaysOtherwise() {
        assertThat(trainer(SWEEP).get("env").toString()).contains("{\"name\":\"PYTHONUNBUFFERED\",\"value\":\"1\"}");
        String own = SWEEP
                + "  template: {spec: {containers: [{name: trainer, env: [{name: PYTHONUNBUFFERED, value: ''}]}]}}\n";
        assertThat(trainer(own).get("env").toString())
                .contains("{\"name\":\"PYTHONUNBUFFERED\",\"value\":\"\"}")
                .doesNotContain("{\"name\":\"PYTHONUNBUFFERED\",\"value\":\"1\"}");
    }

    @Test
    void containersBesideTheTrainerFindTheParametersBeforeTheirOwnVariables() {
        JsonNode pod = job(SWEEP
                        + "  template: {spec: {initContainers: [{name: a, image: i, env: [{name: X, value: $(SWEEP_PARAM_LR)}, {name: SWEEP_NAME,"
                        + " value: mine}]}]}}\n")
                .at("/spec/template/spec/initContainers/0/env");
        assertThat(pod.findValuesAsText("name"))
                .contains("SWEEP_PARAM_LR", "SWEEP_TRIAL")
                .containsOnlyOnce("SWEEP_NAME");
        assertThat(pod.get(pod.size() - 2).get("name").asText()).isEqualTo("X");
    }

    @Test
    void aDirectiveRemovesADefaultOrTakesItsPlace() {
        JsonNode pod = job(SWEEP
                        + "  template: {spec: {securityContext: {$patch: delete}, volumes: [{name: tmp, $patch: delete}], containers: [{name:"
                        + " trainer, securityContext: {$patch: replace, privileged: false}}]}}\n")
                .at("/spec/template/spec");
        assertThat(pod.has("securityContext")).isFalse();
        assertThat(pod.get("volumes")).isEmpty();
        assertThat(pod.at("/containers/0/securityContext")).hasToString("{\"privileged\":false}");
    }

    /** 128 KiB is what Linux takes for one variable or argument. */
    @Test
    void aValueThatIsTooLargeForAVariableIsOnlyInTheFile() {
        Point large =
                Point.of(Map.of("lr", ParameterValue.text("x".repeat(131_072)), "model", ParameterValue.text("bert")));
        String sweep = SWEEP.replace("command:", "ignored:") + "  command: [python, train.py, '${args_json_file}']\n"
                + "  template: {spec: {containers: [{name: trainer, image: i}]}}\n";
        JsonNode job = new ObjectMapper()
                .valueToTree(factory.job(sweep(sweep.replaceAll("(?m)^  ignored:.*\n", "")), trial("t", large)));
        JsonNode trainer = job.at("/spec/template/spec/containers/0");
        assertThat(trainer.get("env").findValuesAsText("name"))
                .contains("SWEEP_PARAM_MODEL", "SWEEP_TRIAL")
                .doesNotContain("SWEEP_PARAM_LR", "SWEEP_PARAMETERS");
        int annotations =
                job.at("/spec/template/metadata/annotations").toString().length();
        assertThat(annotations).isBetween(131_000, 262_144);
    }

    @Test
    void theJobIsOwnedByTheTrialAndDisruptionsUseUpNoRetry() {
        JsonNode job = job(SWEEP);
        assertThat(job.at("/metadata/ownerReferences/0/uid").asText()).isEqualTo("t-uid");
        assertThat(job.at("/spec/backoffLimit").asInt()).isEqualTo(1);
        assertThat(job.at("/spec/podFailurePolicy/rules/0/action").asText()).isEqualTo("Ignore");
    }

    /** Else trials that share the cores of a node spend them on waiting. */
    @Test
    void theDefaultTrainerWaitsWithoutSpinningUnlessItHasCoresOfItsOwn() {
        String passive = "{\"name\":\"OMP_WAIT_POLICY\",\"value\":\"PASSIVE\"}";
        assertThat(trainer(SWEEP).get("env").toString()).contains(passive);
        String template = "  template: {spec: {containers: [{name: trainer, %s}]}}\n";
        assertThat(trainer(SWEEP + template.formatted("resources: {limits: {memory: 1Gi}}"))
                        .get("env")
                        .toString())
                .contains(passive);
        assertThat(trainer(SWEEP + template.formatted("resources: {limits: {cpu: 2}}"))
                        .get("env")
                        .toString())
                .doesNotContain("OMP_WAIT_POLICY");
        assertThat(trainer(SWEEP + template.formatted("env: [{name: OMP_WAIT_POLICY, value: ACTIVE}]"))
                        .get("env")
                        .toString())
                .contains("ACTIVE")
                .doesNotContain("PASSIVE");
        assertThat(trainer(SWEEP + template.formatted("image: mine")).get("env").toString())
                .doesNotContain("OMP_WAIT_POLICY");
    }

    /** Of a program of the user's we do not know what its exit codes mean. */
    @Test
    void whatTheDefaultTrainerCannotMendIsNotTriedAgain() {
        JsonNode rule = job(SWEEP).at("/spec/podFailurePolicy/rules/1");
        assertThat(rule.at("/action").asText()).isEqualTo("FailJob");
        assertThat(rule.at("/onExitCodes/values")).hasToString("[2,3,4]");
        String ownImage = "  template: {spec: {containers: [{name: trainer, image: mine}]}}\n";
        assertThat(job(SWEEP + ownImage).at("/spec/podFailurePolicy/rules")).hasSize(1);
    }

    /** As under the agent of Weights and Biases. */
    @Test
    void aProgramOfTheUsersFindsItsParametersInWandbConfig() {
        String template = "  template: {spec: {containers: [{name: trainer, image: mine, %s}]}}\n";
        JsonNode pod = job(SWEEP + template.formatted("env: []")).at("/spec/template");
        String environment = pod.at("/spec/containers/0/env").toString();
        assertThat(environment)
                .contains("{\"name\":\"WANDB_SWEEP_PARAM_PATH\",\"value\":\"/etc/sweeps/wandb.json\"}")
                .contains("{\"name\":\"WANDB_MODE\",\"value\":\"offline\"}");
        assertThat(pod.at("/metadata/annotations/sweeps.dev~1wandb-config").asText())
                .startsWith("{\"wandb_version\":1,\"lr\":{\"value\":0.00003}");
        assertThat(pod.at("/spec/volumes/1/downwardAPI/items/0/path").asText()).isEqualTo("wandb.json");
        for (String account : List.of(
                "env: [{name: WANDB_API_KEY, valueFrom: {secretKeyRef: {name: w, key: k}}}]",
                "envFrom: [{secretRef: {name: w}}]",
                "env: [{name: WANDB_MODE, value: disabled}]")) {
            assertThat(trainer(SWEEP + template.formatted(account)).get("env").toString())
                    .contains("WANDB_SWEEP_PARAM_PATH")
                    .doesNotContain("offline");
        }
        assertThat(trainer(SWEEP).get("env").toString()).doesNotContain("WANDB");
    }

    private JsonNode trainer(String sweep) {
        return job(sweep).at("/spec/template/spec/containers/0");
    }

    private JsonNode job(String sweep) {
        GenericKubernetesResource job = factory.job(sweep(sweep), trial("t", POINT));
        return new ObjectMapper().valueToTree(job);
    }
}
