package dev.sweeps.e2e;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The operator as users install it: from its images, by its chart, in a namespace that allows restricted Pods only. */
final class Operator {
    static final String NAMESPACE = "sweep-system";

    private static final AtomicBoolean INSTALLED = new AtomicBoolean();

    private Operator() {}

    /** Installs or upgrades it, once a run. */
    static void install() {
        if (INSTALLED.getAndSet(true)) {
            return;
        }
        Shell.run(
                "hack/cluster/cluster",
                "load",
                "operator/target/sweep-operator.tar",
                "trainer-image/target/sweep-trainer.tar");
        Shell.attempt("", "kubectl", "create", "namespace", NAMESPACE);
        Shell.run(
                "kubectl",
                "label",
                "namespace",
                NAMESPACE,
                "--overwrite",
                "pod-security.kubernetes.io/enforce=restricted");
        String digest = Shell.run("cat", "operator/target/jib-image.digest").strip();
        Shell.run(
                "helm",
                "upgrade",
                "--install",
                "sweep-operator",
                "helm/sweep-operator",
                "--namespace",
                NAMESPACE,
                "--wait",
                "--timeout",
                "3m",
                "--set-string",
                "podAnnotations.image=" + digest);
    }

    /** Kills its process, as the kernel would, and returns at once. */
    static void kill() {
        String pod = pods("{.items[0].metadata.name}");
        Shell.attempt("", "hack/cluster/cluster", "kill", NAMESPACE + "/" + pod, "KILL");
    }

    /** Kills its process, and returns when another one is ready. A new Pod, because the old one's would be started with a back-off. */
    static void killAndStartAgain() {
        String pod = pods("{.items[0].metadata.name}");
        Shell.run("hack/cluster/cluster", "kill", NAMESPACE + "/" + pod, "KILL");
        Shell.run("kubectl", "delete", "pod", "-n", NAMESPACE, pod, "--grace-period=0", "--force");
        Shell.run("kubectl", "rollout", "status", "-n", NAMESPACE, "deploy/sweep-operator", "--timeout=2m");
    }

    /** Its log of this life. */
    static String log() {
        return Shell.run("kubectl", "logs", "-n", NAMESPACE, "deploy/sweep-operator");
    }

    /** How often its container was started again. */
    static String restarts() {
        return pods("{.items[*].status.containerStatuses[*].restartCount}");
    }

    private static String pods(String jsonPath) {
        return Shell.run(
                "kubectl",
                "get",
                "pods",
                "-n",
                NAMESPACE,
                "-l",
                "app.kubernetes.io/name=sweep-operator",
                "-o",
                "jsonpath=" + jsonPath);
    }

    /** Does something while no operator runs. */
    static void stopped(Action action) throws Exception {
        scale(0);
        try {
            action.run();
        } finally {
            scale(1);
        }
    }

    private static void scale(int replicas) {
        Shell.run("kubectl", "scale", "-n", NAMESPACE, "deploy/sweep-operator", "--replicas=" + replicas);
        Shell.run("kubectl", "rollout", "status", "-n", NAMESPACE, "deploy/sweep-operator", "--timeout=2m");
    }

    /** Runs the action while the operator watches one namespace only. */
    static void watchingOnly(String namespace, Action action) throws Exception {
        watch("[\"" + namespace + "\"]");
        try {
            action.run();
        } finally {
            watch("[]");
        }
    }

    private static void watch(String namespaces) {
        Shell.run(
                "helm",
                "upgrade",
                "sweep-operator",
                "helm/sweep-operator",
                "--namespace",
                NAMESPACE,
                "--reuse-values",
                "--set-json",
                "watchNamespaces=" + namespaces,
                "--wait",
                "--timeout",
                "3m");
    }

    /** What is done while something is otherwise than usual. */
    interface Action {
        void run() throws Exception;
    }

    /** Does something while the operator has no right to a resource, the one that is named first in its rule of the shipped ClusterRole. */
    static void without(String resource, Action action) throws Exception {
        List<String> rules = List.of(
                Shell.run("kubectl", "get", "clusterrole", "sweep-operator", "-o", "jsonpath={.rules[*].resources[0]}")
                        .split(" "));
        String rule = "/rules/" + rules.indexOf(resource);
        String verbs = Shell.run(
                "kubectl",
                "get",
                "clusterrole",
                "sweep-operator",
                "-o",
                "jsonpath={.rules[" + rules.indexOf(resource) + "].verbs}");
        setVerbs(rule, "[\"deletecollection\"]");
        try {
            action.run();
        } finally {
            setVerbs(rule, verbs);
        }
    }

    private static void setVerbs(String rule, String verbs) {
        Shell.run(
                "kubectl",
                "patch",
                "clusterrole",
                "sweep-operator",
                "--type=json",
                "-p",
                "[{\"op\": \"replace\", \"path\": \"" + rule + "/verbs\", \"value\": " + verbs + "}]");
    }
}
