package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.SweepStatus.State;
import dev.sweeps.api.v1alpha1.Trial;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GridIT extends SweepTest {
    private static final String SCRIPT =
            "sleep 1; echo \"{\\\"step\\\": 1, \\\"eval_acc\\\": 0.1}\"; echo step=2 eval_acc=0.$SWEEP_PARAM_A$SWEEP_PARAM_B";

    @Test
    void everyPointIsRunOnceAndTheBestIsFound() {
        create(BUSYBOX.formatted("grid", SCRIPT));
        Shell.run("kubectl", "wait", "-n", namespace, "--for=condition=Complete", "sweep/grid", "--timeout=120s");

        SweepStatus status = sweep("grid").getStatus();
        assertThat(status.trials().succeeded()).isEqualTo(6);
        assertThat(status.trials().total()).isEqualTo(6);
        assertThat(status.best().value()).isEqualByComparingTo("0.23");
        assertThat(status.best().parameters()).isEqualTo(Map.of("a", ParameterValue.of(2), "b", ParameterValue.of(3)));
        assertThat(status.groups())
                .extracting(group ->
                        group.count() + " " + group.mean() + " " + group.best().value())
                .containsExactly("3 0.22 0.23", "3 0.12 0.13");
        assertThat(trials("grid"))
                .hasSize(6)
                .allSatisfy(trial -> assertThat(trial.getStatus().attempts()).isEqualTo(1));
        assertThat(trials("grid"))
                .allSatisfy(trial -> assertThat(trial.getStatus().history()).hasSize(2));
        assertThat(Shell.run("kubectl", "get", "sweeps", "-n", namespace))
                .containsPattern("grid +grid +Complete +6/6 +0 +eval_acc +0.23 +a=2 b=3");
    }

    @Test
    void everyJobRequestsAGpu() {
        create(BUSYBOX.formatted("gpu", SCRIPT));
        awaitEnd("gpu");
        assertThat(client.batch().v1().jobs().inNamespace(namespace).list().getItems())
                .hasSize(6)
                .allSatisfy(job -> assertThat(job.getSpec()
                                .getTemplate()
                                .getSpec()
                                .getContainers()
                                .get(0)
                                .getResources()
                                .getLimits())
                        .containsEntry("nvidia.com/gpu", new Quantity("1")));
    }

    @Test
    void trialsBeyondTheNodesGpusWaitInTheSchedulersWordsAndAreThenRun() {
        create(BUSYBOX.formatted("wait", "sleep 4; echo eval_acc=0.5").replace("parallelism: 2", "parallelism: 4"));
        SweepStatus waiting = awaitStatus(
                "wait",
                status -> status.trials() != null
                        && condition(status, "Complete").getReason().equals("Unschedulable"));
        assertThat(condition(waiting, "Complete").getMessage()).contains("Insufficient nvidia.com/gpu");
        assertThat(waiting.trials().running()).isLessThanOrEqualTo(2);
        assertThat(awaitEnd("wait").trials().succeeded()).isEqualTo(6);
    }

    @Test
    void aValueThatIsAddedRunsOnlyItsNewPoints() {
        create(BUSYBOX.formatted("more", SCRIPT));
        awaitEnd("more");
        List<String> before = trials("more").stream()
                .map(trial -> trial.getMetadata().getUid())
                .toList();
        create(BUSYBOX.formatted("more", SCRIPT).replace("b: {values: [1, 2, 3]}", "b: {values: [1, 2, 3, 4]}"));
        SweepStatus status = awaitStatus("more", now -> now.trials().succeeded() == 8 && now.state() == State.COMPLETE);
        assertThat(status.best().value()).isEqualByComparingTo(new BigDecimal("0.24"));
        assertThat(trials("more").stream().map(trial -> trial.getMetadata().getUid()))
                .hasSize(8)
                .containsAll(before);
    }

    @Test
    void aSuspendedSweepStartsNothing() {
        create(BUSYBOX.formatted("later", SCRIPT) + "  suspend: true\n");
        SweepStatus status = awaitStatus("later", now -> now.state() == State.SUSPENDED);
        assertThat(status.trials().waiting()).isEqualTo(6);
        assertThat(trials("later")).isEmpty();
        create(BUSYBOX.formatted("later", SCRIPT));
        assertThat(awaitEnd("later").trials().succeeded()).isEqualTo(6);
    }

    @Test
    void deletingASweepDeletesAllItMade() {
        create(BUSYBOX.formatted("gone", "sleep 60"));
        awaitStatus("gone", status -> status.trials() != null && status.trials().running() > 0);
        Shell.run("kubectl", "delete", "-n", namespace, "sweep", "gone", "--cascade=foreground", "--timeout=60s");
        assertThat(trials("gone")).isEmpty();
        assertThat(client.batch().v1().jobs().inNamespace(namespace).list().getItems())
                .isEmpty();
        assertThat(client.pods().inNamespace(namespace).list().getItems()).isEmpty();
    }

    @Test
    void aFailedTrialThatIsDeletedRunsAgain() {
        kubectl("create", "configmap", "world", "--from-literal=exit=3");
        create(
                one("again", "[ $WORLD = 0 ] && echo eval_acc=0.5; exit $WORLD")
                        .replace(
                                "name: trainer,",
                                "name: trainer, env: [{name: WORLD, valueFrom: {configMapKeyRef: {name: world, key: exit}}}],"));
        assertThat(awaitEnd("again").state()).isEqualTo(State.FAILED);
        Trial first = trials("again").get(0);
        kubectl("patch", "configmap", "world", "-p", "{\"data\":{\"exit\":\"0\"}}");
        kubectl("delete", "trial", first.getMetadata().getName());
        SweepStatus status = awaitStatus("again", now -> now.state() == State.COMPLETE);
        assertThat(status.best().value()).isEqualByComparingTo("0.5");
        assertThat(trials("again").get(0).getMetadata().getName())
                .isEqualTo(first.getMetadata().getName());
    }
}
