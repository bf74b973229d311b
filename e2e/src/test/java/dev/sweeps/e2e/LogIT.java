package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Results reach the status whatever a trial prints, and whoever removes or forbids what. */
class LogIT extends SweepTest {
    /** A line of more than is read at once, and of less than the kubelet leaves in one file. */
    @Test
    void aGiganticLineLosesItselfOnly() {
        create(one("line", "echo step=1 eval_acc=0.1; " + line(9_000_000) + "echo step=2 eval_acc=0.9"));
        awaitEnd("line");
        assertThat(trials("line").get(0).getStatus().value()).isEqualByComparingTo("0.9");
    }

    @Test
    void manyLinesAreReadFromTheirEnd() {
        create(one("lines", lines(80_000) + "echo eval_acc=0.9"));
        awaitEnd("lines");
        assertThat(trials("lines").get(0).getStatus().value()).isEqualByComparingTo("0.9");
    }

    /** The kubelet begins another file for a log of more than 10 MB, and the API server shows that one only. */
    @Test
    void aLogOfHundredsOfMegabytesHidesNoLaterResult() {
        create(one(
                "huge",
                "echo eval_acc=0.1; " + until("seen") + line(300_000_000) + lines(1_000_000) + fillLogUntil("rotated")
                        + "echo eval_acc=0.9"));
        String pod = awaitTrial("huge", status -> status.value() != null).pod();
        letGo(pod, "seen");
        awaitEmptyLog(pod);
        letGo(pod, "rotated");
        awaitEnd("huge");
        TrialStatus status = trials("huge").get(0).getStatus();
        assertThat(status.value()).isEqualByComparingTo("0.9");
        assertThat(status.reason()).isNull();
    }

    /** It cannot be read by anybody; so the trial says so, and what to do. */
    @Test
    void aResultThatTheKubeletHasPutAwayIsSaidToBe() throws Exception {
        String result = until("unseen") + "echo eval_acc=0.9; " + fillLogUntil("rotated");
        create(one("silent", "echo epoch=1; " + result));
        create(one("known", "echo eval_acc=0.1; " + result));
        List<String> pods = Stream.of("silent", "known")
                .map(name ->
                        awaitTrial(name, status -> status.metrics() != null).pod())
                .toList();
        Operator.without("pods/log", () -> {
            pods.forEach(pod -> letGo(pod, "unseen"));
            pods.forEach(pod -> {
                awaitEmptyLog(pod);
                letGo(pod, "rotated");
            });
            awaitTrial("silent", status -> "LogUnreadable".equals(status.reason()));
            awaitTrial("known", status -> "LogUnreadable".equals(status.reason()));
        });
        awaitEnd("silent");
        assertThat(trials("silent").get(0).getStatus().reason()).isEqualTo("MetricMissing");
        assertThat(trials("silent").get(0).getStatus().message())
                .contains("its log is empty")
                .contains("/dev/termination-log");
        awaitEnd("known");
        assertThat(trials("known").get(0).getStatus().value()).isEqualByComparingTo("0.1");
        assertThat(trials("known").get(0).getStatus().reason()).isEqualTo("LogRotated");
    }

    private static String line(int bytes) {
        return "head -c " + bytes + " /dev/zero | tr \"\\\\000\" x; echo; ";
    }

    private static String lines(int count) {
        return "yes 0123456789012345678901234567890123456789012345678901234567890123456789 | head -n " + count + "; ";
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
