package dev.sweeps.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code make test-gpu}: what the CPU is tested for, on a GPU. */
@Tag("gpu")
class GpuTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void aGpuIsThere() {
        assertThat(Engine.getInstance().hasCapability(StandardCapabilities.CUDA))
                .as("PyTorch sees no GPU; these tests need one, with NVIDIA's driver (nvidia-smi shows it)")
                .isTrue();
    }

    @Nested
    class Fidelity extends FidelityTest {
        @Override
        Device device() {
            return Device.gpu();
        }
    }

    @Nested
    class Checkpoint extends CheckpointTest {
        @Override
        boolean gpu() {
            return true;
        }
    }

    @Test
    void itIsTakenUnlessTheCpuIsAskedForAndTrainsToTheSameLosses() throws IOException {
        List<Double> cpu = losses("device cpu()", "--no_cuda");
        List<Double> gpu = losses("device gpu(0)");
        List<Double> bf16 = losses("device gpu(0)", "--bf16");
        assertThat(gpu).hasSameSizeAs(cpu).hasSize(10);
        assertThat(bf16).hasSameSizeAs(cpu).isNotEqualTo(gpu);
        for (int i = 0; i < cpu.size(); i++) {
            assertThat(gpu.get(i)).isCloseTo(cpu.get(i), within(1e-3));
            assertThat(bf16.get(i)).isCloseTo(cpu.get(i), within(0.05));
        }
    }

    @Test
    void itsMemoryBeingFullNamesTheBatchSizeToTry() {
        EngineException failure;
        try (NDManager manager = NDManager.newBaseManager(Device.gpu())) {
            failure = catchThrowableOfType(EngineException.class, () -> manager.zeros(new Shape(1L << 20, 1L << 20)));
        }
        assertThat(TrainingException.outOfMemory(failure, 16)).get().satisfies(problem -> assertThat(problem)
                .hasMessageContaining("use --micro_batch_size 8"));
    }

    /** Of ten steps without dropout. */
    private List<Double> losses(String device, String... more) throws IOException {
        Path model = TinyModel.write(folder.resolve("model"), "bert", 0.2f);
        List<String> rows = new ArrayList<>(List.of("index\tsentence1\tsentence2\tlabel"));
        for (String first : List.of("a", "b", "c d", "d e f a")) {
            rows.add(rows.size() + "\t" + first + "\tb c\t" + (first.contains("a") ? "entailment" : "not_entailment"));
        }
        Files.write(folder.resolve("train.tsv"), rows);
        Files.write(folder.resolve("dev.tsv"), rows);
        List<String> words = new ArrayList<>(List.of(
                "--model_name_or_path=" + model,
                "--task_name=RTE",
                "--data_dir=" + folder,
                "--output_dir=" + folder.resolve("out"),
                "--overwrite_output_dir",
                "--do_train",
                "--max_seq_length=20",
                "--per_gpu_train_batch_size=4",
                "--learning_rate=1e-3",
                "--max_steps=10",
                "--logging_steps=1"));
        words.addAll(List.of(more));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExitCode code = RunGlue.run(
                words,
                Map.of("TERMINATION_LOG", folder.resolve("none").toString()),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.OK);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(device);
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .filter(line -> line.has("loss"))
                .map((JsonObject line) -> line.get("loss").getAsDouble())
                .toList();
    }
}
