package dev.sweeps.cli;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.File;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options of kubectl that select a cluster. They can stand before or after the subcommand. */
final class Cluster {
    /** Prefix that kubectl takes before a name, such as {@code sweep/}. */
    private static final Pattern KIND = Pattern.compile("^(sweeps?(\\.sweeps\\.dev)?|sw)/");

    @Option(
            names = {"-n", "--namespace"},
            scope = ScopeType.INHERIT,
            paramLabel = "NAMESPACE",
            description = "Namespace of the sweep. Default: that of the kubectl context.")
    private String namespace;

    @Option(
            names = "--context",
            scope = ScopeType.INHERIT,
            paramLabel = "CONTEXT",
            description = "Context of the kubeconfig to use.")
    private String context;

    @Option(
            names = "--kubeconfig",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "The kubeconfig. Default: $KUBECONFIG or ~/.kube/config.")
    private File kubeconfig;

    KubernetesClient connect() {
        if (kubeconfig != null && !kubeconfig.isFile()) {
            throw new SweepCommandException("--kubeconfig: there is no file " + kubeconfig);
        }
        if (kubeconfig != null) {
            System.setProperty(Config.KUBERNETES_KUBECONFIG_FILE, kubeconfig.getPath());
        }
        Config config = Config.autoConfigure(context);
        boolean known = context == null
                || config.getContexts().stream()
                        .anyMatch(named -> named.getName().equals(context));
        if (!known) {
            throw new SweepCommandException("--context: there is no context " + context + "; there is "
                    + config.getContexts().stream()
                            .map(named -> named.getName())
                            .collect(Collectors.joining(", ")));
        }
        config.setRequestRetryBackoffLimit(1);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    String namespace(KubernetesClient client) {
        return Optional.ofNullable(namespace)
                .or(() -> Optional.ofNullable(client.getNamespace()))
                .orElse("default");
    }

    /** Returns the options that were given with any of the commands. */
    static Cluster of(CommandSpec command) {
        return ((KubectlSweep) command.root().userObject()).cluster();
    }

    /** Returns the sweep, or throws with a sentence that lists the existing ones. */
    Sweep sweep(KubernetesClient client, String word) {
        String where = namespace(client);
        String name = KIND.matcher(word).replaceFirst("");
        Sweep sweep =
                client.resources(Sweep.class).inNamespace(where).withName(name).get();
        if (sweep == null) {
            throw new SweepCommandException("there is no sweep " + name + " in namespace " + where
                    + elsewhere(client, name).map(Cluster::nearby).orElseGet(() -> there(client)));
        }
        return sweep;
    }

    /** Returns the sweeps of the namespace as the end of a sentence: {@code ; there is rte}. */
    String there(KubernetesClient client) {
        String names = names(client).limit(20).collect(Collectors.joining(", "));
        return names.isEmpty() ? ", nor any other; name another namespace with -n" : "; there is " + names;
    }

    /** Returns the names of the sweeps of the namespace, sorted. */
    Stream<String> names(KubernetesClient client) {
        return client.resources(Sweep.class).inNamespace(namespace(client)).list().getItems().stream()
                .map(sweep -> sweep.getMetadata().getName())
                .sorted();
    }

    private static String nearby(String namespace) {
        return ", but in namespace " + namespace + ": say -n " + namespace;
    }

    /** Returns the namespace of a sweep of this name if there is exactly one and the user may list sweeps in all namespaces. */
    private static Optional<String> elsewhere(KubernetesClient client, String name) {
        try {
            List<String> namespaces = client.resources(Sweep.class).inAnyNamespace().list().getItems().stream()
                    .filter(sweep -> sweep.getMetadata().getName().equals(name))
                    .map(sweep -> sweep.getMetadata().getNamespace())
                    .toList();
            return namespaces.size() == 1 ? Optional.of(namespaces.get(0)) : Optional.empty();
        } catch (KubernetesClientException e) {
            return Optional.empty();
        }
    }

    List<Trial> trials(KubernetesClient client, Sweep sweep) {
        return client
                .resources(Trial.class)
                .inNamespace(sweep.getMetadata().getNamespace())
                .withLabel(Api.SWEEP_LABEL, sweep.getMetadata().getName())
                .list()
                .getItems()
                .stream()
                .filter(trial -> trial.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner ->
                                owner.getUid().equals(sweep.getMetadata().getUid())))
                .toList();
    }

    /** Returns the message of the API server, or why it was not reached. */
    static String sentence(KubernetesClientException e) {
        if (e.getStatus() != null && e.getStatus().getMessage() != null) {
            return e.getStatus().getMessage();
        }
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return "the cluster cannot be reached: " + cause + "; see whether `kubectl get sweeps` works";
    }
}
