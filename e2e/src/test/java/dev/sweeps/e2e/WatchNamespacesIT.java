package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** With watchNamespaces, the operator serves the listed namespaces and has no rights in others. */
class WatchNamespacesIT extends SweepTest {
    @Test
    void onlyTheNamedNamespacesAreServed() throws Exception {
        String other = namespace + "-other";
        Shell.run("kubectl", "create", "namespace", other);
        try {
            Operator.watchingOnly(namespace, () -> {
                Shell.Result applied = Shell.attempt(
                        one("elsewhere", "echo eval_acc=0.5"), "kubectl", "apply", "-n", other, "-f", "-");
                assertThat(applied.exitCode()).as(applied.output()).isZero();
                create(one("here", "echo eval_acc=0.5"));
                assertThat(awaitEnd("here").best().value()).isEqualByComparingTo("0.5");
                assertThat(Shell.run("kubectl", "get", "sweep,trial,job", "-n", other, "-o", "name"))
                        .isEqualTo("sweep.sweeps.dev/elsewhere\n");
                assertThat(may("list", "sweeps", namespace)).isEqualTo("yes");
                assertThat(may("list", "sweeps", other)).isEqualTo("no");
                assertThat(may("create", "jobs", other)).isEqualTo("no");
            });
            Shell.run(
                    "kubectl",
                    "wait",
                    "-n",
                    other,
                    "sweep/elsewhere",
                    "--for=jsonpath={.status.state}=Complete",
                    "--timeout=2m");
        } finally {
            Shell.run("kubectl", "delete", "namespace", other, "--wait=false");
        }
    }

    private static String may(String verb, String resource, String namespace) {
        return Shell.attempt(
                        "",
                        "kubectl",
                        "auth",
                        "can-i",
                        verb,
                        resource,
                        "-n",
                        namespace,
                        "--as=system:serviceaccount:" + Operator.NAMESPACE + ":sweep-operator")
                .output()
                .strip();
    }
}
