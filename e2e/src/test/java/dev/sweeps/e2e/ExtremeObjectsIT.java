package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.SweepStatus.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever the API server admits is read or skipped, and stops nobody. */
class ExtremeObjectsIT extends SweepTest {
    private static final int OBJECTS = 100;
    private static final int NAMESPACES = 3;

    /** Writes what is nested more deeply than Jackson likes. */
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(10_000)
                            .build())
                    .build())
            .build();

    /** From three namespaces at once, while an ordinary sweep runs in a fourth. */
    @Test
    void everyObjectThatTheApiServerAdmitsLeavesOtherSweepsAlone() throws Exception {
        String restarts = Operator.restarts();
        create(BUSYBOX.formatted("before", "sleep 10; echo eval_acc=0.5"));
        List<String> others = IntStream.range(0, NAMESPACES)
                .mapToObj(i -> namespace + "-" + i)
                .toList();
        others.forEach(other -> Shell.run("kubectl", "create", "namespace", other));
        ExecutorService threads = Executors.newFixedThreadPool(NAMESPACES);
        try {
            List<Future<Admitted>> drawn = IntStream.range(0, NAMESPACES)
                    .mapToObj(i -> threads.submit(() -> admit(others.get(i), i)))
                    .toList();
            int objects = 0;
            int statuses = 0;
            for (Future<Admitted> admitted : drawn) {
                objects += admitted.get().objects();
                statuses += admitted.get().statuses();
            }
            // A generator that draws nothing valid would prove nothing.
            assertThat(objects).isGreaterThan(OBJECTS / 2);
            assertThat(statuses).isGreaterThan(OBJECTS / 8);

            create(BUSYBOX.formatted("after", "echo eval_acc=0.5"));
            for (String ordinary : List.of("before", "after")) {
                SweepStatus status = awaitStatus(ordinary, now -> now.state() == State.COMPLETE);
                assertThat(status.trials().succeeded()).as(ordinary).isEqualTo(6);
            }
            assertThat(Operator.restarts()).isEqualTo(restarts);
            assertThat(Shell.run("kubectl", "get", "events", "-A", "--field-selector=involvedObject.kind=Trial"))
                    .contains("spec: cannot be read");
            assertThat(Operator.log()).doesNotContain("will stop").doesNotContain("StackOverflow");
        } finally {
            threads.shutdown();
            others.forEach(other -> Shell.attempt("", "kubectl", "delete", "namespace", other, "--wait=false"));
        }
    }

    /** How many of the objects drawn were taken, and of the statuses drawn for those. */
    private record Admitted(int objects, int statuses) {}

    /** Gives every {@value #NAMESPACES}th object of each kind to the API server. */
    private static Admitted admit(String namespace, int first) throws IOException {
        int admitted = 0;
        int statuses = 0;
        for (String plural : new String[] {"sweeps", "trials"}) {
            JsonNode schema = new YAMLMapper()
                    .readTree(Shell.PROJECT
                            .resolve(Path.of("crds/manifests", plural + ".sweeps.dev-v1.yml"))
                            .toFile())
                    .at("/spec/versions/0/schema/openAPIV3Schema/properties");
            for (int seed = first; seed < OBJECTS; seed += NAMESPACES) {
                ExtremeObjects extreme = new ExtremeObjects(seed);
                ObjectNode object = object(namespace, plural, "x" + seed);
                object.set("spec", suspended(extreme.draw(schema.get("spec"))));
                String path = "/apis/sweeps.dev/v1alpha1/namespaces/" + namespace + "/" + plural;
                if (isTaken(object, "kubectl", "create", "--raw", path, "-f", "-")) {
                    admitted++;
                    ObjectNode status = JSON.createObjectNode();
                    status.set("status", extreme.draw(schema.get("status")));
                    boolean taken = isTaken(
                            status,
                            "kubectl",
                            "patch",
                            "-n",
                            namespace,
                            plural,
                            "x" + seed,
                            "--subresource=status",
                            "--type=merge",
                            "--patch-file=/dev/stdin");
                    statuses += taken ? 1 : 0;
                }
            }
        }
        return new Admitted(admitted, statuses);
    }

    /** Hundreds of levels pass the API server, and not everybody can follow them. */
    @Test
    void aSweepThatIsNestedTooDeeplyIsSaidToBeUnreadable() {
        String deep = "[".repeat(400) + "]".repeat(400);
        String yaml = one("deep", "echo eval_acc=0.5")
                .replace("template:\n    spec:", "template:\n    odd: " + deep + "\n    spec:");
        Shell.Result applied = Shell.attempt(yaml, "kubectl", "create", "-n", namespace, "-f", "-");
        assertThat(applied.exitCode()).as(applied.output()).isZero();
        SweepStatus status = awaitStatus("deep", now -> now.state() == State.REJECTED);
        assertThat(condition(status, "Accepted").getReason()).isEqualTo("Unreadable");
        assertThat(condition(status, "Accepted").getMessage())
                .isEqualTo("spec: cannot be read (it is nested too deeply); correct it, or delete the Sweep");
        assertThat(kubectl("get", "events")).contains("spec: cannot be read");
    }

    /** As it was seen: no sweep of anybody was served any more. */
    @Test
    void aNumberThatJavaCannotHoldIsRefused() {
        Shell.Result refused =
                apply(BUSYBOX.formatted("big", "x").replace("parallelism: 2", "parallelism: 1000000000000"));
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.output()).contains("spec.parallelism in body should be less than or equal to 100000");
    }

    /** Returns whether the API server accepted it. A refusal must come from validation. */
    private static boolean isTaken(JsonNode object, String... command) throws IOException {
        Shell.Result result = Shell.attempt(JSON.writeValueAsString(object), command);
        assertThat(result.output()).doesNotContain("Internal error").doesNotContain("connection refused");
        return result.exitCode() == 0;
    }

    private static ObjectNode object(String namespace, String plural, String name) {
        ObjectNode object = JSON.createObjectNode();
        object.put("apiVersion", "sweeps.dev/v1alpha1").put("kind", plural.equals("sweeps") ? "Sweep" : "Trial");
        object.putObject("metadata").put("name", name).put("namespace", namespace);
        object.withObject("/metadata/labels").put("sweeps.dev/sweep", "x0");
        return object;
    }

    /** Should one of them be valid, it starts nothing. */
    private static JsonNode suspended(JsonNode spec) {
        if (spec.has("method")) {
            ((ObjectNode) spec).put("suspend", true);
        }
        return spec;
    }
}
