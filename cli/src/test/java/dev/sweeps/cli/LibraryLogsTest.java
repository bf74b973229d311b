package dev.sweeps.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a process of its own, because it is for the whole process. */
class LibraryLogsTest {
    @TempDir
    private Path folder;

    @Test
    void nothingThatALibraryLogsOrPrintsReachesTheTerminal() throws IOException, InterruptedException {
        assertThat(run("")).isEmpty();
        Path file = folder.resolve("log");
        assertThat(run(file.toString())).isEmpty();
        assertThat(Files.readString(file)).contains("a thread waits").contains("printed to err");
    }

    private static String run(String file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        file))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).isZero();
        return Stream.of(output.split("\n"))
                .filter(line -> !line.startsWith("Picked up "))
                .reduce("", String::concat);
    }

    /** A library in a command. */
    static final class Program {
        private Program() {}

        public static void main(String[] words) throws IOException {
            LibraryLogs.redirect(words.length == 0 || words[0].isEmpty() ? null : words[0]);
            Logger.getLogger("io.vertx").warning("a thread waits");
            System.err.println("printed to err");
            System.out.println("printed to out");
        }
    }
}
