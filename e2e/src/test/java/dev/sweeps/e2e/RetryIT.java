package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.SweepStatus.State;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import org.junit.jupiter.api.Test;

class RetryIT extends SweepTest {
    /** Pods of one Job have one thing in common that a script sees: the volume of its claim. */
    private static final String FAILS_ONCE =
            "mkdir /shared/$SWEEP_TRIAL 2> /dev/null && { echo first attempt; exit 1; }; echo eval_acc=0.5";

    @Test
    void aTrialThatFailsOnceSucceedsAtItsSecondAttempt() {
        create(withSharedFolder(one("twice", FAILS_ONCE)).replace("retries: 0", "retries: 1"));
        assertThat(awaitEnd("twice").state()).isEqualTo(State.COMPLETE);
        TrialStatus status = trials("twice").get(0).getStatus();
        assertThat(status.attempts()).isEqualTo(2);
        assertThat(status.value()).isEqualByComparingTo("0.5");
    }

    @Test
    void withoutRetriesTheFirstFailureIsTheLast() {
        create(withSharedFolder(one("once", FAILS_ONCE)));
        assertThat(awaitEnd("once").state()).isEqualTo(State.FAILED);
        TrialStatus status = trials("once").get(0).getStatus();
        assertThat(status.attempts()).isEqualTo(1);
        assertThat(status.message()).isEqualTo("exit code 1: first attempt");
    }

    /** With no retry to lose. */
    @Test
    void anEvictionDoesNotCount() {
        create(one("evicted", "sleep 6; echo eval_acc=0.5"));
        TrialStatus running = awaitTrial("evicted", status -> status.state() == TrialStatus.State.RUNNING);
        evict(running.pod());
        assertThat(awaitEnd("evicted").state()).isEqualTo(State.COMPLETE);
        TrialStatus status = trials("evicted").get(0).getStatus();
        assertThat(status.attempts()).isEqualTo(2);
        assertThat(status.pod()).isNotEqualTo(running.pod());
    }

    /** Kubernetes waits twice as long after each, up to ten minutes, so that the first 49 are only said to have been. */
    @Test
    void endlessEvictionsAreGivenUp() throws InterruptedException {
        create(one("evicted", "sleep 1000; echo eval_acc=0.5"));
        String pod = awaitRunning("");
        Trial trial = trials("evicted").get(0);
        kubectl(
                "patch",
                "trial",
                trial.getMetadata().getName(),
                "--subresource=status",
                "--type=merge",
                "--patch={\"status\":{\"attempts\":50,\"disruptions\":49}}");
        Thread.sleep(6_000); // The operator takes what it wrote itself for the current status so long.
        evict(pod);
        evict(awaitRunning(pod));
        assertThat(awaitEnd("evicted").state()).isEqualTo(State.FAILED);
        TrialStatus status = trials("evicted").get(0).getStatus();
        assertThat(status.reason()).isEqualTo("DisruptedTooOften");
        assertThat(status.disruptions()).isEqualTo(51);
        assertThat(status.attempts())
                .as("Kubernetes may have created the next Pod before the trial was given up")
                .isBetween(51, 52);
        assertThat(kubectl("get", "pods", "--field-selector=status.phase=Running", "-o", "name"))
                .isEmpty();
    }

    /** The name of the running Pod, when it is another one. */
    private String awaitRunning(String before) {
        return awaitTrial(
                        "evicted",
                        status -> status.state() == TrialStatus.State.RUNNING
                                && !status.pod().equals(before))
                .pod();
    }

    @Test
    void aTrialThatNeedsTooMuchMemoryIsCalledOomKilled() {
        create(one("memory", "head -c 200000000 /dev/zero | tail")
                .replace("name: trainer,", "name: trainer, resources: {limits: {memory: 32Mi}},"));
        awaitEnd("memory");
        TrialStatus status = trials("memory").get(0).getStatus();
        assertThat(status.reason()).isEqualTo("OOMKilled");
        assertThat(status.exitCode()).isEqualTo(137);
    }

    private String withSharedFolder(String sweep) {
        String folder = Shell.run("mktemp", "-d").strip();
        Shell.run("chmod", "777", folder);
        Shell.run("hack/cluster/cluster", "volume", namespace, "shared", folder);
        return sweep.replace("name: trainer,", "name: trainer, volumeMounts: [{name: shared, mountPath: /shared}],")
                + "      volumes: [{name: shared, persistentVolumeClaim: {claimName: shared}}]\n";
    }
}
