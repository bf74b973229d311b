package dev.sweeps.local;

import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The folder of a sweep that runs on this machine: {@code sweep.json}, and for each trial {@code trials/NAME.json}, {@code NAME.log}, the
 * parameters as JSON, and what its program logs with the library of Weights and Biases. Each file of ours is replaced as a whole, so that an end
 * at any moment leaves the one before.
 */
public final class RunFolder {
    private static final String SWEEP = "sweep.json";

    private final Path folder;
    private final Set<Path> unreadable = new TreeSet<>();

    public RunFolder(Path folder) {
        this.folder = folder;
    }

    /** Files among the trials that {@link #trials} has left out because they are torn or foreign. */
    public Set<Path> unreadable() {
        return Collections.unmodifiableSet(unreadable);
    }

    /** Returns the default folder of a sweep. */
    public static Path standard(String sweep) {
        return Path.of("sweeps", sweep);
    }

    /** Returns the sweep of an earlier run; empty if there is none. */
    public Optional<Sweep> sweep() throws IOException {
        Path file = folder.resolve(SWEEP);
        try {
            return read(file, Sweep.class);
        } catch (UnreadableFile e) {
            throw new LocalRunException(
                    file + " cannot be read (" + e.getMessage()
                            + "); restore it, or remove it, and the trials in this folder are taken for those of the sweep that you run");
        }
    }

    /** Returns the trials that have started, in no particular order. Files that cannot be read are left out, see {@link #unreadable}. */
    public List<Trial> trials() throws IOException {
        List<Trial> trials = new ArrayList<>();
        if (Files.isDirectory(trialsFolder())) {
            try (Stream<Path> files = Files.list(trialsFolder())) {
                for (Path file : files.filter(path -> Files.isRegularFile(path)
                                && path.toString().endsWith(".json")
                                && !path.toString().endsWith(".wandb.json")
                                && !path.toString().endsWith(".parameters.json"))
                        .toList()) {
                    addTrial(file, trials);
                }
            }
        }
        return trials;
    }

    private void addTrial(Path file, List<Trial> trials) throws IOException {
        try {
            Optional<Trial> trial = read(file, Trial.class);
            boolean isTrial = trial.filter(read -> read.getSpec() != null
                            && read.getMetadata() != null
                            && (read.getMetadata().getName() + ".json")
                                    .equals(file.getFileName().toString()))
                    .isPresent();
            if (isTrial) {
                trials.add(trial.get());
            } else if (trial.isPresent()) {
                unreadable.add(file);
            }
        } catch (UnreadableFile e) {
            unreadable.add(file);
        }
    }

    void write(Sweep sweep) throws IOException {
        write(folder.resolve(SWEEP), Serialization.asJson(sweep));
    }

    void write(Trial trial) throws IOException {
        write(file(trial, ".json"), Serialization.asJson(trial));
    }

    /** Writes the parameters of the trial as a file for its program. */
    Path writeParameters(Trial trial, String json) throws IOException {
        Path file = file(trial, ".parameters.json");
        write(file, json + "\n");
        return file.toAbsolutePath();
    }

    /** Writes the parameters of the trial as a file for the wandb library. */
    Path writeWandbConfig(Trial trial, String json) throws IOException {
        Path file = file(trial, ".wandb.json");
        write(file, json + "\n");
        return file.toAbsolutePath();
    }

    /** Returns the folder in which the wandb library keeps what the program of a trial logs. */
    Path wandb(Trial trial) {
        return file(trial, ".wandb").toAbsolutePath();
    }

    /** Returns that folder, created and empty. The library requires it to exist, and an earlier attempt may have left files in it. */
    Path emptyWandb(Trial trial) throws IOException {
        Path folder = wandb(trial);
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        return Files.createDirectories(folder);
    }

    /** Deletes the folder if it is empty, because most programs log nothing there. */
    void removeWandbIfEmpty(Trial trial) throws IOException {
        try {
            Files.deleteIfExists(wandb(trial));
        } catch (DirectoryNotEmptyException e) {
            // The folder is not empty and stays.
        }
    }

    /** Returns the file with the output of the trial's program. */
    public Path log(Trial trial) {
        return file(trial, ".log");
    }

    /**
     * Keeps others from running a sweep here until this process ends.
     *
     * @throws LocalRunException if another process does
     */
    FileLock lock() throws IOException {
        Files.createDirectories(trialsFolder());
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException e) {
            // The exception below explains it.
        }
        channel.close();
        throw new LocalRunException("another kubectl sweep run is running in " + folder
                + "; wait for it, end it, or name another folder with --dir");
    }

    private Path trialsFolder() {
        return folder.resolve("trials");
    }

    private Path file(Trial trial, String ending) {
        return trialsFolder().resolve(trial.getMetadata().getName() + ending);
    }

    private static <T> Optional<T> read(Path file, Class<T> type) throws IOException {
        try {
            return Optional.ofNullable(Serialization.unmarshal(Files.readString(file), type));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (MalformedInputException e) {
            throw new UnreadableFile("it is not UTF-8 text");
        } catch (RuntimeException e) {
            // The reader of Kubernetes objects throws several kinds of exceptions, some of which look like those of a
            // failed connection.
            throw new UnreadableFile("it is torn, or no object of this program");
        }
    }

    /** A file that is not one of ours. */
    private static final class UnreadableFile extends IOException {
        private static final long serialVersionUID = 1L;

        UnreadableFile(String why) {
            super(why);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Path whole = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(
                whole, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
