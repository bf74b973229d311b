package dev.sweeps.cli;

import dev.sweeps.api.v1alpha1.Sweep;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands that change one field of a sweep: suspend, resume, stop and cancel. */
abstract class SpecChange implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "SWEEP", description = "Name of the sweep.")
    private String word;

    private final String change;
    private final String done;

    /**
     * @param change of the spec, as JSON
     * @param done what kubectl would say of it
     */
    SpecChange(String change, String done) {
        this.change = change;
        this.done = done;
    }

    @Override
    public Integer call() {
        Cluster cluster = Cluster.of(command);
        try (KubernetesClient client = cluster.connect()) {
            Sweep sweep = cluster.sweep(client, word);
            client.resource(sweep).patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":" + change + "}");
            command.commandLine()
                    .getOut()
                    .println("sweep.sweeps.dev/" + sweep.getMetadata().getName() + " " + done);
        }
        return 0;
    }

    /** {@code kubectl sweep suspend}. */
    @Command(
            name = "suspend",
            description = "Starts no new trials; running ones finish.",
            mixinStandardHelpOptions = true)
    static final class Suspend extends SpecChange {
        Suspend() {
            super("{\"suspend\":true}", "suspended");
        }
    }

    /** {@code kubectl sweep resume}: continues a sweep that was suspended, stopped or cancelled. */
    @Command(
            name = "resume",
            description = "Continues a sweep that was suspended, stopped or cancelled.",
            mixinStandardHelpOptions = true)
    static final class Resume extends SpecChange {
        Resume() {
            super("{\"suspend\":false,\"shutdown\":null}", "resumed");
        }
    }

    /** {@code kubectl sweep stop}. */
    @Command(
            name = "stop",
            description = "Ends a sweep before all its points have run; running trials finish.",
            mixinStandardHelpOptions = true)
    static final class Stop extends SpecChange {
        Stop() {
            super("{\"shutdown\":\"Stop\"}", "stopped");
        }
    }

    /** {@code kubectl sweep cancel}. */
    @Command(
            name = "cancel",
            description = "Ends a sweep at once; running trials are ended, results are kept.",
            mixinStandardHelpOptions = true)
    static final class Cancel extends SpecChange {
        Cancel() {
            super("{\"shutdown\":\"Cancel\"}", "cancelled");
        }
    }
}
