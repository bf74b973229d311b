package dev.sweeps.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Generates {@code docs/cli.md} from the help of the commands. */
class CommandReferenceTest {
    private static final Path REFERENCE = Path.of("../docs/cli.md");

    /** {@code make generate} sets the property, and the reference is written before it is compared. */
    @Test
    void theReferenceIsTheGeneratedOne() throws IOException {
        StringBuilder text = new StringBuilder(
                """
                # kubectl sweep

                `make install-cli PREFIX=$HOME/.local` installs the command `kubectl-sweep`, which kubectl runs as `kubectl sweep`. It needs Java 17.
                `make generate` writes this page from the help of the commands.
                """);
        CommandLine root = KubectlSweep.commandLine();
        append("kubectl sweep", root, text);
        root.getSubcommands().values().stream()
                .filter(command -> !command.getCommandSpec().usageMessage().hidden())
                .forEach(command -> append(command.getCommandSpec().qualifiedName(), command, text));
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(REFERENCE, text);
        }
        assertThat(REFERENCE)
                .as("after a change of the commands run `make generate`")
                .content()
                .isEqualTo(text.toString());
    }

    private static void append(String name, CommandLine command, StringBuilder text) {
        text.append("\n## ").append(name).append("\n\n```\n");
        command.getUsageMessage().lines().map(String::stripTrailing).forEach(line -> text.append(line)
                .append("\n"));
        text.append("```\n");
    }
}
