package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sweeps.api.v1alpha1.SweepStatus.State;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What finished trials cost the operator, with their Jobs and Pods still there to be looked at. */
class MemoryIT extends SweepTest {
    private static final int TRIALS = 1_500;

    /** The JVM with nothing to do takes some 160 MB; the rest is for Trials, Jobs and Pods, which are 7 MB of JSON each thousand. */
    private static final long LIMIT = 250L << 20;

    private static final String SWEEP =
            """
            apiVersion: sweeps.dev/v1alpha1
            kind: Sweep
            metadata: {name: many}
            spec:
              suspend: true
              method: grid
              metric: {name: eval_acc, goal: maximize}
              parameters: {number: {values: [%s]}}
              template: {spec: {containers: [{name: trainer, image: "localhost/busybox:1"}]}}
              program: x
            """;

    /** Managed by nobody, so that it stays as it is. */
    private static final String JOB =
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: %1$s, labels: {sweeps.dev/sweep: many, sweeps.dev/trial: %1$s}, ownerReferences: [%2$s]}
            spec:
              managedBy: example.org/nobody
              template: {metadata: {labels: {sweeps.dev/trial: %1$s}}, spec: {restartPolicy: Never, containers: [{name: trainer, image: x, env: [%3$s]}]}}
            """;

    /** Kept from the scheduler. */
    private static final String POD =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: %1$s-abcde, labels: {sweeps.dev/sweep: many, sweeps.dev/trial: %1$s}, ownerReferences: [%2$s]}
            spec:
              schedulingGates: [{name: example.org/never}]
              restartPolicy: Never
              securityContext: {runAsNonRoot: true, runAsUser: 1, seccompProfile: {type: RuntimeDefault}}
              containers:
                - {name: trainer, image: x, env: [%3$s], securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}
            """;

    private static final String TRIAL_STATUS =
            "{\"state\":\"Succeeded\",\"value\":0.5,\"metrics\":{\"eval_acc\":0.5,\"loss\":0.7,\"step\":100},"
                    + "\"attempts\":1,\"completionTime\":\"2026-01-01T00:00:00Z\",\"history\":[%s]}";

    private static final String POD_STATUS =
            "{\"phase\":\"Succeeded\",\"containerStatuses\":[{\"name\":\"trainer\",\"image\":\"x\",\"imageID\":\"x\","
                    + "\"ready\":false,\"restartCount\":0,\"state\":{\"terminated\":{\"exitCode\":0,\"message\":\"{}\"}}}]}";

    @Test
    void fifteenHundredFinishedTrialsFitIntoTwoHundredAndFiftyMegabytes() throws Exception {
        String values = IntStream.range(0, TRIALS).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        create(SWEEP.formatted(values));
        SeededSweep seeded = new SeededSweep(client, namespace, "many");
        String environment = IntStream.range(0, 40)
                .mapToObj(i -> "{name: VARIABLE_" + i + ", value: a value of a usual length}")
                .collect(Collectors.joining(", "));
        String history = IntStream.range(0, 20)
                .mapToObj(i -> "{\"step\":" + i + ",\"value\":0." + (10 + i) + "}")
                .collect(Collectors.joining(","));
        Operator.stopped(() -> seeded.all(TRIALS, i -> {
            String name = "many-" + i;
            GenericKubernetesResource trial =
                    seeded.trial(name, "{number: " + i + "}", TRIAL_STATUS.formatted(history));
            GenericKubernetesResource job = seeded.make(JOB.formatted(name, SeededSweep.owner(trial), environment));
            seeded.patchStatus(seeded.make(POD.formatted(name, SeededSweep.owner(job), environment)), POD_STATUS);
        }));
        awaitStatus(
                "many",
                status -> status.trials() != null
                        && status.trials().succeeded() == TRIALS
                        && status.state() == State.COMPLETE);
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(memory()).isLessThan(LIMIT));
        System.out.println("the operator takes " + (memory() >> 20) + " MB with " + TRIALS + " finished trials");
    }

    /** With early termination, each log is read from the beginning. */
    @Test
    void eightTrialsThatPrintAsFastAsTheyCanDoNotExhaustTheMemory() {
        String restarts = Operator.restarts();
        String script = "yes $(printf %0200d 7) & printing=$!; i=0;"
                + " while [ $i -lt 10 ]; do i=$((i+1)); echo step=$i eval_acc=0.$((10+i)); sleep 1; done;"
                + " kill $printing; wait; echo; echo step=11 eval_acc=0.5";
        create(one("loud", script).replace("a: {values: [1]}", "a: {values: [1, 2, 3, 4, 5, 6, 7, 8]}")
                + "  parallelism: 8\n  earlyTerminate: {type: hyperband, minIter: 100, eta: 2}\n");
        assertThat(awaitEnd("loud").state()).isEqualTo(State.COMPLETE);
        assertThat(trials("loud"))
                .hasSize(8)
                .allSatisfy(trial -> assertThat(trial.getStatus().value()).isEqualByComparingTo("0.5"));
        assertThat(Operator.restarts()).isEqualTo(restarts);
    }

    /** Bytes of the operator's container that cannot be given up, as the kubelet counts them. */
    private static long memory() throws IOException {
        JsonNode summary = new ObjectMapper()
                .readTree(Shell.run("kubectl", "get", "--raw", "/api/v1/nodes/node1/proxy/stats/summary"));
        for (JsonNode pod : summary.get("pods")) {
            if (pod.at("/podRef/namespace").asText().equals(Operator.NAMESPACE)) {
                return pod.at("/containers/0/memory/workingSetBytes").asLong();
            }
        }
        throw new IllegalStateException("the operator does not run");
    }
}
