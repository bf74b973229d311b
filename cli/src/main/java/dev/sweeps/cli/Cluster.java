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
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** kubectl's own words for which cluster is meant. */
final class Cluster {
    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Namespace of the sweep; that of the kubectl context when not given.")
    private String namespace;

    @Option(names = "--context", paramLabel = "CONTEXT", description = "Context of the kubeconfig to use.")
    private String context;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The kubeconfig; $KUBECONFIG or ~/.kube/config when not given.")
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

    /** The sweep, or a sentence with the names of those that are there. */
    Sweep sweep(KubernetesClient client, String name) {
        String where = namespace(client);
        Sweep sweep =
                client.resources(Sweep.class).inNamespace(where).withName(name).get();
        if (sweep != null) {
            return sweep;
        }
        String there = client.resources(Sweep.class).inNamespace(where).list().getItems().stream()
                .map(one -> one.getMetadata().getName())
                .sorted()
                .limit(20)
                .collect(Collectors.joining(", "));
        throw new SweepCommandException("there is no sweep " + name + " in namespace " + where
                + (there.isEmpty() ? ", nor any other; name another namespace with -n" : "; there is " + there));
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

    /** The API server's own words, or why it was not reached. */
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
