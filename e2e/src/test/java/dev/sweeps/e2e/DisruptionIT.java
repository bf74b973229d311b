package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A trial has a result only if its trainer ended by itself, whatever it does when it is asked to end. */
class DisruptionIT extends SweepTest {
    /** Saves its work when it is asked to end, and leaves with the exit code; by itself it ends after 20 steps with 0.29. */
    private static String polite(String name, int exitCode) {
        return one(
                        name,
                        "trap \"echo saved a checkpoint; exit " + exitCode
                                + "\" TERM; i=0; while [ $i -lt 20 ]; do i=$((i+1));"
                                + " echo step=$i eval_acc=0.$((9+i)); sleep 1 & wait $!; done")
                .replace("terminationGracePeriodSeconds: 1", "terminationGracePeriodSeconds: 10");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 143})
    void aProgramThatIsAskedToEndHasNoResultAndUsesUpNoRetry(int exitCode) {
        List<String> ways = List.of("evicted", "deleted", "forced");
        ways.forEach(way -> create(polite(way, exitCode)));
        for (String way : ways) {
            String pod = awaitTrial(way, status -> status.value() != null).pod();
            switch (way) {
                case "evicted" -> evict(pod);
                case "deleted" -> kubectl("delete", "pod", pod, "--wait=false");
                default -> kubectl("delete", "pod", pod, "--grace-period=0", "--force");
            }
        }
        for (String way : ways) {
            assertThat(awaitEnd(way).state()).as(way).isEqualTo(SweepStatus.State.COMPLETE);
            TrialStatus status = trials(way).get(0).getStatus();
            assertThat(status.value()).as(way).isEqualByComparingTo("0.29");
            assertThat(status.attempts()).as(way).isEqualTo(2);
        }
    }

    /** Whenever a trial is disturbed, and however it leaves, it runs to its end later. */
    @Test
    @Tag("soak")
    void aHundredTrialsAreDisturbedAtRandomMoments() {
        create(
                """
                apiVersion: sweeps.dev/v1alpha1
                kind: Sweep
                metadata: {name: disturbed}
                spec:
                  method: grid
                  metric: {name: eval_acc, goal: maximize}
                  command:
                    - sh
                    - -c
                    - >-
                      trap "echo saved a checkpoint; exit $SWEEP_PARAM_CODE" TERM;
                      i=0; while [ $i -lt 20 ]; do i=$((i+1)); echo step=$i eval_acc=0.$((9+i)); sleep 0.3 & wait $!; done
                  parameters: {code: {values: [0, 1, 3, 143]}, run: {values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]}}
                  parallelism: 16
                  retries: 0
                  gpu: {count: 0}
                  template:
                    spec:
                      terminationGracePeriodSeconds: 5
                      containers: [{name: trainer, image: "localhost/busybox:1"}]
                """);
        Random random = new Random(27);
        int disturbed = 0;
        while (disturbed < 60) {
            List<String> running = podsThatRun();
            if (!running.isEmpty()) {
                disturb(running.get(random.nextInt(running.size())), random.nextInt(4));
                disturbed++;
            }
            SweepStatus status = sweep("disturbed").getStatus();
            assertThat(status == null ? null : status.state())
                    .as("while trials are disturbed")
                    .isIn(null, SweepStatus.State.PENDING, SweepStatus.State.RUNNING);
        }
        assertThat(awaitEnd("disturbed").state()).isEqualTo(SweepStatus.State.COMPLETE);
        List<TrialStatus> ends =
                trials("disturbed").stream().map(Trial::getStatus).toList();
        assertThat(ends).hasSize(100);
        assertThat(ends).allSatisfy(end -> {
            assertThat(end.state()).isEqualTo(State.SUCCEEDED);
            assertThat(end.value()).isEqualByComparingTo("0.29");
        });
        assertThat(ends).anySatisfy(end -> assertThat(end.disruptions()).isPositive());
    }

    /** Some Pods end by themselves before they are reached; that is as well. */
    private void disturb(String pod, int way) {
        String name = pod.substring("pod/".length());
        switch (way) {
            case 0 -> Shell.attempt("", "kubectl", "-n", namespace, "delete", "pod", name, "--wait=false");
            case 1 ->
                Shell.attempt("", "kubectl", "-n", namespace, "delete", "pod", name, "--grace-period=0", "--force");
            case 2 -> tryToEvict(name);
            default -> {
                String job = name.substring(0, name.lastIndexOf('-'));
                patch("job", job, "{\"spec\":{\"suspend\":true}}");
                patch("job", job, "{\"spec\":{\"suspend\":false}}");
            }
        }
    }

    /** Draining a node evicts the operator and the trials at the same time. */
    @Test
    void aPodThatIsAskedToEndWhileNoOperatorRunsHasNoResult() throws Exception {
        List<Integer> codes = List.of(0, 143);
        codes.forEach(code -> create(polite("drained-" + code, code)));
        codes.forEach(code -> awaitTrial("drained-" + code, status -> status.value() != null));
        Operator.stopped(() -> {
            for (Trial trial : codes.stream()
                    .flatMap(code -> trials("drained-" + code).stream())
                    .toList()) {
                evict(trial.getStatus().pod());
                Shell.run(
                        "kubectl",
                        "wait",
                        "-n",
                        namespace,
                        "pod/" + trial.getStatus().pod(),
                        "--for=delete",
                        "--timeout=1m");
            }
        });
        for (int code : codes) {
            assertThat(awaitEnd("drained-" + code).state())
                    .as("exit code " + code)
                    .isEqualTo(SweepStatus.State.COMPLETE);
            TrialStatus status = trials("drained-" + code).get(0).getStatus();
            assertThat(status.value()).as("exit code " + code).isEqualByComparingTo("0.29");
            assertThat(status.disruptions()).as("exit code " + code).isEqualTo(1);
        }
    }

    @Test
    void aJobThatIsSuspendedAndResumedGoesOn() {
        create(polite("suspended", 0));
        awaitTrial("suspended", status -> status.value() != null);
        String job = trials("suspended").get(0).getMetadata().getName();
        patch("job", job, "{\"spec\":{\"suspend\":true}}");
        awaitTrial("suspended", status -> status.state() == State.QUEUED);
        patch("job", job, "{\"spec\":{\"suspend\":false}}");
        assertThat(awaitEnd("suspended").state()).isEqualTo(SweepStatus.State.COMPLETE);
        TrialStatus status = trials("suspended").get(0).getStatus();
        assertThat(status.value()).isEqualByComparingTo("0.29");
        assertThat(status.disruptions()).isEqualTo(1);
    }

    /** Preemption by a Pod that may take the place of others. */
    @Test
    void aTrialThatIsPreemptedRunsLater() {
        String high = namespace + "-high";
        Shell.attempt(
                "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: " + high
                        + "}, value: 1000000}",
                "kubectl",
                "apply",
                "-f",
                "-");
        try {
            create(polite("preempted", 0).replace("gpu: {count: 0}", "gpu: {count: 2}"));
            awaitTrial("preempted", status -> status.value() != null);
            Shell.Result pod = apply(
                    """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: important}
                    spec:
                      priorityClassName: %s
                      restartPolicy: Never
                      securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
                      containers:
                        - name: c
                          image: localhost/busybox:1
                          command: [sleep, "3"]
                          resources: {limits: {nvidia.com/gpu: 2}}
                          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                    """
                            .formatted(high));
            assertThat(pod.exitCode()).as(pod.output()).isZero();
            awaitTrial("preempted", status -> status.state() == State.PENDING);
            assertThat(awaitEnd("preempted").state()).isEqualTo(SweepStatus.State.COMPLETE);
            TrialStatus status = trials("preempted").get(0).getStatus();
            assertThat(status.value()).isEqualByComparingTo("0.29");
            assertThat(status.disruptions()).isEqualTo(1);
        } finally {
            Shell.attempt("", "kubectl", "delete", "priorityclass", high, "--ignore-not-found");
        }
    }

    /** A proxy that a mesh puts beside the trainer never ends. */
    @Test
    void aContainerThatStaysDoesNotKeepTheTrialFromItsEnd() {
        create(
                """
                apiVersion: sweeps.dev/v1alpha1
                kind: Sweep
                metadata: {name: with-proxy}
                spec:
                  method: grid
                  metric: {name: eval_acc, goal: maximize}
                  command: [sh, -c, 'sleep 2; echo eval_acc=1; exit $SWEEP_PARAM_CODE']
                  parameters: {code: {values: [0, 3]}}
                  parallelism: 2
                  retries: 1
                  gpu: {count: 0}
                  trialTimeout: 3m
                  template:
                    spec:
                      terminationGracePeriodSeconds: 1
                      containers:
                        - {name: trainer, image: "localhost/busybox:1"}
                        - name: proxy
                          image: "localhost/busybox:1"
                          command: [sh, -c, "while true; do sleep 1; done"]
                          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                """);
        awaitEnd("with-proxy");
        List<TrialStatus> byCode = trials("with-proxy").stream()
                .sorted(Comparator.comparing(
                        trial -> trial.getSpec().parameters().get("code").toString()))
                .map(Trial::getStatus)
                .toList();
        assertThat(byCode.get(0).state()).isEqualTo(State.SUCCEEDED);
        assertThat(byCode.get(0).value()).isEqualByComparingTo("1");
        assertThat(byCode.get(1).state()).isEqualTo(State.FAILED);
        assertThat(byCode.get(1).exitCode()).isEqualTo(3);
        assertThat(byCode.get(1).attempts()).isEqualTo(2);
        awaitStatus("with-proxy", status -> podsThatRun().isEmpty());
    }

    private List<String> podsThatRun() {
        return Stream.of(kubectl("get", "pods", "--field-selector=status.phase=Running", "-o", "name")
                        .split("\n"))
                .filter(line -> line.startsWith("pod/"))
                .toList();
    }

    /** With the parameters in its environment, as the trainer has them. */
    @Test
    void containersBesideTheTrainerFindTheParameters() {
        create(one("prepared", "cat /tmp/prepared")
                .replace(
                        "      containers: [{name: trainer,",
                        "      initContainers:\n"
                                + "        - name: prepare\n"
                                + "          image: localhost/busybox:1\n"
                                + "          command: [sh, -c, \"echo eval_acc=0.$SWEEP_PARAM_A > /tmp/prepared\"]\n"
                                + "          volumeMounts: [{name: tmp, mountPath: /tmp}]\n"
                                + "          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}\n"
                                + "      containers: [{name: trainer,"));
        awaitEnd("prepared");
        assertThat(trials("prepared").get(0).getStatus().value()).isEqualByComparingTo("0.1");
    }

    /** kubectl apply does not send nulls. */
    @Test
    void aDefaultIsRemovedByKubectlApply() {
        create(one("any-user", "echo eval_acc=0.5")
                .replace(
                        "terminationGracePeriodSeconds: 1",
                        "securityContext: {$patch: replace, runAsNonRoot: true, runAsUser: 1234,"
                                + " seccompProfile: {type: RuntimeDefault}}\n      terminationGracePeriodSeconds: 1"));
        awaitEnd("any-user");
        assertThat(kubectl(
                        "get",
                        "pods",
                        "-l",
                        "sweeps.dev/sweep=any-user",
                        "-o",
                        "jsonpath={.items[0].spec.securityContext}"))
                .isEqualTo(
                        "{\"runAsNonRoot\":true,\"runAsUser\":1234,\"seccompProfile\":{\"type\":\"RuntimeDefault\"}}");
    }
}
