package dev.sweeps.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs of tiny models on tiny data. */
class RunGlueTest {
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
                .contains("step", "epoch", "loss", "learning_rate", "eval_acc", "eval_loss", "eval_samples");
        assertThat(run.metrics.get(2).get("eval_acc").getAsDouble()).isGreaterThan(0.9);
        assertThat(new Gson().fromJson(run.termination, JsonObject.class)).isEqualTo(run.metrics.get(2));
        assertThat(folder.resolve("out/eval_results_rte.txt")).content().contains("eval_acc = ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "distilbert"})
    void aSavedModelGivesTheSameFigures(String type) throws IOException {
        Path saved = folder.resolve("saved");
        Run trained = run(
                model(type, 0.2f), "--max_steps=20", "--learning_rate=0.003", "--save_model", "--output_dir=" + saved);
        assertThat(trained.err).doesNotContain("Exception");
        JsonObject config = new Gson().fromJson(Files.readString(saved.resolve("config.json")), JsonObject.class);
        assertThat(config.getAsJsonObject("id2label").get("1").getAsString()).isEqualTo("not_entailment");
        JsonObject again = run(saved, "--do_train=False", "--output_dir=" + folder.resolve("again"))
                .metrics
                .get(0);
        for (String figure : List.of("eval_acc", "eval_loss")) {
            assertThat(again.get(figure)).isEqualTo(trained.metrics.get(0).get(figure));
        }
    }

    @Test
    void theProfileSaysWhereTheTimeWent() throws IOException {
        Run run = run(model("bert", 0.2f), "--max_steps=10", "--profile");
        assertThat(run.err).contains("7 steps after the first 3: ", "  forward ", "  backward ", "  optimizer ");
        JsonObject profile =
                new Gson().fromJson(Files.readString(folder.resolve("out/profile.json")), JsonObject.class);
        assertThat(profile.get("samples_per_second").getAsDouble()).isPositive();
        assertThat(profile.get("gflops").getAsDouble()).isPositive();
        assertThat(profile.get("start_to_first_step_s").getAsDouble()).isPositive();
    }

    @Test
    void theSameSeedGivesTheSameNumbers() throws IOException {
        Path model = model("bert", 0.2f);
        List<JsonObject> first = run(model, "--max_steps=10", "--logging_steps=1").metrics;
        assertThat(run(model, "--max_steps=10", "--logging_steps=1").metrics).isEqualTo(first);
        assertThat(run(model, "--max_steps=10", "--logging_steps=1", "--seed=1").metrics)
                .isNotEqualTo(first);
    }

    /** The order of the data, dropout and new weights follow from the seed alone, whatever the garbage collector does meanwhile. */
    @Test
    void aWholeTrainingWithDropoutGivesTheSameDigitsTwice() throws IOException {
        Path model = model("bert", 0.2f);
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("dropout_prob\":0.0", "dropout_prob\":0.1"));
        String[] words = {
            "--num_train_epochs=4", "--per_gpu_train_batch_size=2", "--logging_steps=1", "--learning_rate=1e-3"
        };
        List<JsonObject> first = run(model, words).metrics;
        assertThat(first).hasSize(4 * 8 + 1);
        try (GarbageCollections collections = GarbageCollections.start()) {
            assertThat(run(model, words).metrics).isEqualTo(first);
            assertThat(collections.count()).isPositive();
        }
    }

    /** Trainer.train of transformers 2.9: int(len(loader) * epochs) steps are scheduled, and range(int(epochs)) is trained. */
    @ParameterizedTest
    @CsvSource({"1, 8, 0", "2.5, 16, 0.00001", "3, 24, 0"})
    void wholeEpochsAreTrained(String epochs, int steps, String learningRateAtTheEnd) throws IOException {
        List<JsonObject> metrics = run(
                        model("bert", 0.2f),
                        "--num_train_epochs=" + epochs,
                        "--per_gpu_train_batch_size=2",
                        "--logging_steps=8")
                .metrics;
        JsonObject last = metrics.get(metrics.size() - 1);
        assertThat(last.get("step").getAsInt()).isEqualTo(steps);
        assertThat(last.get("epoch").getAsBigDecimal()).isEqualByComparingTo(BigDecimal.valueOf(steps / 8));
        assertThat(metrics.get(metrics.size() - 2).get("learning_rate").getAsString())
                .isEqualTo(learningRateAtTheEnd);
    }

    @Test
    void lessThanAnEpochIsRefusedWithTheStepsToAskFor() throws IOException {
        Run run = run(model("bert", 0.2f), "--num_train_epochs=0.5", "--per_gpu_train_batch_size=2");
        assertThat(run.code).isEqualTo(ExitCode.USAGE);
        assertThat(run.termination)
                .contains(
                        "--num_train_epochs is 0.5, and run_glue trains whole epochs only; use 1 or more, or --max_steps 4");
    }

    @Test
    void theEpochIsTrueWhenStepsAreLimited() throws IOException {
        List<JsonObject> metrics = run(model("bert", 0.2f), "--max_steps=4", "--per_gpu_train_batch_size=2").metrics;
        assertThat(metrics.get(0).get("epoch").getAsString()).isEqualTo("0.5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"hidden_size\":16 | \"hidden_size\":16,\"hidden_act\":\"gelu_new\" | hidden_act is \"gelu_new\"; this trainer computes gelu and relu",
                "\"hidden_size\":16 | \"hidden_size\":16,\"position_embedding_type\":\"relative_key\" | position_embedding_type is \"relative_key\"; this trainer computes only \"absolute\"",
                "\"hidden_size\":16 | \"hidden_size\":16,\"is_decoder\":true | is_decoder is true; this trainer computes only false",
                "\"hidden_size\":16 | \"hidden_size\":16,\"layer_norm_eps\":0 | layer_norm_eps is 0; it has to be a number above 0",
                "\"num_attention_heads\":2 | \"num_attention_heads\":3 | num_attention_heads is 3; the hidden size, 16, is no multiple of it",
                "\"num_attention_heads\":2 | \"num_attention_heads\":0 | num_attention_heads is 0; it has to be a whole number of 1 or more",
                "\"model_type\":\"bert\" | \"model_type\":\"roberta\" | model_type is \"roberta\"; this trainer fine-tunes bert and distilbert",
                "\"vocab_size\":11, | '' | vocab_size is missing",
                "{ | '' | is not JSON"
            })
    void aConfigurationThatIsNotComputedIsRefusedWithItsField(String part, String instead, String sentence)
            throws IOException {
        Path model = model("bert", 0.2f);
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace(part, instead));
        Run run = run(model);
        assertThat(run.code).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err).contains(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"hidden_act\":\"relu\"", "\"layer_norm_eps\":0.1"})
    void whatTheConfigurationSaysChangesTheNumbers(String field) throws IOException {
        Path model = model("bert", 0.2f);
        JsonObject before = run(model, "--max_steps=1").metrics.get(0);
        Path config = model.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("\"hidden_size\":16", "\"hidden_size\":16," + field));
        assertThat(run(model, "--max_steps=1").metrics.get(0)).isNotEqualTo(before);
    }

    @Test
    void anErrorEndsInTheTerminationMessageToo() throws IOException {
        Path model = model("bert", 0.2f);
        PrintStream out = new PrintStream(new ByteArrayOutputStream()) {
            @Override
            public void println(String line) {
                throw new OutOfMemoryError("Java heap space");
            }
        };
        Run run = run(out, model, "--max_steps=1");
        assertThat(run.code).isEqualTo(ExitCode.OUT_OF_MEMORY);
        assertThat(run.termination)
                .containsPattern("Java's heap of [0-9]+ MB is full \\(Java heap space\\); train on fewer rows");
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
                .contains(
                        "the loss became NaN at step 1 with learning_rate 0.00005; the loss was not known the step before, and the largest"
                                + " gradient is that of bert.embeddings.word_embeddings.weight; use a smaller --learning_rate");
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
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Run run = run(new PrintStream(out, true, StandardCharsets.UTF_8), model, more);
        List<JsonObject> metrics = out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> new Gson().fromJson(line, JsonObject.class))
                .toList();
        return new Run(run.code, metrics, run.err, run.termination);
    }

    private Run run(PrintStream out, Path model, String... more) {
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
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            ExitCode code = RunGlue.run(
                    words,
                    Map.of("TERMINATION_LOG", termination.toString()),
                    out,
                    new PrintStream(err, true, StandardCharsets.UTF_8));
            return new Run(code, List.of(), err.toString(StandardCharsets.UTF_8), Files.readString(termination));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path model(String type, float deviation) throws IOException {
        return TinyModel.write(folder.resolve(type + deviation), type, deviation);
    }
}
