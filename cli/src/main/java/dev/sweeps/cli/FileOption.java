package dev.sweeps.cli;

import dev.sweeps.file.InvalidFile;
import dev.sweeps.file.SweepFile;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** A file that holds a sweep. */
final class FileOption {
    private static final String STANDARD_NAME = "sweep";

    @Option(
            names = {"-f", "--filename"},
            required = true,
            paramLabel = "FILE",
            description = "File with a Sweep or a sweep configuration of Weights & Biases; - for standard input.")
    private String file;

    /** Reads the file, and prints the notes of a conversion. */
    SweepFile read(CommandSpec command) throws IOException {
        try {
            SweepFile sweep = SweepFile.read(text(), fallbackName());
            sweep.notes().forEach(note -> command.commandLine().getErr().println("note: " + note));
            return sweep;
        } catch (InvalidFile e) {
            throw new SweepCommandException(this + ": " + e.getMessage());
        }
    }

    /** Returns the name for a sweep whose file gives none: the name of the file, or of its folder if the file is called {@code sweep.yaml}. */
    private String fallbackName() {
        if (isStandardInput()) {
            return STANDARD_NAME;
        }
        Path path = Path.of(file).toAbsolutePath().normalize();
        String name = String.valueOf(path.getFileName()).replaceAll("\\.[a-z]+$", "");
        Path folder = path.getParent() == null ? null : path.getParent().getFileName();
        return name.equals(STANDARD_NAME) && folder != null ? folder.toString() : name;
    }

    private boolean isStandardInput() {
        return file.equals("-");
    }

    private String text() throws IOException {
        if (isStandardInput()) {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Path path = Path.of(file);
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw new SweepCommandException("-f: there is no file " + file + " that can be read");
        }
        try {
            return Files.readString(path);
        } catch (MalformedInputException e) {
            throw new SweepCommandException(file + ": is not UTF-8 text; save it as such");
        }
    }

    /** Returns the name of the file for a message. */
    @Override
    public String toString() {
        return isStandardInput() ? "standard input" : file;
    }
}
