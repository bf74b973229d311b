package dev.sweeps.trainer.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import dev.sweeps.trainer.ExitCode;
import dev.sweeps.trainer.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Chooses the device. */
public final class Devices {
    private Devices() {}

    /** To be called before the engine is first used: PyTorch would take every core of the machine, not of the container. */
    public static void limitThreads() {
        String processors = Integer.toString(Runtime.getRuntime().availableProcessors());
        System.setProperty("ai.djl.pytorch.num_threads", processors);
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    }

    /**
     * Whether the processor has matrix units for bfloat16. With AVX512-BF16 alone PyTorch trains at two thirds of its speed in float32
     * (MiniLM-L6, batch 16), and without both in software.
     */
    public static boolean hasAmx(Path cpuinfo) {
        try (Stream<String> lines = Files.lines(cpuinfo)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .filter(flags -> flags.contains(" amx_bf16"))
                    .isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The first GPU, or the CPU where none was given or asked for.
     *
     * @param environment {@code SWEEP_GPUS} is how many the operator asked for, {@code NVIDIA_VISIBLE_DEVICES} what the container got
     * @throws TrainingException if a GPU was given and PyTorch does not see it: a silent run on the CPU would take days
     */
    public static Device choose(boolean noCuda, Map<String, String> environment) {
        boolean given = Files.exists(Path.of("/dev/nvidia0"))
                || !Set.of("", "void", "none").contains(environment.getOrDefault("NVIDIA_VISIBLE_DEVICES", "void"))
                || !Set.of("", "0").contains(environment.getOrDefault("SWEEP_GPUS", "0"));
        // Asked of PyTorch: DJL would look for libcudart.so, which a container with PyTorch's libraries need not have
        // under that name.
        return choose(noCuda, given, () -> Engine.getInstance().hasCapability(StandardCapabilities.CUDA));
    }

    /** Chooses the device from what is known. PyTorch is asked for a GPU only if it matters. */
    static Device choose(boolean noCuda, boolean given, BooleanSupplier seen) {
        if (noCuda) {
            return Device.cpu();
        }
        if (seen.getAsBoolean()) {
            return Device.gpu();
        }
        if (given) {
            throw new TrainingException(
                    ExitCode.NO_GPU,
                    "a GPU was given to this container and PyTorch does not see it; use an image with CUDA libraries (of"
                            + " sweep-trainer the tag that ends in -cuda), or --no_cuda to train on the CPU");
        }
        return Device.cpu();
    }
}
