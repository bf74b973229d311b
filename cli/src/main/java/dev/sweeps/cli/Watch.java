package dev.sweeps.cli;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.results.SweepResults;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl sweep watch}: prints the progress until the sweep is complete. */
@Command(
        name = "watch",
        description =
                "Shows the progress of a sweep until it ends. Exits with 0 if it is Complete, with 1 if it is Failed or"
                        + " Rejected. If the output is not a terminal, prints a line for each change.",
        mixinStandardHelpOptions = true)
final class Watch implements Callable<Integer> {
    private static final long REFRESH = 1_000;
    private static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";

    @Spec
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "SWEEP", description = "Name of the sweep.")
    private String word;

    @Override
    public Integer call() throws InterruptedException {
        Cluster cluster = Cluster.of(command);
        try (KubernetesClient client = cluster.connect()) {
            Sweep found = cluster.sweep(client, word);
            String name = found.getMetadata().getName();
            String namespace = found.getMetadata().getNamespace();
            try (SharedIndexInformer<Sweep> sweeps = client.resources(Sweep.class)
                            .inNamespace(namespace)
                            .withName(name)
                            .inform();
                    SharedIndexInformer<Trial> trials = client.resources(Trial.class)
                            .inNamespace(namespace)
                            .withLabel(Api.SWEEP_LABEL, name)
                            .inform()) {
                return follow(sweeps, trials);
            }
        }
    }

    private int follow(SharedIndexInformer<Sweep> sweeps, SharedIndexInformer<Trial> trials)
            throws InterruptedException {
        boolean terminal = System.console() != null;
        PrintWriter out = command.commandLine().getOut();
        List<String> before = List.of();
        while (true) {
            List<Sweep> there = sweeps.getStore().list();
            if (there.isEmpty()) {
                throw new SweepCommandException("the sweep " + word + " was deleted");
            }
            SweepResults results =
                    SweepResults.of(there.get(0), trials.getStore().list());
            Progress progress = new Progress(results, Clock.systemUTC().instant());
            List<String> now = terminal ? progress.screen() : List.of(progress.line());
            if (!now.equals(before)) {
                out.print(terminal ? HOME_AND_CLEAR : "");
                now.forEach(out::println);
                out.flush();
                before = now;
            }
            if (progress.isDone()) {
                return progress.succeeded() ? 0 : 1;
            }
            Thread.sleep(REFRESH);
        }
    }
}
