package dev.sweeps.cli;

import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl sweep retry}: deletes failed trials, so that they run again. */
@Command(
        name = "retry",
        description = "Runs failed trials again: the named ones, or all of the sweep.",
        mixinStandardHelpOptions = true)
final class Retry implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "SWEEP", description = "Name of the sweep.")
    private String word;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "TRIAL", description = "Names of trials.")
    private List<String> names = new ArrayList<>();

    @Override
    public Integer call() {
        Cluster cluster = Cluster.of(command);
        try (KubernetesClient client = cluster.connect()) {
            Sweep sweep = cluster.sweep(client, word);
            List<Trial> all = cluster.trials(client, sweep);
            List<Trial> again = names.isEmpty()
                    ? all.stream()
                            .filter(trial -> trial.state() == State.FAILED)
                            .toList()
                    : names.stream().map(name -> named(all, name)).toList();
            if (again.isEmpty()) {
                command.commandLine().getOut().println("No trial has failed.");
            }
            again.forEach(trial -> {
                client.resource(trial).delete();
                command.commandLine()
                        .getOut()
                        .println("trial.sweeps.dev/" + trial.getMetadata().getName() + " is run again");
            });
        }
        return 0;
    }

    private Trial named(List<Trial> all, String name) {
        Trial found = all.stream()
                .filter(trial -> trial.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new SweepCommandException("the sweep " + word + " has no trial " + name
                        + "; kubectl sweep results " + word + " lists them"));
        if (!found.hasEnded()) {
            throw new SweepCommandException("the trial " + name + " is "
                    + found.state().word() + "; wait until it has ended, or delete it with kubectl");
        }
        return found;
    }
}
