package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kubectl sweep}, as {@code make install-cli} installs it, and through kubectl. */
class CommandLineIT extends SweepTest {
    private static final String SCRIPT = "echo eval_acc=0.$SWEEP_PARAM_A$SWEEP_PARAM_B eval_samples=100";

    @TempDir
    Path directory;

    @Test
    void aSweepIsWatchedAnsweredAndKeptInAFile() throws Exception {
        create(BUSYBOX.formatted("cli", SCRIPT));
        assertThat(sweep("watch", "cli"))
                .contains("cli Complete: 6 of 6 trials ended, best eval_acc 0.23 with a=2 b=3");
        assertThat(sweep("results", "cli")).containsPattern("cli-[0-9a-z]+ +Succeeded +0.23 +2 +3");
        assertThat(sweep("analyze", "cli").replaceAll("\\s+", " "))
                .contains("cli: 6 of 6 trials have a value of eval_acc (Complete)", "Run the best again")
                .contains("The noise is that of 100 evaluation examples.");
        Path report = directory.resolve("cli.html");
        sweep("report", "cli", "-o", report.toString());
        assertThat(Files.readString(report)).contains("\"name\":\"cli\"");
        assertThat(Shell.run("kubectl", "get", "-n", namespace, "sweep", "cli", "-o", "jsonpath={.status.summary}"))
                .startsWith("Best eval_acc: 2 0.23 (b=3); 1 0.13 (b=3).");
    }

    /** What plan says beforehand is what runs: the same names. */
    @Test
    void aFileOfWeightsAndBiasesIsPlannedImportedAppliedAndEnded() throws Exception {
        Path file = directory.resolve("wandb.yaml");
        Files.writeString(
                file,
                """
                name: Imported Sweep
                project: mine
                method: random
                run_cap: 3
                metric: {name: eval_acc, goal: maximize}
                command: [sh, -c, 'echo a trial; sleep 5; echo eval_acc=0.5']
                parameters:
                  lr: {min: 0.0, max: 1.0}
                  layers: {values: [[64, 64], null]}
                """);
        String planned = sweep("plan", "-f", file.toString(), "-o", "json");
        assertThat(planned).contains("\"count\" : 3", "\"layers\" : [");
        Path manifest = directory.resolve("sweep.yaml");
        Shell.run("bash", "-c", "build/cli/bin/kubectl-sweep import -f " + file + " > " + manifest);
        Files.writeString(
                manifest,
                Files.readString(manifest)
                        + "  gpu: {count: 0}\n  parallelism: 3\n  template: {spec: {terminationGracePeriodSeconds: 1, containers: [{name: trainer, image: \"localhost/busybox:1\"}]}}\n");
        create(Files.readString(manifest));
        awaitStatus(
                "imported-sweep", now -> now.trials() != null && now.trials().running() == 3);
        trials("imported-sweep").forEach(trial -> assertThat(planned)
                .contains(trial.getMetadata().getName()));
        String trial = trials("imported-sweep").get(0).getMetadata().getName();
        assertThat(sweep("logs", trial)).contains("a trial");
        assertThat(sweep("suspend", "imported-sweep")).isEqualTo("sweep.sweeps.dev/imported-sweep suspended\n");
        assertThat(sweep("cancel", "imported-sweep")).isEqualTo("sweep.sweeps.dev/imported-sweep cancelled\n");
        awaitEnd("imported-sweep");
        assertThat(sweep("resume", "imported-sweep")).isEqualTo("sweep.sweeps.dev/imported-sweep resumed\n");
        assertThat(super.sweep("imported-sweep").getSpec().shutdown()).isNull();
        assertThat(sweep("retry", "imported-sweep", trial)).isEqualTo("trial.sweeps.dev/" + trial + " is run again\n");
        awaitStatus("imported-sweep", now -> now.trials().succeeded() >= 1);
        assertThat(sweep("retry", "imported-sweep")).isEqualTo("No trial has failed.\n");
    }

    @Test
    void aSweepThatIsNotThereIsSaidWithThoseThatAre() {
        create(BUSYBOX.formatted("there", SCRIPT));
        assertThat(Shell.attempt("", words("analyze", "missing")).output())
                .isEqualTo("error: there is no sweep missing in namespace " + namespace + "; there is there\n");
        assertThat(Shell.run("build/cli/bin/kubectl_complete-sweep", "analyze", "-n", namespace, "t"))
                .isEqualTo("there\n:4\n");
    }

    private String sweep(String... words) {
        return Shell.run(words(words));
    }

    /** kubectl finds its plugins in the PATH. */
    private String[] words(String... words) {
        String command = "PATH=$PWD/build/cli/bin:$PATH kubectl sweep " + String.join(" ", words) + " -n " + namespace;
        return new String[] {"bash", "-c", command};
    }
}
