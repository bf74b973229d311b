package dev.sweeps.local;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Finds the Python of this machine. Many systems call theirs python3 and have no python outside a virtual environment. */
final class Interpreter {
    private Interpreter() {}

    /**
     * Its name.
     *
     * @param path folders, as in the environment variable PATH
     * @throws LocalRunException if there is none
     */
    static String in(String path) {
        return Stream.of("python", "python3")
                .filter(name -> Stream.of(path.split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name))
                        .anyMatch(program -> Files.isRegularFile(program) && Files.isExecutable(program)))
                .findFirst()
                .orElseThrow(() -> new LocalRunException(
                        "command: ${interpreter} means python, and neither python nor python3 is in the PATH; install it,"
                                + " activate the environment that has it, or write in command what runs the program"));
    }
}
