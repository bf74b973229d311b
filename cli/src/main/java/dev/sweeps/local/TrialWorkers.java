package dev.sweeps.local;

import dev.sweeps.api.v1alpha1.Trial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Processes that the program of a trial has started: data loaders, launched workers. They may outlive it, and then hold the GPU and write to the files
 * of the next trial. On Linux they are found by a variable in their environment, elsewhere only those are known that were seen as its children.
 */
final class TrialWorkers {
    /** Environment variable that identifies the processes of a trial. */
    static final String VARIABLE = "SWEEP_RUN";

    private static final Path PROCESSES = Path.of("/proc");
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final String mark;
    private final Set<ProcessHandle> seen = new HashSet<>();

    private TrialWorkers(String mark) {
        this.mark = mark;
    }

    static TrialWorkers of(RunFolder folder, Trial trial) {
        return new TrialWorkers(folder.log(trial).toAbsolutePath().normalize().toString());
    }

    /** The value of {@link #VARIABLE}. */
    String mark() {
        return mark;
    }

    /** Records the child processes of the program. */
    void remember(ProcessHandle program) {
        seen.removeIf(worker -> !worker.isAlive());
        program.descendants().forEach(seen::add);
    }

    /** Asks the remaining processes to end, and kills them if they do not. */
    void end() throws InterruptedException {
        List<ProcessHandle> left = left();
        left.forEach(ProcessHandle::destroy);
        for (int i = 0; i < GRACE.toMillis() / 50 && left.stream().anyMatch(ProcessHandle::isAlive); i++) {
            Thread.sleep(50);
        }
        left().forEach(ProcessHandle::destroyForcibly);
    }

    private List<ProcessHandle> left() {
        Set<ProcessHandle> left = new HashSet<>(marked());
        seen.stream().filter(ProcessHandle::isAlive).forEach(left::add);
        return new ArrayList<>(left);
    }

    private List<ProcessHandle> marked() {
        if (!Files.isDirectory(PROCESSES)) {
            return List.of();
        }
        byte[] wanted = (VARIABLE + "=" + mark).getBytes(StandardCharsets.UTF_8);
        try (Stream<Path> folders = Files.list(PROCESSES)) {
            return folders.filter(folder -> folder.getFileName().toString().matches("[0-9]+"))
                    .filter(folder -> isMarked(folder, wanted))
                    .flatMap(folder ->
                            ProcessHandle.of(Long.parseLong(folder.getFileName().toString())).stream())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Whether an environment, in which a zero byte follows each variable, contains the variable. */
    private static boolean isMarked(Path process, byte[] wanted) {
        try {
            String environment =
                    "\0" + new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
            return environment.contains("\0" + new String(wanted, StandardCharsets.ISO_8859_1) + "\0");
        } catch (IOException e) {
            return false; // Gone, or somebody else's.
        }
    }
}
