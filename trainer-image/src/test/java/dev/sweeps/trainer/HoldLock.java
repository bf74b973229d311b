package dev.sweeps.trainer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** {@code HoldLock FILE}: another process that holds a lock until its standard input ends; it prints a line when it has it. */
final class HoldLock {
    private HoldLock() {}

    @SuppressWarnings("try") // The lock is held, not used.
    public static void main(String[] words) throws IOException {
        try (FileChannel channel = FileChannel.open(Path.of(words[0]), StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            System.out.println("held");
            System.in.readAllBytes();
        }
    }
}
