package dev.sweeps.cli;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.Trial;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl sweep logs}: prints the output of a trial's program. */
@Command(
        name = "logs",
        description = "Prints the output of a trial's program, while its Pod exists.",
        mixinStandardHelpOptions = true)
final class Logs implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "TRIAL", description = "Name of the trial.")
    private String name;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on while it prints more.")
    private boolean follow;

    @Override
    public Integer call() throws IOException {
        Cluster cluster = Cluster.of(command);
        try (KubernetesClient client = cluster.connect()) {
            String namespace = cluster.namespace(client);
            Trial trial = client.resources(Trial.class)
                    .inNamespace(namespace)
                    .withName(name)
                    .get();
            if (trial == null) {
                throw new SweepCommandException(
                        "there is no trial " + name + " in namespace " + namespace + "; kubectl get trials lists them");
            }
            print(container(client, trial));
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                throw new SweepCommandException(
                        "the Pod of " + name + " is gone, and its log with it; kubectl get trial " + name
                                + " -o yaml has the end of a failed one's");
            }
            throw e;
        }
        return 0;
    }

    private ContainerResource container(KubernetesClient client, Trial trial) {
        String pod = Optional.ofNullable(trial.getStatus())
                .map(status -> status.pod())
                .orElseThrow(() -> new SweepCommandException("the trial " + name + " has no Pod yet ("
                        + trial.state().word() + ")"));
        return client.pods()
                .inNamespace(trial.getMetadata().getNamespace())
                .withName(pod)
                .inContainer(Api.TRAINER_CONTAINER);
    }

    private void print(ContainerResource container) throws IOException {
        PrintWriter out = command.commandLine().getOut();
        if (!follow) {
            out.print(container.getLog());
            out.flush();
            return;
        }
        try (LogWatch log = container.watchLog();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(log.getOutput(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.println(line);
                out.flush();
            }
        }
    }
}
