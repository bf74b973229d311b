package dev.sweeps.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.sweeps.trainer.data.BatchOrder;
import dev.sweeps.trainer.data.Example;
import dev.sweeps.trainer.data.GlueTask;
import dev.sweeps.trainer.data.PackedBatch;
import dev.sweeps.trainer.model.EncoderConfig;
import dev.sweeps.trainer.model.Safetensors;
import dev.sweeps.trainer.model.SequenceClassifier;
import dev.sweeps.trainer.optim.AdamW;
import dev.sweeps.trainer.optim.Gradients;
import dev.sweeps.trainer.report.ProgressBar;
import dev.sweeps.trainer.report.Report;
import dev.sweeps.trainer.torch.OptimizerScript;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against PyTorch and transformers: {@code src/test/python/oracle.py}. */
class FidelityTest {
    private record Row(int[] ids, int[] types, int label, float score) {
        Example example(boolean regression) {
            int second = (int) Arrays.stream(types).filter(type -> type == 0).count();
            return new Example(ids, second, regression ? score : label);
        }
    }

    private record Training(
            String optimizer, String schedule, double[] losses, double[] norms, double[] learningRates) {}

    private record Expected(Row[] examples, float[][] logits, double loss, Training[] training) {
        List<Example> examples(boolean regression) {
            return Arrays.stream(examples).map(row -> row.example(regression)).toList();
        }
    }

    @TempDir
    private Path temporary;

    /** Where it is computed. */
    Device device() {
        return Device.cpu();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "distilbert", "bert-regression", "distilbert-regression"})
    @SuppressWarnings("try") // Autograd looks on while there is a collector.
    void logitsLossAndGradientsAreThoseOfPyTorch(String name) throws Exception {
        Path folder = folder(name);
        GlueTask task = task(name);
        Expected expected = expected(folder);
        Safetensors expectedGradients = Safetensors.read(folder.resolve("gradients.safetensors"));
        try (NDManager manager = NDManager.newBaseManager(device());
                OptimizerScript script = OptimizerScript.load();
                SequenceClassifier model = model(manager, folder, task)) {
            Gradients gradients = new Gradients(manager, script);
            NDList ours;
            PackedBatch batch = PackedBatch.of(manager, expected.examples(task.isRegression()), task.isRegression());
            try (GradientCollector watching = Engine.getInstance().newGradientCollector()) {
                NDArray logits = model.logits(batch, true);
                NDArray loss = Losses.of(task, logits, batch.labels()).mean();
                ours = model.gradients(loss);
                gradients.add(ours);
                List<Example> order = expected.examples(task.isRegression());
                for (int i = 0; i < order.size(); i++) {
                    // The batch has the longest example first.
                    int row = indexOf(batch.examples(), order.get(i).ids());
                    assertThat(logits.get(row).toFloatArray()).containsExactly(expected.logits[i], within(1e-5f));
                }
                assertThat(loss.getFloat()).isCloseTo((float) expected.loss, within(1e-6f));
            }
            AdamW optimizer = new AdamW(model.parameters(), script, AdamW.Variant.ADAMW_HF, 1e-6, 0.1);
            double norm = expected.training[0].norms[0];
            assertThat(optimizer.clip(manager, gradients, 2 * norm))
                    .as("not clipped yet")
                    .isCloseTo(norm, within(1e-5));
            List<String> parameters = List.copyOf(model.parameters().keySet());
            assertThat(parameters).containsExactlyInAnyOrderElementsOf(expectedGradients.names());
            for (int i = 0; i < parameters.size(); i++) {
                float[] theirs = floats(expectedGradients, parameters.get(i));
                assertThat(distance(ours.get(i).toFloatArray(), theirs))
                        .as(parameters.get(i))
                        .isLessThan(1e-4 * length(theirs) + 1e-7);
            }
        }
    }

    /** Losses, learning rates and in the end all weights, with weight decay, clipping and a warm-up of three steps. */
    @ParameterizedTest
    @CsvSource({
        "bert, adamw_hf, linear, auto",
        "bert, adamw_hf, linear, 3",
        "bert, adamw_torch, cosine, auto",
        "bert, adamw_hf, constant, auto",
        "distilbert, adamw_hf, linear, auto",
        "distilbert, adamw_torch, cosine, auto",
        "distilbert, adamw_hf, constant, auto",
        "bert-regression, adamw_hf, linear, auto",
        "distilbert-regression, adamw_hf, linear, auto"
    })
    void twentyStepsEndAtTheWeightsOfPyTorch(String name, String optimizer, String schedule, String microBatch)
            throws Exception {
        Path folder = folder(name);
        GlueTask task = task(name);
        Expected expected = expected(folder);
        Training training = Arrays.stream(expected.training)
                .filter(one -> one.optimizer.equals(optimizer) && one.schedule.equals(schedule))
                .findFirst()
                .orElseThrow();
        Arguments arguments = Arguments.parse(List.of(
                "--model_name_or_path=" + folder,
                "--task_name=" + task.taskName(),
                "--data_dir=none",
                "--output_dir=" + temporary,
                "--do_train",
                "--per_gpu_train_batch_size=64",
                "--micro_batch_size=" + microBatch,
                "--max_steps=20",
                "--logging_steps=1",
                "--learning_rate=0.01",
                "--weight_decay=0.1",
                "--adam_epsilon=1e-6",
                "--warmup_steps=3",
                "--optimizer=" + optimizer,
                "--lr_scheduler_type=" + schedule));
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        try (NDManager manager = NDManager.newBaseManager(device());
                OptimizerScript script = OptimizerScript.load();
                SequenceClassifier model = model(manager, folder, task)) {
            BatchOrder order = new BatchOrder(expected.examples(task.isRegression()), 64, 1, 42);
            Report report = new Report(
                    new PrintStream(lines, true, StandardCharsets.UTF_8), System.err, temporary, new ProgressBar(null));
            new Trainer(
                            arguments,
                            task,
                            manager,
                            model,
                            script,
                            new Evaluator(task, manager, model, 8),
                            report,
                            new StopSignal())
                    .train(order, TrainingLength.of(arguments, order), List.of());
            Safetensors weights = Safetensors.read(folder.resolve(optimizer + "-" + schedule + ".safetensors"));
            model.parameters().forEach((parameter, weight) -> {
                // The bias of a key adds the same to all scores of a query, which softmax takes away: its gradient is 0
                // but for the rounding, and Adam makes steps of whatever is not exactly 0.
                if (!parameter.matches(".*(key|k_lin).bias")) {
                    assertThat(weight.toFloatArray())
                            .as(parameter)
                            .containsExactly(floats(weights, parameter), within(1e-5f));
                }
            });
        }
        List<JsonObject> metrics = lines.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> new Gson().fromJson(line, JsonObject.class))
                .toList();
        assertThat(metrics).hasSize(20);
        for (int step = 0; step < 20; step++) {
            assertThat(metrics.get(step).get("loss").getAsDouble()).isCloseTo(training.losses[step], within(1e-5));
            if (step < 19) {
                assertThat(metrics.get(step).get("learning_rate").getAsDouble())
                        .isCloseTo(training.learningRates[step + 1], within(1e-9));
            }
        }
    }

    private static SequenceClassifier model(NDManager manager, Path folder, GlueTask task) {
        return SequenceClassifier.load(manager, EncoderConfig.load(folder), Safetensors.open(folder), task.outputs());
    }

    private static GlueTask task(String name) {
        return name.endsWith("regression") ? GlueTask.STSB : GlueTask.RTE;
    }

    private static Path folder(String name) throws URISyntaxException {
        return Path.of(FidelityTest.class.getResource("/reference/" + name).toURI());
    }

    private static Expected expected(Path folder) throws IOException {
        return new Gson().fromJson(Files.readString(folder.resolve("expected.json")), Expected.class);
    }

    private static int indexOf(List<Example> examples, int[] ids) {
        return IntStream.range(0, examples.size())
                .filter(i -> examples.get(i).ids() == ids
                        || Arrays.equals(examples.get(i).ids(), ids))
                .findFirst()
                .orElseThrow();
    }

    private static float[] floats(Safetensors file, String name) {
        FloatBuffer buffer = file.floats(name).asFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static double distance(float[] ours, float[] theirs) {
        assertThat(ours).hasSameSizeAs(theirs);
        return length(IntStream.range(0, ours.length)
                .mapToDouble(i -> ours[i] - theirs[i])
                .toArray());
    }

    private static double length(float[] values) {
        return length(
                IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray());
    }

    private static double length(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(value -> value * value).sum());
    }
}
