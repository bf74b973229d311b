package dev.sweeps.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line; each subcommand is a class of this package. */
@Command(
        name = "kubectl sweep",
        description = "Hyperparameter sweeps on Kubernetes and on this machine.",
        mixinStandardHelpOptions = true,
        version = "kubectl-sweep 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            Plan.class,
            Run.class,
            Import.class,
            Watch.class,
            Results.class,
            Analyze.class,
            Report.class,
            Logs.class,
            Retry.class,
            SpecChange.Suspend.class,
            SpecChange.Resume.class,
            SpecChange.Stop.class,
            SpecChange.Cancel.class,
            Complete.class
        },
        footer = {
            "",
            "  kubectl sweep plan -f sweep.yaml                print the points of a Sweep or W&B file",
            "  kubectl sweep run -f sweep.yaml --parallel 2    run it on this machine, without a cluster",
            "  kubectl sweep analyze rte                       analyse the results",
            "  kubectl sweep report rte -o rte.html            write a report with charts",
            "  kubectl sweep analyze -f runs.csv --metric eval_acc --goal maximize",
            "                                                  analyse a table of another tool"
        })
public final class KubectlSweep implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Cluster cluster;

    /** Exits with 0, with 1 if something failed, or with 2 if the command line is wrong. */
    public static void main(String[] words) {
        PrintWriter err = printer(FileDescriptor.err);
        try {
            LibraryLogs.redirect(System.getenv(LibraryLogs.VARIABLE));
        } catch (IOException e) {
            err.println("error: " + LibraryLogs.VARIABLE + ": " + System.getenv(LibraryLogs.VARIABLE)
                    + " cannot be written; name a file in a folder that exists");
            System.exit(1);
        }
        System.exit(run(words, printer(FileDescriptor.out), err));
    }

    /** Returns a printer in UTF-8, whatever the locale, because bars and names are not ASCII. */
    private static PrintWriter printer(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }

    static int run(String[] words, PrintWriter out, PrintWriter err) {
        CommandLine commandLine = commandLine().setOut(out).setErr(err);
        int code = commandLine.execute(words);
        out.flush();
        err.flush();
        return code;
    }

    static CommandLine commandLine() {
        return new CommandLine(new KubectlSweep())
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setUsageHelpWidth(110)
                .setUsageHelpLongOptionsMaxWidth(40)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, words) -> misused(e))
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e, command.getErr()));
    }

    Cluster cluster() {
        return cluster;
    }

    /** Prints a sentence and where to read on, as kubectl does, instead of the whole usage. */
    private static int misused(ParameterException e) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("error: " + sentence(e));
        command.getErr().println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static String sentence(ParameterException e) {
        CommandLine command = e.getCommandLine();
        if (command.getParent() == null && e instanceof UnmatchedArgumentException words && !words.isUnknownOption()) {
            return "unknown command " + words.getUnmatched().get(0) + "; the commands are "
                    + command.getSubcommands().entrySet().stream()
                            .filter(subcommand -> !subcommand
                                    .getValue()
                                    .getCommandSpec()
                                    .usageMessage()
                                    .hidden())
                            .map(Map.Entry::getKey)
                            .collect(Collectors.joining(", "));
        }
        String said = e.getMessage().replaceFirst("^Error: ", "");
        return said.substring(0, 1).toLowerCase(Locale.ROOT) + said.substring(1);
    }

    /** Prints a sentence for an error that the user can correct. Any other exception is a defect and is thrown. */
    private static int failed(Exception e, PrintWriter err) throws Exception {
        if (e instanceof SweepCommandException || e instanceof IllegalArgumentException) {
            err.println("error: " + e.getMessage());
        } else if (e instanceof KubernetesClientException refused) {
            err.println("error: " + Cluster.sentence(refused));
        } else if (e instanceof IOException) {
            err.println("error: " + sentence((IOException) e));
        } else {
            throw e;
        }
        return 1;
    }

    private static String sentence(IOException e) {
        String said = String.valueOf(e.getMessage());
        if (said.contains("No space left")) {
            return said + "; make room and run the command again: everything that was recorded is kept";
        }
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied; name another folder, or make this one writable";
        }
        if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
            return ((FileSystemException) e).getFile() + " is a file and not a folder; name another folder";
        }
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + ": does not exist and cannot be created; name another folder";
        }
        if (e instanceof FileSystemException other && other.getReason() != null) {
            return other.getFile() + ": " + other.getReason() + "; name another folder, or correct this one";
        }
        return said;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
