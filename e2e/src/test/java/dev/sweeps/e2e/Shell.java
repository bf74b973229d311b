package dev.sweeps.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Runs what users run: kubectl, helm, and the scripts of the project. */
final class Shell {
    /** The project's own folder; tests run in that of their module. */
    static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    /** What a command printed, on both outputs, and how it ended. */
    record Result(int exitCode, String output) {}

    private Shell() {}

    /** Runs a command that must succeed, and returns what it printed. */
    static String run(String... command) {
        Result result = attempt("", command);
        if (result.exitCode != 0) {
            throw new AssertionError(
                    String.join(" ", command) + " ended with " + result.exitCode + ": " + result.output);
        }
        return result.output;
    }

    /** Starts a command that goes on until it is destroyed. */
    static Process start(String... command) {
        try {
            return new ProcessBuilder(List.of(command))
                    .directory(new File(PROJECT.toString()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command that may fail, with the text on its standard input. */
    static Result attempt(String input, String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .directory(new File(PROJECT.toString()))
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
