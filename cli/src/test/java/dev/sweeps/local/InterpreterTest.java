package dev.sweeps.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterpreterTest {
    @TempDir
    private Path scratch;

    @Test
    void pythonComesFirstWhereverItIs() throws IOException {
        String path = folder("a", "python3") + File.pathSeparator + folder("b", "python");
        assertThat(Interpreter.in(path)).isEqualTo("python");
    }

    @Test
    void python3IsTakenWhereThereIsNoOther() throws IOException {
        Files.createDirectories(scratch.resolve("a/python"));
        assertThat(Interpreter.in("missing" + File.pathSeparator + folder("a", "python3")))
                .isEqualTo("python3");
    }

    @Test
    void aMachineWithoutPythonIsToldWhatToDo() {
        assertThatThrownBy(() -> Interpreter.in(scratch.toString()))
                .isInstanceOf(LocalRunException.class)
                .hasMessage(
                        "command: ${interpreter} means python, and neither python nor python3 is in the PATH; install it,"
                                + " activate the environment that has it, or write in command what runs the program");
    }

    private String folder(String name, String program) throws IOException {
        Path folder = Files.createDirectories(scratch.resolve(name));
        Path file = Files.createFile(folder.resolve(program));
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return folder.toString();
    }
}
