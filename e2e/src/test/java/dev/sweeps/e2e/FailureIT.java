package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.SweepStatus.State;
import dev.sweeps.api.v1alpha1.Trial;
import org.junit.jupiter.api.Test;

class FailureIT extends SweepTest {
    @Test
    void aFailedTrialTellsItsExitCodeAndTheLastLinesOfItsLog() {
        create(BUSYBOX.formatted(
                "some", "[ $SWEEP_PARAM_A = 1 ] && { echo working; echo out of luck; exit 7; }; echo eval_acc=0.5"));
        SweepStatus status = awaitEnd("some");
        assertThat(status.state()).isEqualTo(State.COMPLETE);
        assertThat(status.trials().failed()).isEqualTo(3);
        Trial failed = trials("some").stream()
                .filter(trial -> trial.getStatus().exitCode() == 7)
                .findFirst()
                .orElseThrow();
        assertThat(failed.getStatus().reason()).isEqualTo("Error");
        assertThat(failed.getStatus().message()).isEqualTo("exit code 7: working\nout of luck");
    }

    @Test
    void aSweepWhoseEveryTrialFailsHasFailed() {
        create(BUSYBOX.formatted("all", "exit 1"));
        SweepStatus status = awaitEnd("all");
        assertThat(status.state()).isEqualTo(State.FAILED);
        assertThat(condition(status, "Failed").getStatus()).isEqualTo("True");
        assertThat(Shell.run("kubectl", "get", "events", "-n", namespace)).contains("TrialFailed");
    }

    @Test
    void aMetricThatIsNeverReportedIsSaid() {
        create(BUSYBOX.formatted("missing", "echo loss=0.5"));
        awaitEnd("missing");
        Trial trial = trials("missing").get(0);
        assertThat(trial.getStatus().reason()).isEqualTo("MetricMissing");
        assertThat(trial.getStatus().message())
                .isEqualTo(
                        "the trial ended without reporting eval_acc. It reported \"loss\". No line mentions it; the last lines are"
                                + " \"loss=0.5\". Print {\"eval_acc\": 0.9} or eval_acc=0.9, correct metric.name, or describe"
                                + " the line with metric.pattern");
    }

    @Test
    void aMetricThatIsNotANumberIsNeverRanked() {
        create(BUSYBOX.formatted(
                "nan", "[ $SWEEP_PARAM_A = 1 ] && echo eval_acc=nan || echo eval_acc=0.$SWEEP_PARAM_B"));
        SweepStatus status = awaitEnd("nan");
        assertThat(status.best().value()).isEqualByComparingTo("0.3");
        assertThat(trials("nan"))
                .filteredOn(trial -> "Diverged".equals(trial.getStatus().reason()))
                .hasSize(3);
    }

    @Test
    void aProgramThatDoesNotExistIsNamed() {
        create(BUSYBOX.formatted("program", "x").replace("[sh, -c, 'x']", "[no-such-program]"));
        awaitEnd("program");
        assertThat(trials("program").get(0).getStatus().message())
                .contains("no-such-program")
                .contains("not found");
    }

    @Test
    void aTrialThatRunsLongerThanItsTemplateAllowsIsEndedAndSaysSo() {
        create(one("slow", "sleep 600") + "      activeDeadlineSeconds: 3\n");
        assertThat(awaitEnd("slow").state()).isEqualTo(SweepStatus.State.FAILED);
        Trial trial = trials("slow").get(0);
        assertThat(trial.getStatus().reason()).isEqualTo("DeadlineExceeded");
        assertThat(trial.getStatus().message())
                .isEqualTo("Pod was active on the node longer than the specified deadline");
    }

    @Test
    void anInitContainerThatFailsIsNamed() {
        create(
                one("download", "echo eval_acc=0.5")
                        + """
                      initContainers:
                        - {name: download, image: "localhost/busybox:1", command: [sh, -c, "echo no such model; exit 6"],
                           terminationMessagePolicy: FallbackToLogsOnError,
                           securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}
                """);
        assertThat(awaitEnd("download").state()).isEqualTo(SweepStatus.State.FAILED);
        assertThat(trials("download").get(0).getStatus().message())
                .isEqualTo("container download: exit code 6: no such model");
    }

    @Test
    void anImageThatCannotBePulledIsSaidAndOtherSweepsGoOn() {
        create(BUSYBOX.formatted("image", "x").replace("localhost/busybox:1", "127.0.0.1:1/no-such-image:1"));
        create(BUSYBOX.formatted("other", "echo eval_acc=0.5").replace("parallelism: 2", "gpu: {count: 0}"));
        SweepStatus status = awaitStatus(
                "image", now -> condition(now, "Complete").getReason().matches("ErrImagePull|ImagePullBackOff"));
        assertThat(status.trials().pending()).isEqualTo(2);
        assertThat(condition(status, "Complete").getMessage()).contains("no-such-image");
        assertThat(awaitEnd("other").trials().succeeded()).isEqualTo(6);
    }
}
