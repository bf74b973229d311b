package dev.sweeps.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.sweeps.trainer.ExitCode;
import dev.sweeps.trainer.RunGlue;
import dev.sweeps.trainer.data.Example;
import dev.sweeps.trainer.data.PackedBatch;
import dev.sweeps.trainer.torch.TorchMemory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The real BERT-base, laid out as the Hub serves it: {@code make test-bert-base}. */
@EnabledIfEnvironmentVariable(named = "SWEEPS_BERT_BASE", matches = ".+")
class BertBaseTest {
    private static final Path MODEL = Path.of(System.getenv().getOrDefault("SWEEPS_BERT_BASE", ""));

    @TempDir
    private Path folder;

    /** Every weight of the encoder takes part in this answer, and none in another shape or place would give it. */
    @Test
    void theCapitalOfFranceIsParis() throws IOException {
        List<String> vocabulary = Files.readAllLines(MODEL.resolve("vocab.txt"));
        List<String> tokens = List.of("[CLS]", "the", "capital", "of", "france", "is", "[MASK]", ".", "[SEP]");
        long[] ids = tokens.stream().mapToLong(vocabulary::indexOf).toArray();
        Safetensors checkpoint = Safetensors.open(MODEL);
        try (NDManager manager = NDManager.newBaseManager()) {
            EncoderConfig config = EncoderConfig.load(MODEL);
            SequenceClassifier model = SequenceClassifier.load(manager, config, checkpoint, 2);
            PlainClassifier plain = new PlainClassifier(config, model.parameters());
            List<Example> sentence = List.of(
                    new Example(Arrays.stream(ids).mapToInt(id -> (int) id).toArray(), ids.length, 0));
            assertThat(model.logits(PackedBatch.of(manager, sentence, false), false)
                            .toFloatArray())
                    .containsExactly(plain.logits(manager, sentence).toFloatArray(), within(1e-5f));
            NDArray masked = plain.hiddenStates(manager, sentence).get(new NDIndex("0, " + tokens.indexOf("[MASK]")));
            String head = "cls.predictions.";
            NDArray dense = Activation.gelu(tensor(manager, checkpoint, head + "transform.dense.weight")
                    .matMul(masked)
                    .add(tensor(manager, checkpoint, head + "transform.dense.bias")));
            NDArray normed = dense.getNDArrayInternal()
                    .layerNorm(
                            dense,
                            new Shape(768),
                            tensor(manager, checkpoint, head + "transform.LayerNorm.gamma"),
                            tensor(manager, checkpoint, head + "transform.LayerNorm.beta"),
                            1e-12f)
                    .head();
            NDArray answers = tensor(manager, checkpoint, "bert.embeddings.word_embeddings.weight")
                    .matMul(normed)
                    .add(tensor(manager, checkpoint, head + "bias"))
                    .softmax(-1);
            assertThat(vocabulary.get((int) answers.argMax().getLong())).isEqualTo("paris");
            assertThat(answers.getFloat(vocabulary.indexOf("paris"))).isBetween(0.41f, 0.42f);
        }
    }

    @Test
    void itIsFineTunedForSomeSteps() throws IOException {
        List<String> rows = new ArrayList<>(List.of("index\tsentence1\tsentence2\tlabel"));
        for (int i = 0; i < 8; i++) {
            String verb = i % 2 == 0 ? "bought" : "never bought";
            rows.add(i + "\tAnna bought a piano in Oslo.\tAnna " + verb + " a piano.\t"
                    + (i % 2 == 0 ? "entailment" : "not_entailment"));
        }
        Files.write(folder.resolve("train.tsv"), rows);
        Files.write(folder.resolve("dev.tsv"), rows);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ExitCode code = RunGlue.run(
                List.of(
                        "--model_name_or_path=" + MODEL,
                        "--task_name=RTE",
                        "--data_dir=" + folder,
                        "--output_dir=" + folder.resolve("out"),
                        "--do_train",
                        "--do_eval",
                        "--no_cuda",
                        "--max_seq_length=32",
                        "--per_gpu_train_batch_size=8",
                        "--max_steps=10",
                        "--logging_steps=1",
                        "--learning_rate=5e-5"),
                Map.of("TERMINATION_LOG", folder.resolve("none").toString()),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                System.err);
        assertThat(code).isEqualTo(ExitCode.OK);
        List<Double> losses = out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> new Gson().fromJson(line, JsonObject.class))
                .filter(line -> line.has("loss"))
                .map(line -> line.get("loss").getAsDouble())
                .toList();
        assertThat(losses).hasSize(10);
        assertThat(losses.get(9)).isLessThan(losses.get(0) / 2);
    }

    private static NDArray tensor(NDManager manager, Safetensors checkpoint, String name) {
        return TorchMemory.floats(manager, checkpoint.floats(name), new Shape(checkpoint.shape(name)));
    }
}
