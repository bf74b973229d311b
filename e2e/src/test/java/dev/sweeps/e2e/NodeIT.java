package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Trials on nodes that do not answer do not delay other trials. The API server cannot reach one node because it has no address; the other node
 * accepts connections and never answers.
 */
class NodeIT extends SweepTest {
    private static final int TRIALS = 60;

    private static final String NODE =
            """
            apiVersion: v1
            kind: Node
            metadata: {name: %s}
            spec: {unschedulable: true}
            """;

    private static final String SILENT_KUBELET =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: silent-kubelet}
            spec:
              terminationGracePeriodSeconds: 1
              securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
              containers:
                - name: c
                  image: localhost/busybox:1
                  command: [nc, -lk, -p, "10350", -e, sleep, "600"]
                  securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
            """;

    private String unreachable;
    private String silent;

    @BeforeEach
    void makeNodes() {
        unreachable = namespace + "-unreachable";
        silent = namespace + "-silent";
        create(SILENT_KUBELET);
        kubectl("wait", "pod/silent-kubelet", "--for=condition=Ready", "--timeout=1m");
        String address = client.pods()
                .inNamespace(namespace)
                .withName("silent-kubelet")
                .get()
                .getStatus()
                .getPodIP();
        for (String node : List.of(unreachable, silent)) {
            create(NODE.formatted(node));
        }
        Shell.run(
                "kubectl",
                "patch",
                "node",
                silent,
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"" + address
                        + "\"}],\"daemonEndpoints\":{\"kubeletEndpoint\":{\"Port\":10350}}}}");
    }

    @AfterEach
    void removeNodes() {
        Shell.attempt(
                "", "kubectl", "delete", "sweeps", "--all", "-n", namespace, "--cascade=foreground", "--wait=false");
        Shell.attempt("", "kubectl", "delete", "pods", "--all", "-n", namespace, "--force", "--grace-period=0");
        Shell.run("kubectl", "delete", "node", unreachable, silent);
    }

    @Test
    void nodesThatDoNotAnswerHoldUpNoTrialOfOthers() {
        for (String node : List.of(unreachable, silent)) {
            String sweep = sweepOn(node);
            create(manifest(sweep, node));
            await().atMost(Duration.ofMinutes(3)).until(() -> pods(sweep).size() == TRIALS);
            pods(sweep).forEach(this::end);
        }
        create(one("near", "sleep 2; echo eval_acc=0.7"));
        assertThat(awaitEnd("near").best().value()).isEqualByComparingTo("0.7");
        for (String node : List.of(unreachable, silent)) {
            String sweep = sweepOn(node);
            SweepStatus status = awaitStatus(
                    sweep,
                    now -> now.trials().succeeded() == TRIALS / 2
                            && trials(sweep).stream().allMatch(NodeIT::endedOrUnreadable));
            assertThat(status.best().value()).isEqualByComparingTo("0.5");
            assertThat(trials(sweep).stream().map(Trial::getStatus).filter(trial -> trial.state() == State.RUNNING))
                    .hasSize(TRIALS / 2)
                    .allSatisfy(trial -> assertThat(trial.message()).contains(node));
        }
        create(one("later", "echo eval_acc=0.8"));
        assertThat(awaitEnd("later").best().value()).isEqualByComparingTo("0.8");
    }

    private static boolean endedOrUnreadable(Trial trial) {
        return trial.getStatus() != null
                && (trial.getStatus().state() == State.SUCCEEDED
                        || "LogUnreadable".equals(trial.getStatus().reason()));
    }

    private String sweepOn(String node) {
        return node.equals(silent) ? "on-silent" : "on-unreachable";
    }

    private static String manifest(String sweep, String node) {
        return """
                apiVersion: sweeps.dev/v1alpha1
                kind: Sweep
                metadata: {name: %s}
                spec:
                  method: grid
                  metric: {name: eval_acc, goal: maximize}
                  command: [train]
                  parameters: {number: {values: [%s]}}
                  parallelism: %d
                  gpu: {count: 0}
                  template:
                    spec:
                      nodeName: %s
                      containers: [{name: trainer, image: "localhost/busybox:1"}]
                """
                .formatted(
                        sweep,
                        IntStream.range(0, TRIALS).mapToObj(Integer::toString).collect(Collectors.joining(", ")),
                        TRIALS,
                        node);
    }

    private List<Pod> pods(String sweep) {
        return client.pods()
                .inNamespace(namespace)
                .withLabel("sweeps.dev/sweep", sweep)
                .list()
                .getItems();
    }

    /** Sets the status that a kubelet reports for a finished Pod. Every second trainer has a termination message. */
    private void end(Pod pod) {
        String number = pod.getSpec().getContainers().get(0).getEnv().stream()
                .filter(variable -> variable.getName().equals("SWEEP_PARAM_NUMBER"))
                .findFirst()
                .orElseThrow()
                .getValue();
        String message = Integer.parseInt(number) % 2 == 0 ? "{\\\"eval_acc\\\": 0.5}" : "";
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        client.pods()
                .inNamespace(namespace)
                .withName(pod.getMetadata().getName())
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\":{\"phase\":\"Succeeded\",\"containerStatuses\":[{\"name\":\"trainer\",\"image\":\"x\","
                                + "\"imageID\":\"x\",\"ready\":false,\"restartCount\":0,\"state\":{\"terminated\":{\"exitCode\":0,"
                                + "\"startedAt\":\"" + now + "\",\"finishedAt\":\"" + now + "\",\"message\":\""
                                + message
                                + "\"}}}]}}");
    }
}
