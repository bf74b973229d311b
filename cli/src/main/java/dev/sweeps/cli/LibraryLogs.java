package dev.sweeps.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.FileHandler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Keeps what libraries log from the terminal and from the output of a command, on a slow machine for example the warnings of Vert.x about
 * threads that wait. With {@value #VARIABLE} it goes into a file.
 */
final class LibraryLogs {
    /** Environment variable with the name of the file. */
    static final String VARIABLE = "KUBECTL_SWEEP_LOG";

    private LibraryLogs() {}

    /**
     * Takes effect for the whole process. Our own output does not go through {@code System.out} and {@code System.err}.
     *
     * @param file null for none
     * @throws IOException if the file cannot be written
     */
    static void redirect(String file) throws IOException {
        LogManager.getLogManager().reset();
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        System.setOut(nowhere);
        System.setErr(nowhere);
        if (file != null && !file.isBlank()) {
            FileHandler handler = new FileHandler(file, true);
            handler.setFormatter(new SimpleFormatter());
            Logger.getLogger("").addHandler(handler);
            System.setErr(new PrintStream(new java.io.FileOutputStream(file, true), true, StandardCharsets.UTF_8));
        }
    }
}
