package dev.sweeps.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.sweeps.trainer.model.SafetensorsWriter;
import dev.sweeps.trainer.model.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs of tiny models on tiny data. */
class RunGlueTest {
    private static final int HIDDEN = 16;
    private static final List<String> VOCABULARY =
            List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "e", "f");

    @TempDir
    private Path folder;

    private record Run(ExitCode code, List<JsonObject> metrics, String err, String termination) {}

    /** An example is an entailment when it begins with a or b. */
    @BeforeEach
    void writeData() throws IOException {
        List<String> rows = new ArrayList<>(List.of("index\tsentence1\tsentence2\tlabel"));
        for (String first : List.of("a", "b", "c", "d")) {
            for (String second : List.of("a", "b", "c", "d")) {
                String label = "ab".contains(first) ? "entailment" : "not_entailment";
                rows.add(rows.size() + "\t" + first + "\t" + second + "\t" + label);
            }
        }
        Files.createDirectories(folder.resolve("RTE"));
        Files.write(folder.resolve("RTE/train.tsv"), rows);
        Files.write(folder.resolve("RTE/dev.tsv"), rows);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "distilbert"})
    void aTinyModelLearnsByHeart(String type) throws IOException {
        Run run = run(
                model(type, 0.2f),
                "--max_steps=120",
                "--learning_rate=0.003",
                "--logging_steps=60",
                "--evaluate_during_training");
        assertThat(run.err).doesNotContain("Exception");
        assertThat(run.code).isEqualTo(ExitCode.OK);
        assertThat(run.metrics).hasSize(3);
        assertThat(run.metrics.get(0).keySet())
                .contains("step", "epoch", "loss", "learning_rate", "eval_acc", "eval_loss");
        assertThat(run.metrics.get(2).get("eval_acc").getAsDouble()).isGreaterThan(0.9);
        assertThat(new Gson().fromJson(run.termination, JsonObject.class)).isEqualTo(run.metrics.get(2));
        assertThat(folder.resolve("out/eval_results_rte.txt")).content().contains("eval_acc = ");
    }

    @Test
    void theSameSeedGivesTheSameNumbers() throws IOException {
        Path model = model("bert", 0.2f);
        List<JsonObject> first = run(model, "--max_steps=10", "--logging_steps=1").metrics;
        assertThat(run(model, "--max_steps=10", "--logging_steps=1").metrics).isEqualTo(first);
        assertThat(run(model, "--max_steps=10", "--logging_steps=1", "--seed=1").metrics)
                .isNotEqualTo(first);
    }

    @Test
    void paddingChangesNothing() throws IOException {
        Path model = model("bert", 0.2f);
        double alone = run(model, "--per_gpu_eval_batch_size=1", "--max_steps=1")
                .metrics
                .get(0)
                .get("eval_loss")
                .getAsDouble();
        List<String> rows = new ArrayList<>(Files.readAllLines(folder.resolve("RTE/dev.tsv")));
        rows.add("99\ta b c d e f a b c d e f\ta b c\tentailment");
        Files.write(folder.resolve("RTE/dev.tsv"), rows);
        double one = run(model, "--per_gpu_eval_batch_size=1", "--max_steps=1")
                .metrics
                .get(0)
                .get("eval_loss")
                .getAsDouble();
        double many = run(model, "--per_gpu_eval_batch_size=64", "--max_steps=1")
                .metrics
                .get(0)
                .get("eval_loss")
                .getAsDouble();
        assertThat(one).isNotEqualTo(alone);
        assertThat(many).isCloseTo(one, org.assertj.core.api.Assertions.within(1e-5));
    }

    @Test
    void aLossThatIsNoNumberEndsTheRun() throws IOException {
        Run run = run(model("bert", Float.NaN), "--max_steps=10");
        assertThat(run.code).isEqualTo(ExitCode.DIVERGED);
        assertThat(run.termination)
                .contains("\"reason\":\"Diverged\"")
                .contains("the loss became NaN at step 1 with learning_rate 5.0E-5");
    }

    @Test
    void aModelThatGivesOneAnswerHasCollapsed() throws IOException {
        Run run = run(model("bert", 0), "--max_steps=1", "--learning_rate=1e-12");
        assertThat(run.metrics.get(0).get("collapsed").getAsBoolean()).isTrue();
    }

    @Test
    void tensorsThatDoNotFitAreNamed() throws IOException {
        Path model = model("bert", 0.2f);
        String config = Files.readString(model.resolve("config.json"));
        Files.writeString(
                model.resolve("config.json"), config.replace("\"intermediate_size\":32", "\"intermediate_size\":64"));
        Run run = run(model);
        assertThat(run.code).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err)
                .contains(
                        "bert.encoder.layer.0.intermediate.dense.weight has shape (32, 16) in the checkpoint and (64, 16) by config.json");
    }

    @Test
    void anOutputFolderWithFilesIsNotOverwrittenUnasked() throws IOException {
        Files.createDirectories(folder.resolve("out"));
        Files.createFile(folder.resolve("out/mine"));
        Run run = run(model("bert", 0.2f), "--overwrite_output_dir=False");
        assertThat(run.code).isEqualTo(ExitCode.USAGE);
        assertThat(run.termination).contains("is not empty; give --overwrite_output_dir or another folder");
    }

    @Test
    void aModelThatIsMissingIsTold() {
        Run run = run(folder.resolve("nowhere"));
        assertThat(run.code).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err).contains("nowhere is not a folder");
    }

    private Run run(Path model, String... more) {
        try {
            Path termination = folder.resolve("termination");
            Files.write(termination, new byte[0]);
            List<String> words = new ArrayList<>(List.of(
                    "--model_name_or_path=" + model,
                    "--task_name=RTE",
                    "--data_dir=" + folder.resolve("RTE"),
                    "--output_dir=" + folder.resolve("out"),
                    "--overwrite_output_dir",
                    "--do_train",
                    "--do_eval",
                    "--no_cuda",
                    "--max_seq_length=20"));
            words.addAll(List.of(more));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            ExitCode code = RunGlue.run(
                    words,
                    Map.of("TERMINATION_LOG", termination.toString()),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8));
            List<JsonObject> metrics = out.toString(StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> new Gson().fromJson(line, JsonObject.class))
                    .toList();
            return new Run(code, metrics, err.toString(StandardCharsets.UTF_8), Files.readString(termination));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A model of two layers with random weights of this standard deviation. */
    private Path model(String type, float deviation) throws IOException {
        boolean bert = type.equals("bert");
        Path model = Files.createDirectories(folder.resolve(type + deviation));
        Files.write(model.resolve("vocab.txt"), VOCABULARY);
        Files.writeString(
                model.resolve("config.json"),
                bert
                        ? "{\"model_type\":\"bert\",\"vocab_size\":11,\"max_position_embeddings\":32,\"type_vocab_size\":2,\"num_hidden_layers\":2,"
                                + "\"hidden_size\":16,\"num_attention_heads\":2,\"intermediate_size\":32,\"hidden_dropout_prob\":0.0,\"attention_probs_dropout_prob\":0.0}"
                        : "{\"model_type\":\"distilbert\",\"vocab_size\":11,\"max_position_embeddings\":32,\"n_layers\":2,\"dim\":16,\"n_heads\":2,"
                                + "\"hidden_dim\":32,\"dropout\":0.0,\"attention_dropout\":0.0,\"seq_classif_dropout\":0.0}");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Random random = new Random(7);
        String prefix = bert ? "bert." : "distilbert.";
        put(tensors, random, deviation, prefix + "embeddings.word_embeddings.weight", 11, HIDDEN);
        put(tensors, random, deviation, prefix + "embeddings.position_embeddings.weight", 32, HIDDEN);
        if (bert) {
            put(tensors, random, deviation, prefix + "embeddings.token_type_embeddings.weight", 2, HIDDEN);
        }
        norm(tensors, prefix + "embeddings.LayerNorm");
        for (int layer = 0; layer < 2; layer++) {
            String name = prefix + (bert ? "encoder.layer." : "transformer.layer.") + layer + ".";
            for (String square : bert
                    ? List.of(
                            "attention.self.query",
                            "attention.self.key",
                            "attention.self.value",
                            "attention.output.dense")
                    : List.of("attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin")) {
                linear(tensors, random, deviation, name + square, HIDDEN, HIDDEN);
            }
            norm(tensors, name + (bert ? "attention.output.LayerNorm" : "sa_layer_norm"));
            linear(tensors, random, deviation, name + (bert ? "intermediate.dense" : "ffn.lin1"), 32, HIDDEN);
            linear(tensors, random, deviation, name + (bert ? "output.dense" : "ffn.lin2"), HIDDEN, 32);
            norm(tensors, name + (bert ? "output.LayerNorm" : "output_layer_norm"));
        }
        SafetensorsWriter.write(model.resolve("model.safetensors"), tensors);
        return model;
    }

    private static void linear(
            Map<String, Tensor> tensors, Random random, float deviation, String name, int out, int in) {
        put(tensors, random, deviation, name + ".weight", out, in);
        tensors.put(name + ".bias", new Tensor(new long[] {out}, new float[out]));
    }

    private static void norm(Map<String, Tensor> tensors, String name) {
        float[] ones = new float[HIDDEN];
        java.util.Arrays.fill(ones, 1);
        tensors.put(name + ".weight", new Tensor(new long[] {HIDDEN}, ones));
        tensors.put(name + ".bias", new Tensor(new long[] {HIDDEN}, new float[HIDDEN]));
    }

    private static void put(
            Map<String, Tensor> tensors, Random random, float deviation, String name, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() * deviation;
        }
        tensors.put(name, new Tensor(new long[] {rows, columns}, values));
    }
}
