package dev.sweeps.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that are stopped and started again end with the numbers of one that never was. */
class CheckpointTest {
    private static final int STEPS = 12;

    @TempDir
    private Path folder;

    private Path model;

    /** Whether it trains on one. */
    boolean gpu() {
        return false;
    }

    private record Run(ExitCode code, List<String> lines, String err) {}

    @BeforeEach
    void writeModelAndData() throws IOException {
        model = TinyModel.write(folder.resolve("model"), "bert", 0.2f);
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("dropout_prob\":0.0", "dropout_prob\":0.1"));
        List<String> rows = new ArrayList<>(List.of("index\tsentence1\tsentence2\tlabel"));
        for (String first : List.of("a", "b", "c", "d", "a b c")) {
            for (String second : List.of("a", "b c", "c", "d")) {
                rows.add(rows.size() + "\t" + first + "\t" + second + "\t"
                        + ("ab".contains(first) ? "entailment" : "not_entailment"));
            }
        }
        Files.write(folder.resolve("train.tsv"), rows);
        Files.write(folder.resolve("dev.tsv"), rows);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7, 11})
    void aStoppedRunGoesOnToTheSameDigits(int stopAfter) throws IOException {
        List<String> undisturbed = run(Integer.MAX_VALUE).lines;
        assertThat(undisturbed).hasSize(STEPS + 1);
        Run stopped = run(stopAfter, "--checkpoint_dir=" + folder.resolve("kept"));
        assertThat(stopped.code).isEqualTo(ExitCode.TERMINATED);
        assertThat(stopped.lines).isEqualTo(undisturbed.subList(0, stopAfter));
        Run resumed = run(Integer.MAX_VALUE, "--checkpoint_dir=" + folder.resolve("kept"));
        assertThat(resumed.code).isEqualTo(ExitCode.OK);
        assertThat(resumed.lines).isEqualTo(undisturbed.subList(stopAfter, STEPS + 1));
        assertThat(folder.resolve("kept")).as("of a run that has ended").isEmptyDirectory();
    }

    /** Its loss since the last line of metrics is not lost. */
    @Test
    void aRunThatIsStoppedBetweenTwoReportsReportsTheSameMean() throws IOException {
        List<String> undisturbed = run(Integer.MAX_VALUE, "--logging_steps=5").lines;
        run(1, "--logging_steps=5", "--save_steps=1", "--checkpoint_dir=" + folder.resolve("kept"));
        for (Path file : files()) {
            if (file.getFileName().toString().startsWith("step-000000005")) {
                Files.delete(file);
            }
        }
        assertThat(run(Integer.MAX_VALUE, "--logging_steps=5", "--checkpoint_dir=" + folder.resolve("kept")).lines)
                .as("from step 4, in the middle of the first five")
                .isEqualTo(undisturbed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "flipped", "no manifest", "torn manifest"})
    void aTornCheckpointIsNotedAndTheOneBeforeIsUsed(String how) throws IOException {
        List<String> undisturbed = run(Integer.MAX_VALUE).lines;
        run(7, "--checkpoint_dir=" + folder.resolve("kept"), "--save_steps=5");
        List<Path> files = files();
        assertThat(files)
                .extracting(file -> file.getFileName().toString())
                .containsExactly(
                        "step-000000005.json",
                        "step-000000005.safetensors",
                        "step-000000007.json",
                        "step-000000007.safetensors");
        byte[] bytes = Files.readAllBytes(files.get(3));
        switch (how) {
            case "cut" -> Files.write(files.get(3), java.util.Arrays.copyOf(bytes, bytes.length / 2));
            case "flipped" -> {
                bytes[bytes.length / 2] ^= 1;
                Files.write(files.get(3), bytes);
            }
            case "no manifest" -> Files.delete(files.get(2));
            default -> Files.writeString(files.get(2), "{\"progress\"");
        }
        Run resumed = run(Integer.MAX_VALUE, "--checkpoint_dir=" + folder.resolve("kept"), "--save_steps=5");
        assertThat(resumed.err)
                .contains("step-000000007.safetensors ")
                .contains("going on from the checkpoint before it");
        assertThat(resumed.lines).isEqualTo(undisturbed.subList(5, STEPS + 1));
    }

    @Test
    void aTornCheckpointTakesThePlaceOfNoneThatIsWhole() throws IOException {
        run(7, "--checkpoint_dir=" + folder.resolve("kept"), "--save_steps=5");
        Files.write(files().get(3), new byte[10]);
        run(1, "--checkpoint_dir=" + folder.resolve("kept"), "--save_steps=5");
        assertThat(files())
                .extracting(file -> file.getFileName().toString())
                .containsExactly(
                        "step-000000005.json",
                        "step-000000005.safetensors",
                        "step-000000006.json",
                        "step-000000006.safetensors");
    }

    @Test
    void runsOfOneSweepShareADirectory() throws IOException {
        run(3, "--checkpoint_dir=" + folder.resolve("kept"));
        assertThat(run(3, "--checkpoint_dir=" + folder.resolve("kept"), "--learning_rate=1e-4").lines)
                .hasSize(3);
        assertThat(files()).hasSize(4);
    }

    /** As two sweeps with the same trials would, or a trial on a node that was lost and still lives. */
    @Test
    void aRunWaitsForTheOtherProcessThatWorksInItsFolder() throws IOException, InterruptedException {
        List<String> undisturbed = run(Integer.MAX_VALUE).lines;
        run(4, "--checkpoint_dir=" + folder.resolve("kept"));
        Path lock = files().get(0).resolveSibling("lock");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        Path.of("target/test-classes").toString(),
                        HoldLock.class.getName(),
                        lock.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(other.getInputStream().read()).as("it holds the lock").isEqualTo('h');
        StopSignal stop = new StopSignal();
        CompletableFuture<Run> waiting = CompletableFuture.supplyAsync(
                () -> run(stop, Integer.MAX_VALUE, "--checkpoint_dir=" + folder.resolve("kept")));
        stop.request();
        Run stopped = waiting.join();
        assertThat(stopped.code).isEqualTo(ExitCode.TERMINATED);
        assertThat(stopped.lines).isEmpty();
        assertThat(stopped.err).contains("another run with the same arguments works in ");

        CompletableFuture<Run> patient = CompletableFuture.supplyAsync(
                () -> run(Integer.MAX_VALUE, "--checkpoint_dir=" + folder.resolve("kept")));
        other.getOutputStream().close();
        assertThat(other.waitFor()).isZero();
        assertThat(patient.join().lines).isEqualTo(undisturbed.subList(4, STEPS + 1));
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsTold() throws IOException {
        Files.writeString(folder.resolve("kept"), "a file");
        Run run = run(3, "--checkpoint_dir=" + folder.resolve("kept"));
        assertThat(run.code).isEqualTo(ExitCode.CHECKPOINT);
        assertThat(run.err)
                .contains("the checkpoint of step 3 cannot be written to")
                .contains("make room or mount a volume");
    }

    private List<Path> files() throws IOException {
        if (!Files.exists(folder.resolve("kept"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder.resolve("kept"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("step-"))
                    .sorted()
                    .toList();
        }
    }

    /** Runs, and asks to stop when so many lines of metrics are written. */
    private Run run(int stopAfter, String... more) {
        return run(new StopSignal(), stopAfter, more);
    }

    private Run run(StopSignal stop, int stopAfter, String... more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OutputStream watched = new OutputStream() {
            private int steps;

            @Override
            public void write(int b) {
                out.write(b);
                if (b == '\n' && ++steps == stopAfter) {
                    stop.request();
                }
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> words = new ArrayList<>(List.of(
                "--model_name_or_path=" + model,
                "--task_name=RTE",
                "--data_dir=" + folder,
                "--output_dir=" + folder.resolve("out"),
                "--overwrite_output_dir",
                "--do_train",
                "--do_eval",
                "--no_cuda=" + (gpu() ? "False" : "True"),
                "--max_seq_length=20",
                "--per_gpu_train_batch_size=6",
                "--learning_rate=1e-3",
                "--max_steps=" + STEPS,
                "--logging_steps=1"));
        words.addAll(List.of(more));
        try (stop) {
            ExitCode code = RunGlue.run(
                    words,
                    Map.of("TERMINATION_LOG", folder.resolve("none").toString()),
                    new PrintStream(watched, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    stop);
            return new Run(
                    code, out.toString(StandardCharsets.UTF_8).lines().toList(), err.toString(StandardCharsets.UTF_8));
        }
    }
}
