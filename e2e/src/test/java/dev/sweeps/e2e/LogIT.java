package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import org.junit.jupiter.api.Test;

/**
 * Results reach the status whatever a trial prints, and whoever removes or forbids what. Logs stay below 10 MB, at which the kubelet begins
 * another file: what is in the one before cannot be read any more, and this happens at any moment, also after the last line.
 */
class LogIT extends SweepTest {
    @Test
    void aGiganticLineLosesItselfOnly() {
        create(
                one(
                        "line",
                        "echo step=1 eval_acc=0.1; head -c 9000000 /dev/zero | tr \"\\\\000\" x; echo; echo step=2 eval_acc=0.9"));
        awaitEnd("line");
        assertThat(trials("line").get(0).getStatus().value()).isEqualByComparingTo("0.9");
    }

    @Test
    void manyMegabytesOfLinesAreReadFromTheirEnd() {
        create(
                one(
                        "lines",
                        "yes 0123456789012345678901234567890123456789012345678901234567890123456789 | head -n 80000; echo eval_acc=0.9"));
        awaitEnd("lines");
        assertThat(trials("lines").get(0).getStatus().value()).isEqualByComparingTo("0.9");
    }

    @Test
    void aLogThatOnlyDrawsOverItselfIsRead() {
        create(one("bar", "for i in 1 2 3 4 5 6 7 8 9; do printf \"step=$i eval_acc=0.$i\\\\r\"; done"));
        awaitEnd("bar");
        TrialStatus status = trials("bar").get(0).getStatus();
        assertThat(status.value()).isEqualByComparingTo("0.9");
        assertThat(status.step()).isEqualTo(9);
    }

    @Test
    void whatHuggingFacesTrainerPrintsIsRead() {
        create(one("python", "printf \"{\\047eval_acc\\047: 0.75, \\047epoch\\047: 1.0}\\\\n\""));
        awaitEnd("python");
        assertThat(trials("python").get(0).getStatus().metrics()).containsOnlyKeys("eval_acc", "epoch");
    }

    /** Kubernetes' own clean-up, a node that is reset, an impatient user: the result was there for a second. */
    @Test
    void podsThatAreDeletedTheMomentTheyEndLoseNothing() {
        Process reaper = Shell.start(
                "bash",
                "-c",
                "while sleep 0.1; do kubectl delete pods -n " + namespace
                        + " --field-selector=status.phase=Succeeded --wait=false > /dev/null 2>&1; done");
        try {
            create(BUSYBOX.formatted(
                    "reaped", "echo \"{\\\"eval_acc\\\": 0.$SWEEP_PARAM_A$SWEEP_PARAM_B}\" > /dev/termination-log"));
            SweepStatus status = awaitEnd("reaped");
            assertThat(status.trials().succeeded()).isEqualTo(6);
            assertThat(status.best().value()).isEqualByComparingTo("0.23");
        } finally {
            reaper.descendants().forEach(ProcessHandle::destroyForcibly);
            reaper.destroyForcibly();
        }
    }

    /** Only a trial that left no termination message waits for its log. */
    @Test
    void whereLogsAreForbiddenTheTerminationMessageIsEnough() throws Exception {
        Operator.without("pods/log", () -> {
            create(one("enough", "echo \"{\\\"eval_acc\\\": 0.7}\" > /dev/termination-log"));
            create(one("needed", "echo eval_acc=0.6"));
            assertThat(awaitEnd("enough").best().value()).isEqualByComparingTo("0.7");
            TrialStatus waiting = awaitTrial("needed", status -> "LogUnreadable".equals(status.reason()));
            assertThat(waiting.message()).contains("forbidden");
        });
        assertThat(awaitEnd("needed").best().value()).isEqualByComparingTo("0.6");
        Trial trial = trials("needed").get(0);
        assertThat(trial.getStatus().reason()).isNull();
    }
}
