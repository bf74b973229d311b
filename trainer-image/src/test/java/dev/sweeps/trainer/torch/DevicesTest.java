package dev.sweeps.trainer.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeps.trainer.ExitCode;
import dev.sweeps.trainer.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On machines without a GPU. */
class DevicesTest {
    @TempDir
    private Path folder;

    @Test
    void aGpuThatWasGivenAndIsNotSeenIsAnErrorAndNeverASilentRunOnTheProcessor() {
        Map<String, String> given = Map.of("NVIDIA_VISIBLE_DEVICES", "GPU-1");
        assertThatThrownBy(() -> Devices.choose(false, given))
                .hasMessageContaining("PyTorch does not see it; use an image with CUDA libraries, or --no_cuda")
                .extracting(problem -> ((TrainingException) problem).exitCode())
                .isEqualTo(ExitCode.NO_GPU);
        assertThat(Devices.choose(true, given).isGpu()).isFalse();
        assertThat(Devices.choose(false, Map.of("NVIDIA_VISIBLE_DEVICES", "void"))
                        .isGpu())
                .isFalse();
        assertThat(Devices.choose(false, Map.of()).isGpu()).isFalse();
    }

    @Test
    void bfloat16IsReadFromTheFlagsOfTheProcessor() throws IOException {
        assertThat(Devices.computesBf16(write("flags\t\t: fpu avx512f avx512_bf16 amx_tile\n")))
                .isTrue();
        assertThat(Devices.computesBf16(write("model name\t: avx512_bf16\nflags\t\t: fpu avx2\n")))
                .isFalse();
        assertThat(Devices.computesBf16(folder.resolve("none"))).isFalse();
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("cpuinfo"), text);
    }
}
