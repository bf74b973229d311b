package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.SweepStatus.State;
import dev.sweeps.api.v1alpha1.Trial;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The default trainer, for a few steps. */
class TrainerIT extends SweepTest {
    private static final String SWEEP =
            """
            apiVersion: sweeps.dev/v1alpha1
            kind: Sweep
            metadata: {name: rte}
            spec:
              program: run_glue.py
              command: ["${env}", "${interpreter}", "${program}", --do_train, --do_eval, --overwrite_output_dir, --no_cuda, "${args}"]
              method: grid
              metric: {name: eval_acc, goal: maximize}
              parameters:
                learning_rate: {values: [5e-5]}
                model_name_or_path: {values: [models/MiniLM-L1-H384-uncased, models/MiniLM-L6-H384-uncased]}
                task_name: {value: RTE}
                data_dir: {value: glue_data/RTE}
                output_dir: {value: /tmp/RTE/}
                max_seq_length: {value: 32}
                max_steps: {value: 3}
                logging_steps: {value: 1}
                per_gpu_eval_batch_size: {value: 64}
              parallelism: 2
              retries: 1
              groupBy: [model_name_or_path]
              template:
                spec:
                  containers:
                    - name: trainer
                      volumeMounts:
                        - {name: models, mountPath: /workspace/models, readOnly: true}
                        - {name: glue-data, mountPath: /workspace/glue_data, readOnly: true}
                  volumes:
                    - {name: models, persistentVolumeClaim: {claimName: models, readOnly: true}}
                    - {name: glue-data, persistentVolumeClaim: {claimName: glue-data, readOnly: true}}
            """;

    @BeforeEach
    void mountModelsAndData() {
        Shell.run("hack/cluster/cluster", "volume", namespace, "models", System.getenv("SWEEPS_MODELS"));
        Shell.run("hack/cluster/cluster", "volume", namespace, "glue-data", System.getenv("SWEEPS_DATA"));
    }

    @Test
    void bertAndDistilBertAreFineTunedAndReportTheirAccuracy() {
        create(SWEEP);
        SweepStatus status = awaitEnd("rte");
        assertThat(status.state()).as(condition(status, "Failed").getMessage()).isEqualTo(State.COMPLETE);
        assertThat(status.groups()).hasSize(2);
        assertThat(trials("rte")).allSatisfy(trial -> {
            assertThat(trial.getStatus().value().doubleValue()).isBetween(0.3, 0.7);
            assertThat(trial.getStatus().metrics())
                    .containsKeys("eval_acc", "eval_loss", "eval_samples", "loss", "learning_rate");
            assertThat(trial.getStatus().step()).isEqualTo(3);
        });
    }

    @Test
    void aFolderThatIsMissingIsSaidInTheTrainersWords() {
        create(SWEEP.replace("glue_data/RTE", "glue_data/XYZ").replace("models/MiniLM-L1-H384-uncased, ", ""));
        awaitEnd("rte");
        Trial trial = trials("rte").get(0);
        assertThat(trial.getStatus().exitCode()).isEqualTo(4);
        assertThat(trial.getStatus().reason()).isEqualTo("BadInput");
        assertThat(trial.getStatus().attempts())
                .as("a second attempt would find no more")
                .isEqualTo(1);
        assertThat(condition(sweep("rte").getStatus(), "Failed").getMessage())
                .contains("--data_dir glue_data/XYZ is not a folder");
        assertThat(trial.getStatus().message())
                .isEqualTo(
                        "exit code 4: --data_dir glue_data/XYZ is not a folder (in /workspace); mount the data there or correct --data_dir");
    }

    /** The cluster's GPUs are not there: a trial that got one must not train for days on the CPU. */
    @Test
    void aGpuThatIsNotThereIsSaidAndNoCudaIsTheWayOut() {
        create(SWEEP.replace("--no_cuda, ", "")
                .replace("models/MiniLM-L1-H384-uncased, ", "")
                .replace("retries: 1", "retries: 0"));
        awaitEnd("rte");
        Trial trial = trials("rte").get(0);
        assertThat(trial.getStatus().reason()).isEqualTo("NoGpu");
        assertThat(trial.getStatus().message())
                .startsWith("exit code 5: a GPU was given to this container and PyTorch does not see it; ")
                .endsWith("or --no_cuda to train on the CPU");
    }

    @Test
    void aParameterThatTheTrainerDoesNotKnowNamesTheNearest() {
        create(SWEEP.replace("logging_steps: {value: 1}", "loging_steps: {value: 1}"));
        awaitEnd("rte");
        assertThat(trials("rte").get(0).getStatus().message())
                .isEqualTo(
                        "exit code 2: --loging_steps is not a flag of this trainer; the nearest is --logging_steps, and --help lists all");
    }
}
