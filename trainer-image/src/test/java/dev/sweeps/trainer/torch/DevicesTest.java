package dev.sweeps.trainer.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import dev.sweeps.trainer.ExitCode;
import dev.sweeps.trainer.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevicesTest {
    @TempDir
    private Path folder;

    @Test
    void theFirstGpuThatPyTorchSeesIsTakenUnlessTheCpuWasAskedFor() {
        assertThat(Devices.choose(false, true, () -> true)).isEqualTo(Device.gpu(0));
        assertThat(Devices.choose(false, false, () -> true)).isEqualTo(Device.gpu(0));
        assertThat(Devices.choose(true, true, () -> true)).isEqualTo(Device.cpu());
    }

    @Test
    void aGpuThatWasGivenAndIsNotSeenIsAnErrorAndNeverASilentRunOnTheProcessor() {
        assertThatThrownBy(() -> Devices.choose(false, true, () -> false))
                .hasMessageContaining("PyTorch does not see it; use an image with CUDA libraries")
                .hasMessageContaining("or --no_cuda")
                .extracting(problem -> ((TrainingException) problem).exitCode())
                .isEqualTo(ExitCode.NO_GPU);
        assertThat(Devices.choose(true, true, () -> false)).isEqualTo(Device.cpu());
        assertThat(Devices.choose(false, false, () -> false)).isEqualTo(Device.cpu());
    }

    @Test
    void whatTheOperatorAndTheContainerRuntimeSayOfGpusIsRead() {
        Map<String, String> given = Map.of("NVIDIA_VISIBLE_DEVICES", "GPU-1");
        if (Engine.getInstance().hasCapability(StandardCapabilities.CUDA)) {
            assertThat(Devices.choose(false, given)).isEqualTo(Device.gpu(0));
            return;
        }
        assertThatThrownBy(() -> Devices.choose(false, given)).isInstanceOf(TrainingException.class);
        assertThatThrownBy(() -> Devices.choose(false, Map.of("SWEEP_GPUS", "1")))
                .isInstanceOf(TrainingException.class);
        assertThat(Devices.choose(false, Map.of("SWEEP_GPUS", "0"))).isEqualTo(Device.cpu());
        assertThat(Devices.choose(true, given)).isEqualTo(Device.cpu());
        assertThat(Devices.choose(false, Map.of("NVIDIA_VISIBLE_DEVICES", "void")))
                .isEqualTo(Device.cpu());
        assertThat(Devices.choose(false, Map.of())).isEqualTo(Device.cpu());
    }

    @Test
    void amxIsReadFromTheFlagsOfTheProcessor() throws IOException {
        assertThat(Devices.hasAmx(write("flags\t\t: fpu avx512f avx512_bf16 amx_bf16 amx_tile\n")))
                .isTrue();
        assertThat(Devices.hasAmx(write("model name\t: amx_bf16\nflags\t\t: fpu avx512_bf16\n")))
                .isFalse();
        assertThat(Devices.hasAmx(folder.resolve("none"))).isFalse();
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("cpuinfo"), text);
    }
}
