package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/** A namespace of its own for each test, that allows restricted Pods only; nothing is left of it. */
abstract class SweepTest {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /** A sweep over a script in busybox: {@code script} sees the parameters {@code a} and {@code b} in its environment. */
    static final String BUSYBOX =
            """
            apiVersion: sweeps.dev/v1alpha1
            kind: Sweep
            metadata: {name: %s}
            spec:
              method: grid
              metric: {name: eval_acc, goal: maximize}
              command: [sh, -c, '%s']
              parameters:
                a: {values: [1, 2]}
                b: {values: [1, 2, 3]}
              groupBy: [a]
              parallelism: 2
              retries: 0
              template:
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: trainer, image: "localhost/busybox:1"}]
            """;

    /** One trial of busybox that runs the script. */
    static String one(String name, String script) {
        return BUSYBOX.formatted(name, script)
                .replace("a: {values: [1, 2]}", "a: {values: [1]}")
                .replace("b: {values: [1, 2, 3]}", "b: {values: [1]}")
                .replace("parallelism: 2", "gpu: {count: 0}");
    }

    /**
     * In a script: prints more than the kubelet leaves in one file of a log, so that it begins another at one of its looks, every 10 seconds;
     * again, in case it looked while this was printed, until {@link #letGo} names the word.
     */
    static String fillLogUntil(String word) {
        return "until [ -e /tmp/" + word + " ]; do yes $(printf %0200d 7) | head -c 12000000; n=0;"
                + " until [ -e /tmp/" + word + " ] || [ $n = 20 ]; do sleep 1; n=$((n+1)); done; done; ";
    }

    /** In a script: waits until {@link #letGo} names the word. */
    static String until(String word) {
        return "until [ -e /tmp/" + word + " ]; do sleep 1; done; ";
    }

    final KubernetesClient client = new KubernetesClientBuilder().build();
    String namespace;

    @BeforeEach
    void makeNamespace(TestInfo test) {
        Operator.install();
        namespace = "e2e-" + UUID.randomUUID().toString().substring(0, 8);
        Shell.run("kubectl", "create", "namespace", namespace);
        Shell.run("kubectl", "label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted");
        System.out.println("--- " + test.getDisplayName() + " in " + namespace);
    }

    @AfterEach
    void removeNamespace() {
        Shell.attempt(
                "",
                "kubectl",
                "delete",
                "persistentvolume",
                namespace + "-models",
                namespace + "-glue-data",
                namespace + "-shared",
                "--ignore-not-found",
                "--wait=false");
        Shell.run("kubectl", "delete", "namespace", namespace, "--wait=false");
        client.close();
    }

    /** What kubectl says to the sweep. */
    Shell.Result apply(String yaml) {
        return Shell.attempt(yaml, "kubectl", "apply", "-n", namespace, "-f", "-");
    }

    /** A merge patch of a resource of the test's namespace. */
    Shell.Result patch(String kind, String name, String json) {
        return Shell.attempt("", "kubectl", "patch", "-n", namespace, kind, name, "--type=merge", "-p", json);
    }

    /** Evicts a Pod, as a drained node does. */
    void evict(String pod) {
        Shell.Result result = tryToEvict(pod);
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    Shell.Result tryToEvict(String pod) {
        return Shell.attempt(
                "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"" + pod + "\"}}",
                "kubectl",
                "create",
                "--raw",
                "/api/v1/namespaces/" + namespace + "/pods/" + pod + "/eviction",
                "-f",
                "-");
    }

    void create(String yaml) {
        Shell.Result result = apply(yaml);
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    Sweep sweep(String name) {
        return client.resources(Sweep.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    List<Trial> trials(String sweep) {
        return client.resources(Trial.class)
                .inNamespace(namespace)
                .withLabel("sweeps.dev/sweep", sweep)
                .list()
                .getItems();
    }

    /** Waits until the status of the sweep is as wanted, and returns it; says what there is when it does not come. */
    SweepStatus awaitStatus(String name, Predicate<SweepStatus> wanted) {
        try {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> sweep(name).getStatus() != null
                            && wanted.test(sweep(name).getStatus()));
        } catch (RuntimeException e) {
            throw new AssertionError(
                    Shell.run("kubectl", "get", "sweeps,trials,jobs,pods,events", "-n", namespace, "-o", "wide")
                            + Shell.run("kubectl", "get", "sweeps", "-n", namespace, "-o", "yaml")
                            + Shell.attempt(
                                            "",
                                            "kubectl",
                                            "logs",
                                            "-n",
                                            Operator.NAMESPACE,
                                            "deploy/sweep-operator",
                                            "--tail=50")
                                    .output(),
                    e);
        }
        return sweep(name).getStatus();
    }

    /** Waits until some trial of the sweep is as wanted, and returns its status. */
    TrialStatus awaitTrial(String sweep, Predicate<TrialStatus> wanted) {
        awaitStatus(sweep, status -> trials(sweep).stream()
                .map(Trial::getStatus)
                .anyMatch(trial -> trial != null && wanted.test(trial)));
        return trials(sweep).stream()
                .map(Trial::getStatus)
                .filter(trial -> trial != null && wanted.test(trial))
                .findFirst()
                .orElseThrow();
    }

    /** Lets the script of a Pod go on that waits, see {@link #until}. */
    void letGo(String pod, String word) {
        kubectl("exec", pod, "--", "touch", "/tmp/" + word);
    }

    /** Waits until the kubelet has begun another file for the log of a Pod, and nothing is printed any more. */
    void awaitEmptyLog(String pod) {
        await().atMost(PATIENCE).during(Duration.ofSeconds(2)).until(() -> client.pods()
                .inNamespace(namespace)
                .withName(pod)
                .limitBytes(100)
                .getLog()
                .isEmpty());
    }

    /** Runs kubectl in the namespace of the test. */
    String kubectl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl", "-n", namespace));
        command.addAll(List.of(arguments));
        return Shell.run(command.toArray(String[]::new));
    }

    SweepStatus awaitEnd(String name) {
        return awaitStatus(
                name,
                status -> status.state() == SweepStatus.State.COMPLETE
                        || status.state() == SweepStatus.State.FAILED
                        || status.state() == SweepStatus.State.REJECTED);
    }

    static Condition condition(SweepStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }
}
