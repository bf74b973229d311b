package dev.sweeps.trainer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import dev.sweeps.trainer.model.Safetensors;
import dev.sweeps.trainer.model.SafetensorsWriter;
import dev.sweeps.trainer.optim.AdamW;
import dev.sweeps.trainer.torch.OptimizerScript;
import dev.sweeps.trainer.torch.TorchMemory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * What a run needs to go on after a stop: weights, moments of the optimizer, and how far it was. Nothing of the random generator, because
 * order and dropout of a step follow from its number. Each run has a folder of its own by the arguments that decide its numbers, so that
 * all trials of a sweep can share one volume; the last two checkpoints are kept, should the last one be torn.
 */
final class Checkpoints implements AutoCloseable {
    private static final int KEPT = 2;
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Gson JSON = new Gson();

    /**
     * How far a run is.
     *
     * @param steps that are done
     * @param lossSinceReport sum of their losses since the last line of metrics
     */
    record Progress(int steps, double lossSinceReport) {}

    /** Written after the tensors. If it is missing or has another checksum, the tensors are torn. */
    private record Manifest(Progress progress, long bytes, long crc32c) {}

    private final Path folder;
    private final Map<String, NDArray> tensors = new LinkedHashMap<>();
    private final AdamW optimizer;
    private final OptimizerScript script;
    private final Consumer<String> say;
    private FileChannel claim;

    /**
     * @param folder of this run
     * @param say tells people of a torn checkpoint
     */
    Checkpoints(
            Path folder, Map<String, NDArray> weights, AdamW optimizer, OptimizerScript script, Consumer<String> say) {
        this.folder = folder;
        this.optimizer = optimizer;
        this.script = script;
        this.say = say;
        weights.forEach((name, weight) -> tensors.put("weight." + name, weight));
        optimizer.firstMoments().forEach((name, moment) -> tensors.put("first." + name, moment));
        optimizer.secondMoments().forEach((name, moment) -> tensors.put("second." + name, moment));
    }

    /**
     * Waits until no other process works in the folder: a run with the same arguments in another sweep, or this one on a node that was lost
     * and still lives.
     *
     * @throws TrainingException with {@link ExitCode#TERMINATED} when it was asked to stop meanwhile
     */
    void claim(StopSignal stop) {
        try {
            Files.createDirectories(folder);
            claim = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            boolean told = false;
            while (claim.tryLock() == null) {
                if (!told) {
                    say.accept(
                            "another run with the same arguments works in " + folder
                                    + "; waiting for its end, to go on from what it leaves. With another --checkpoint_dir this one starts at once");
                    told = true;
                }
                if (stop.isRequested()) {
                    throw new TrainingException(
                            ExitCode.TERMINATED, "stopped by a signal while another run worked in " + folder);
                }
                Thread.sleep(LOOK_AGAIN.toMillis());
            }
        } catch (IOException e) {
            // A volume without locks, or one that cannot be written to, which the first checkpoint will say.
            say.accept("whether another run works in " + folder + " cannot be found out (" + e + ")");
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while another run works in " + folder, e);
        }
    }

    /** Writes a checkpoint, and then deletes what is older than the one before. */
    void save(Progress progress) {
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve("step-%09d.safetensors".formatted(progress.steps));
            SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));
            Manifest manifest = new Manifest(progress, Files.size(file), checksum(file));
            Path part = Files.writeString(manifest(file).resolveSibling("manifest.part"), JSON.toJson(manifest));
            Files.move(part, manifest(file), StandardCopyOption.ATOMIC_MOVE);
            for (Path old : files().stream().skip(KEPT).toList()) {
                delete(old);
            }
        } catch (IOException e) {
            throw new TrainingException(
                    ExitCode.CHECKPOINT,
                    "the checkpoint of step " + progress.steps + " cannot be written to " + folder + " (" + e
                            + "); make room or mount a volume that can be written to, or leave --checkpoint_dir out");
        }
    }

    /** Takes the last checkpoint that is whole. Empty if there is none. */
    Optional<Progress> restore() {
        for (Path file : files()) {
            try {
                Manifest manifest = JSON.fromJson(Files.readString(manifest(file)), Manifest.class);
                if (manifest != null && manifest.bytes == Files.size(file) && manifest.crc32c == checksum(file)) {
                    take(Safetensors.read(file));
                    optimizer.resume(manifest.progress.steps);
                    return Optional.of(manifest.progress);
                }
                discard(file, "is torn");
            } catch (IOException | JsonParseException e) {
                discard(file, "has no manifest that can be read");
            }
        }
        return Optional.empty();
    }

    /** Else it would be kept as one of the last two, in the place of one that is whole. */
    private void discard(Path file, String why) {
        say.accept(file + " " + why + "; going on from the checkpoint before it");
        try {
            delete(file);
        } catch (IOException e) {
            throw TrainingException.badInput(file + " " + why + " and cannot be deleted (" + e
                    + "); delete it, or use another --checkpoint_dir");
        }
    }

    private static void delete(Path file) throws IOException {
        Files.deleteIfExists(manifest(file));
        Files.deleteIfExists(file);
    }

    /** For a run that has ended. */
    void delete() {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> inside = Files.walk(folder)) {
            for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            say.accept("the checkpoints in " + folder + " stay, because they cannot be deleted (" + e + ")");
        }
    }

    @Override
    public void close() {
        try {
            if (claim != null) {
                claim.close();
            }
        } catch (IOException e) {
            say.accept("the lock in " + folder + " cannot be given back (" + e + ")");
        }
    }

    private void take(Safetensors checkpoint) {
        tensors.forEach((name, tensor) -> {
            Shape shape = tensor.getShape();
            try (NDManager scratch = tensor.getManager().newSubManager()) {
                script.copy(tensor, TorchMemory.floats(scratch, checkpoint.floats(name), shape));
            }
        });
    }

    /** The last one first. */
    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(file -> file.getFileName().toString().matches("step-[0-9]{9}\\.safetensors"))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (IOException e) {
            throw TrainingException.badInput("--checkpoint_dir " + folder + " cannot be read (" + e + ")");
        }
    }

    private static Path manifest(Path file) {
        return file.resolveSibling(file.getFileName().toString().replace(".safetensors", ".json"));
    }

    private static long checksum(Path file) throws IOException {
        try (CheckedInputStream bytes = new CheckedInputStream(Files.newInputStream(file), new CRC32C())) {
            bytes.transferTo(OutputStream.nullOutputStream());
            return bytes.getChecksum().getValue();
        }
    }
}
