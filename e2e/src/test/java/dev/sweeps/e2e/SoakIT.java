package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.SweepStatus.State;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What other tests do a few times, done often enough to meet what is rare: {@code make soak}, a quarter of an hour. */
@Tag("soak")
class SoakIT extends SweepTest {
    private static final String NUMBERS = "b: {values: [1, 2, 3]}";

    /** Each kill is waited out, so that it hits an operator at work and none that Kubernetes has yet to start. */
    @Test
    void twentyKillsDuringTwoHundredPointsLoseNothing() {
        String values =
                IntStream.rangeClosed(101, 200).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        create(BUSYBOX.formatted("kills", "sleep 3; echo eval_acc=0.$SWEEP_PARAM_A$SWEEP_PARAM_B")
                .replace(NUMBERS, "b: {values: [" + values + "]}")
                .replace("parallelism: 2", "gpu: {count: 0}\n  parallelism: 4"));
        for (int kill = 1; kill <= 20; kill++) {
            int ended = 8 * kill;
            SweepStatus status = awaitStatus(
                    "kills",
                    now -> now.trials() != null
                            && now.trials().succeeded() + now.trials().failed() >= ended);
            assertThat(status.state()).as("kill " + kill).isEqualTo(State.RUNNING);
            Operator.killAndStartAgain();
        }
        SweepStatus status = awaitStatus("kills", now -> now.state() == State.COMPLETE);
        assertThat(status.trials().succeeded()).isEqualTo(200);
        assertThat(trials("kills")).hasSize(200).allSatisfy(trial -> {
            assertThat(trial.getStatus().value())
                    .isEqualByComparingTo("0." + parameter(trial, "a") + parameter(trial, "b"));
            assertThat(trial.getStatus().attempts()).isEqualTo(1);
        });
        assertThat(client.pods().inNamespace(namespace).list().getItems()).hasSize(200);
        assertThat(status.best().value()).isEqualByComparingTo("0.2200");
    }

    @Test
    void fiftySweepsOfOneNameAreFiftyResults() {
        for (int round = 1; round <= 50; round++) {
            create(one("again", "echo eval_acc=0." + round));
            assertThat(awaitEnd("again").best().value()).isEqualByComparingTo("0." + round);
            kubectl("delete", "sweep", "again");
        }
    }

    @Test
    void aTrialThatIsDeletedFiftyTimesRunsFiftyTimes() {
        create(one("trial", "echo eval_acc=0.$(tr -dc 0-9 < /proc/uptime)"));
        awaitEnd("trial");
        for (int round = 1; round <= 50; round++) {
            TrialStatus before = trials("trial").get(0).getStatus();
            kubectl("delete", "trial", trials("trial").get(0).getMetadata().getName());
            TrialStatus after = awaitTrial(
                    "trial", status -> status.value() != null && status.value().compareTo(before.value()) != 0);
            assertThat(after.pod()).as("round " + round).isNotEqualTo(before.pod());
        }
    }

    @Test
    void aLogOfAGigabyteIsReadFromItsEnd() {
        create(one(
                "gigabyte",
                "yes step=1 eval_acc=0.1 and more of it | head -c 1000000000; echo; echo step=2 eval_acc=0.9"));
        awaitEnd("gigabyte");
        assertThat(trials("gigabyte").get(0).getStatus().value()).isEqualByComparingTo("0.9");
        assertThat(trials("gigabyte").get(0).getStatus().step()).isEqualTo(2);
    }

    private static String parameter(Trial trial, String name) {
        ParameterValue value = trial.getSpec().parameters().get(name);
        return value.toString();
    }
}
