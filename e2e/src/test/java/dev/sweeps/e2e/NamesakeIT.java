package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.SweepStatus.State;
import org.junit.jupiter.api.Test;

/** A result is never taken for that of a namesake: of an earlier sweep, an earlier trial, another metric. */
class NamesakeIT extends SweepTest {
    @Test
    void aSweepThatIsMadeAgainOverWhatIsBeingDeletedRunsAnew() {
        for (int round = 1; round <= 5; round++) {
            create(BUSYBOX.formatted("again", "echo eval_acc=0." + round));
            int now = round;
            SweepStatus status = awaitStatus("again", found -> found.state() == State.COMPLETE);
            assertThat(status.trials().succeeded()).isEqualTo(6);
            assertThat(trials("again"))
                    .allSatisfy(trial -> assertThat(trial.getStatus().value()).isEqualByComparingTo("0." + now));
            kubectl("delete", "sweep", "again");
        }
    }

    @Test
    void aTrialThatIsDeletedRunsAgainWithAJobOfItsOwn() {
        create(one("trial", "echo eval_acc=0.$(tr -dc 0-9 < /proc/uptime)"));
        awaitEnd("trial");
        String name = trials("trial").get(0).getMetadata().getName();
        for (int round = 0; round < 5; round++) {
            String value = trials("trial").get(0).getStatus().value().toPlainString();
            kubectl("delete", "trial", name);
            awaitTrial(
                    "trial",
                    status -> status.value() != null
                            && !status.value().toPlainString().equals(value));
        }
    }

    @Test
    void whatWouldMixResultsCannotBeEdited() {
        create(one("edit", "echo eval_acc=0.5"));
        for (String[] change : new String[][] {
            {"metric", "{\"metric\":{\"name\":\"loss\"}}"},
            {"metric", "{\"metric\":{\"goal\":\"minimize\"}}"},
            {"method", "{\"method\":\"random\"}"},
            {"program", "{\"program\":\"other.py\"}"},
            {"command", "{\"command\":[\"echo\"]}"},
            {"command", "{\"command\":null}"}
        }) {
            Shell.Result result = patch("sweep", "edit", "{\"spec\":" + change[1] + "}");
            assertThat(result.exitCode()).as(change[1]).isNotZero();
            assertThat(result.output())
                    .contains(change[0] + " cannot be changed, because")
                    .contains("delete the Sweep, or apply it under another name");
        }
        kubectl("patch", "sweep", "edit", "--type=merge", "-p", "{\"spec\":{\"parallelism\":3,\"retries\":2}}");
    }

    /** One foreign Job of the name of a trial: said, and gone on when it is removed. */
    @Test
    void aForeignJobOfTheSameNameIsToldAndWaitedFor() {
        create(one("foreign", "sleep 1000"));
        awaitTrial("foreign", status -> status.state() != null);
        String name = trials("foreign").get(0).getMetadata().getName();
        kubectl("delete", "sweep", "foreign", "--cascade=foreground");
        create(
                """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: %s}
                spec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}
                """
                        .formatted(name));
        create(one("foreign", "echo eval_acc=0.5"));
        assertThat(awaitTrial("foreign", status -> "NameTaken".equals(status.reason()))
                        .message())
                .contains("Job " + name + " exists and was not made for this resource");
        kubectl("delete", "job", name);
        assertThat(awaitEnd("foreign").state()).isEqualTo(State.COMPLETE);
    }
}
