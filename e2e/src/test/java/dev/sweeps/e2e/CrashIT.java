package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.SweepStatus.State;
import dev.sweeps.api.v1alpha1.TrialStatus;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CrashIT extends SweepTest {
    private static final String WIDE = BUSYBOX.replace("b: {values: [1, 2, 3]}", "b: {values: [1, 2, 3, 4, 5, 6]}");

    @Test
    void anOperatorThatIsKilledAgainAndAgainRunsEveryPointExactlyOnce() throws InterruptedException {
        create(WIDE.formatted("crash", "sleep 1; echo eval_acc=0.$SWEEP_PARAM_A$SWEEP_PARAM_B"));
        for (int kill = 1; kill <= 3; kill++) {
            int ended = 2 * kill;
            awaitStatus(
                    "crash",
                    status -> status.trials() != null && status.trials().succeeded() >= ended);
            Operator.kill();
        }
        SweepStatus status = awaitStatus("crash", now -> now.state() == State.COMPLETE);
        assertThat(status.trials().succeeded()).isEqualTo(12);
        assertThat(trials("crash"))
                .hasSize(12)
                .allSatisfy(trial -> assertThat(trial.getStatus().attempts()).isEqualTo(1));
        assertThat(client.pods().inNamespace(namespace).list().getItems()).hasSize(12);
        assertThat(status.best().value()).isEqualByComparingTo("0.26");
    }

    /** Each point follows from the results before it, so that one that is lost or asked for twice would change all that come after. */
    @Test
    void anOperatorThatIsKilledWhileBayesRunsChoosesTheSamePoints() {
        String bayes =
                """
                apiVersion: sweeps.dev/v1alpha1
                kind: Sweep
                metadata: {name: %s}
                spec:
                  method: bayes
                  metric: {name: eval_acc, goal: maximize}
                  runCap: 14
                  parameters:
                    u: {distribution: uniform, min: 0, max: 10}
                    v: {distribution: uniform, min: 0, max: 10}
                  command: [awk, -v, "u=${envvar:SWEEP_PARAM_U}", -v, "v=${envvar:SWEEP_PARAM_V}", 'BEGIN {s = -((u-3)*(u-3)+(v-7)*(v-7)); print "eval_acc=" s}']
                  gpu: {count: 0}
                  template: {spec: {containers: [{name: trainer, image: "localhost/busybox:1"}]}}
                """;
        create(bayes.formatted("quiet-bayes"));
        assertThat(awaitEnd("quiet-bayes").trials().succeeded()).isEqualTo(14);
        create(bayes.formatted("crash-bayes"));
        for (int kill = 1; kill <= 3; kill++) {
            int ended = 4 * kill;
            awaitStatus(
                    "crash-bayes",
                    status -> status.trials() != null && status.trials().succeeded() >= ended);
            Operator.killAndStartAgain();
        }
        assertThat(awaitEnd("crash-bayes").trials().succeeded()).isEqualTo(14);
        assertThat(points("crash-bayes")).isEqualTo(points("quiet-bayes"));
        assertThat(sweep("crash-bayes").getStatus().best().value()).isGreaterThan(new BigDecimal("-2"));
    }

    /** The kubelet has thrown the first reports away when the operator begins anew. */
    @Test
    void anOperatorThatIsKilledStillKnowsTheReportsOfALogThatWasCutOff() {
        String script = "echo eval_acc=0.1; echo eval_acc=0.2; " + until("seen") + fillLogUntil("killed")
                + "echo eval_acc=0.3; echo eval_acc=0.4";
        create(one("cut", script) + "  earlyTerminate: {type: hyperband, minIter: 1, eta: 2}\n");
        String pod =
                awaitTrial("cut", status -> Objects.equals(status.reports(), 2)).pod();
        letGo(pod, "seen");
        awaitEmptyLog(pod);
        Operator.killAndStartAgain();
        letGo(pod, "killed");
        awaitEnd("cut");
        TrialStatus end = trials("cut").get(0).getStatus();
        assertThat(end.bands())
                .as(end.toString())
                .extracting(band -> band.report() + " " + band.value())
                .containsExactly("1 0.1", "2 0.2", "4 0.4");
    }

    private Map<Long, Map<String, ParameterValue>> points(String sweep) {
        return trials(sweep).stream()
                .collect(Collectors.toMap(trial -> trial.getSpec().number(), trial -> trial.getSpec()
                        .parameters()));
    }

    @Test
    void aKubeletThatIsKilledLosesNothing() {
        create(WIDE.formatted("kubelet", "sleep 2; echo eval_acc=0.$SWEEP_PARAM_A$SWEEP_PARAM_B"));
        awaitStatus(
                "kubelet", status -> status.trials() != null && status.trials().succeeded() >= 2);
        Shell.run("hack/cluster/cluster", "crash", "kubelet");
        assertThat(awaitEnd("kubelet").trials().succeeded()).isEqualTo(12);
    }

    /** Each watch ends with its server, and is begun again; the operator itself goes on. */
    @Test
    void anApiServerThatIsKilledLosesNothing() {
        String restarts = Operator.restarts();
        create(WIDE.formatted("server", "sleep 2; echo eval_acc=0.$SWEEP_PARAM_A$SWEEP_PARAM_B"));
        awaitStatus(
                "server", status -> status.trials() != null && status.trials().succeeded() >= 2);
        for (String program : new String[] {"kube-apiserver", "etcd"}) {
            Shell.run("hack/cluster/cluster", "crash", program);
            Shell.run("bash", "-c", "until kubectl get --raw /readyz > /dev/null 2>&1; do sleep 0.5; done");
        }
        SweepStatus status = awaitEnd("server");
        assertThat(status.trials().succeeded()).isEqualTo(12);
        assertThat(status.best().value()).isEqualByComparingTo("0.26");
        assertThat(Operator.restarts()).isEqualTo(restarts);
    }

    @Test
    void aPassThatChangesNothingWritesNothingAndLogsNothing() throws InterruptedException {
        create(BUSYBOX.formatted("quiet", "echo eval_acc=0.5"));
        awaitEnd("quiet");
        Thread.sleep(6_000); // Until the last write of a finished sweep, the release of its last Job, is over.
        String log = Operator.log();
        long writes = writes();
        double passes = passes();
        // An annotation of the sweep would trigger no pass: its generation stays. A change of what it made does.
        kubectl("label", "jobs", "--all", "touched=yes");
        kubectl("label", "trials", "--all", "touched=yes");
        await().atMost(Duration.ofSeconds(30)).until(() -> passes() >= passes + 7);
        Thread.sleep(5_000); // What is gathered would be written by then.
        assertThat(Operator.log()).isEqualTo(log);
        assertThat(writes()).isEqualTo(writes);
    }

    @Test
    void theOperatorWritesAtMostSixTimesATrial() throws InterruptedException {
        long before = writes();
        String duplicatesBefore = duplicateJobs();
        create(WIDE.formatted("writes", "sleep 2; echo eval_acc=0.5"));
        awaitEnd("writes");
        Thread.sleep(6_000);
        assertThat((writes() - before) / 12.0).isLessThanOrEqualTo(6);
        assertThat(duplicateJobs()).isEqualTo(duplicatesBefore);
    }

    /** A finished Job may be deleted with its Pods. */
    @Test
    void aJobIsReleasedOnlyWhenItsResultIsRecorded() throws Exception {
        Operator.without("sweeps/status", () -> {
            create(one("record", "echo eval_acc=0.5"));
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> !kubectl("get", "jobs", "-o", "name").isEmpty());
            kubectl("wait", "--for=condition=Complete", "jobs", "--all", "--timeout=60s");
            Thread.sleep(5_000);
            assertThat(ttl()).isEmpty();
            assertThat(kubectl("get", "trials", "-o", "jsonpath={.items[*].status.state}"))
                    .isEmpty();
        });
        assertThat(awaitEnd("record").best().value()).isEqualByComparingTo("0.5");
        await().atMost(Duration.ofSeconds(30)).until(() -> ttl().equals("3600"));
    }

    private String ttl() {
        return kubectl("get", "jobs", "-o", "jsonpath={.items[*].spec.ttlSecondsAfterFinished}");
    }

    /** Passes of both reconcilers so far, from the operator's metrics. */
    private static double passes() {
        return Shell.run(
                        "kubectl",
                        "get",
                        "--raw",
                        "/api/v1/namespaces/" + Operator.NAMESPACE
                                + "/services/sweep-operator:management/proxy/q/metrics")
                .lines()
                .filter(line -> line.startsWith("reconciliations_started_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** API writes by the operator so far, from the audit log. */
    /** Returns the line of the audit summary that counts refused duplicate Jobs; empty if there is none. */
    private static String duplicateJobs() {
        return Arrays.stream(Shell.run("hack/cluster/cluster", "refused").split("\n"))
                .filter(line -> line.matches(".*:sweep-operator\\s+create\\s+jobs\\s+409"))
                .findAny()
                .orElse("");
    }

    private static long writes() {
        return Arrays.stream(Shell.run("hack/cluster/cluster", "audit").split("\n"))
                .filter(line -> line.contains("system:serviceaccount:sweep-system:sweep-operator"))
                .mapToLong(line -> Long.parseLong(line.strip().split("\\s+")[0]))
                .sum();
    }
}
