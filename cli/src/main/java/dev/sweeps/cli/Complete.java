package dev.sweeps.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * What can stand in place of the last word, one a line, and then {@code :4}: what kubectl asks a plugin's {@code kubectl_complete-sweep} for
 * (k8s.io/kubectl, pkg/cmd/plugin/plugin_completion.go; 4 says that files are no candidates).
 */
@Command(name = "__complete", hidden = true, description = "Completions of the last word.")
final class Complete implements Callable<Integer> {
    private static final int FILES = 0;
    private static final int NO_FILES = 4;

    @Spec
    private CommandSpec command;

    @Unmatched
    private List<String> options = new ArrayList<>();

    @Parameters(arity = "0..*")
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() {
        List<String> all = command.commandLine().getParseResult().originalArgs();
        List<String> typed = new ArrayList<>(all.subList(all.indexOf(command.name()) + 1, all.size()));
        if (typed.isEmpty()) {
            typed.add("");
        }
        String last = typed.get(typed.size() - 1);
        List<CharSequence> candidates = new ArrayList<>();
        AutoComplete.complete(
                KubectlSweep.commandLine().getCommandSpec(),
                typed.toArray(String[]::new),
                typed.size() - 1,
                last.length(),
                last.length(),
                candidates);
        PrintWriter out = command.commandLine().getOut();
        candidates.stream()
                .map(rest -> last + rest)
                .filter(word -> !word.startsWith("__"))
                .sorted()
                .forEach(out::println);
        boolean wantsFile = typed.size() > 1
                && List.of("-f", "--filename", "-o", "--output", "--charts", "--kubeconfig")
                        .contains(typed.get(typed.size() - 2));
        if (!wantsFile && !last.startsWith("-") && typed.size() > 1) {
            sweeps(last).forEach(out::println);
        }
        out.println(":" + (wantsFile ? FILES : NO_FILES));
        return 0;
    }

    /** Returns no names without a cluster, because completion must not print errors. */
    private List<String> sweeps(String beginning) {
        Cluster cluster = Cluster.of(command);
        try (KubernetesClient client = cluster.connect()) {
            return cluster.names(client)
                    .filter(name -> name.startsWith(beginning))
                    .toList();
        } catch (RuntimeException e) {
            return List.of();
        }
    }
}
