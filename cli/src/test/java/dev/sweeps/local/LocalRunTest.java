package dev.sweeps.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.file.SweepFile;
import dev.sweeps.results.SweepResults;
import dev.sweeps.results.TrialRow;
import dev.sweeps.search.Search;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps of small shell programs. */
class LocalRunTest {
    @TempDir
    private Path scratch;

    /** The script sees the parameters a and b; {@code $COUNT} is a file to write a line to. */
    private String yaml(String script, String lines) {
        return """
                method: grid
                metric: {name: acc, goal: maximize}
                parameters: {a: {values: [1, 2]}, b: {values: [1, 2, 3]}}
                command: [sh, -c, '%s']
                %s
                """
                .formatted(script.replace("$COUNT", scratch.resolve("count").toString()), lines);
    }

    private SweepResults run(String yaml, int parallel) throws IOException, InterruptedException {
        return run(yaml, parallel, Optional.empty());
    }

    private SweepResults run(String yaml, int parallel, Optional<String> timeout)
            throws IOException, InterruptedException {
        ObjectNode manifest = SweepFile.read(yaml, "local").manifest();
        ((ObjectNode) manifest.get("spec")).put("parallelism", parallel);
        timeout.ifPresent(text -> ((ObjectNode) manifest.get("spec")).put("trialTimeout", text));
        Sweep sweep = Serialization.unmarshal(manifest.toString(), Sweep.class);
        return new LocalRun(
                        new RunFolder(scratch.resolve("out")),
                        sweep,
                        Search.of(sweep.getSpec()),
                        Clock.systemUTC(),
                        progress -> {})
                .run();
    }

    private List<String> counted() throws IOException {
        return Files.readAllLines(scratch.resolve("count"));
    }

    private static Map<String, Long> states(SweepResults results) {
        return results.trials().stream().collect(Collectors.groupingBy(TrialRow::state, Collectors.counting()));
    }

    /** wandb reads the file, and prints the summary. */
    @Test
    void aProgramThatCallsWandbFindsItsParametersAndItsSummaryIsRead() throws IOException, InterruptedException {
        SweepResults results = run(
                yaml(
                        "cat $WANDB_SWEEP_PARAM_PATH >> $COUNT; echo wandb: Run summary:; echo \"wandb:   acc 0.5$SWEEP_PARAM_B\"",
                        ""),
                1);
        assertThat(counted().get(0)).isEqualTo("{\"wandb_version\":1,\"a\":{\"value\":1},\"b\":{\"value\":1}}");
        assertThat(results.trials())
                .extracting(row -> row.value().toPlainString())
                .containsExactly("0.51", "0.52", "0.53", "0.51", "0.52", "0.53");
    }

    @Test
    void everyPointIsRunAndItsResultKept() throws IOException, InterruptedException {
        SweepResults results = run(yaml("echo acc=0.$SWEEP_PARAM_A$SWEEP_PARAM_B", ""), 3);
        assertThat(results.state()).isEqualTo("Complete");
        assertThat(results.trials())
                .extracting(row -> row.value().toPlainString())
                .containsExactly("0.11", "0.12", "0.13", "0.21", "0.22", "0.23");
        RunFolder folder = new RunFolder(scratch.resolve("out"));
        assertThat(folder.trials()).hasSize(6).allMatch(Trial::hasEnded);
        assertThat(folder.sweep().orElseThrow().getStatus().state().word()).isEqualTo("Complete");
        assertThat(Files.readString(folder.log(folder.trials().get(0)))).startsWith("acc=0.");
    }

    @Test
    void aSecondRunRunsOnlyWhatIsNew() throws IOException, InterruptedException {
        String yaml = yaml("echo x >> $COUNT; echo acc=0.5", "");
        run(yaml, 2);
        run(yaml, 2);
        assertThat(counted()).hasSize(6);
        assertThat(run(yaml.replace("[1, 2, 3]", "[1, 2, 3, 4]"), 2).trials()).hasSize(8);
        assertThat(counted()).hasSize(8);
    }

    /** The run is ended without warning while two trials run; their programs are left behind, and are ended by the next run. */
    @Test
    void aRunThatWasKilledIsTakenUp() throws IOException, InterruptedException {
        String yaml =
                yaml("echo $$ >> $COUNT; sleep 1; [ -e " + scratch.resolve("go") + " ] || sleep 60; echo acc=0.5", "");
        Path file = scratch.resolve("sweep.yaml");
        Files.writeString(file, yaml);
        Process runner = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.sweeps.cli.KubectlSweep",
                        "run",
                        "-f",
                        file.toString(),
                        "--parallel",
                        "2",
                        "--dir",
                        scratch.resolve("out").toString())
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("runner.log").toFile())
                .start();
        while (!Files.exists(scratch.resolve("count")) || counted().size() < 2) {
            assertThat(runner.isAlive())
                    .as(Files.readString(scratch.resolve("runner.log")))
                    .isTrue();
            Thread.sleep(50);
        }
        runner.destroyForcibly().waitFor();
        List<Long> left = counted().stream().map(Long::parseLong).toList();
        assertThat(left).allMatch(pid -> ProcessHandle.of(pid).isPresent());
        Files.createFile(scratch.resolve("go"));
        SweepResults results = run(yaml, 3);
        assertThat(states(results)).isEqualTo(Map.of("Succeeded", 6L));
        assertThat(left)
                .noneMatch(pid ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent());
        assertThat(counted()).hasSize(8);
    }

    @Test
    void aProgramThatFailsIsTriedAgainAndTellsItsLastLines() throws IOException, InterruptedException {
        SweepResults results = run(yaml("echo x >> $COUNT; echo what went wrong; exit 3", ""), 2);
        assertThat(results.state()).isEqualTo("Failed");
        assertThat(counted()).hasSize(12);
        assertThat(results.trials()).allSatisfy(row -> {
            assertThat(row.message()).isEqualTo("exit code 3: what went wrong");
            assertThat(row.attempts()).isEqualTo(2);
            assertThat(row.exitCode()).isEqualTo(3);
        });
    }

    @Test
    void aTrialWithoutTheMetricHasFailed() throws IOException, InterruptedException {
        SweepResults results = run(yaml("echo loss=1", ""), 6);
        assertThat(results.trials()).extracting(TrialRow::reason).containsOnly("MetricMissing");
    }

    @Test
    void aPoorTrialIsStoppedAndKeepsItsValue() throws IOException, InterruptedException {
        String script = "[ $SWEEP_PARAM_B = 1 ] && sleep 2; for i in 1 2 3; do echo step=$i acc=0.$SWEEP_PARAM_B; done;"
                + " [ $SWEEP_PARAM_B = 1 ] && sleep 60; true";
        SweepResults results = run(yaml(script, "early_terminate: {type: hyperband, min_iter: 2, eta: 2}"), 6);
        assertThat(states(results)).isEqualTo(Map.of("Succeeded", 4L, "Stopped", 2L));
        assertThat(results.trials().stream().filter(row -> row.state().equals(State.STOPPED.word())))
                .allSatisfy(row -> {
                    assertThat(row.value()).isEqualByComparingTo("0.1");
                    assertThat(row.reason()).isEqualTo("Hyperband");
                });
    }

    @Test
    void afterATrialThatWasStoppedTheNextOneRuns() throws IOException, InterruptedException {
        // Of one at a time, b=1 is the third to report, and worse than half of them.
        String script = "echo step=1 acc=0.$SWEEP_PARAM_B; [ $SWEEP_PARAM_B = 1 ] && sleep 60; true";
        SweepResults results = run(
                yaml(script, "early_terminate: {type: hyperband, min_iter: 1, eta: 2}")
                        .replace("[1, 2, 3]", "[3, 2, 1]"),
                1);
        assertThat(states(results)).isEqualTo(Map.of("Succeeded", 4L, "Stopped", 2L));
    }

    @Test
    void aTrialThatRunsTooLongIsEnded() throws IOException, InterruptedException {
        SweepResults results = run(yaml("echo acc=0.1; sleep 60", ""), 6, Optional.of("1s"));
        assertThat(results.trials()).extracting(TrialRow::reason).containsOnly("DeadlineExceeded");
    }

    @Test
    void itEndsAtItsTarget() throws IOException, InterruptedException {
        SweepResults results = run(
                yaml("echo acc=0.$SWEEP_PARAM_A$SWEEP_PARAM_B", "")
                        .replace("goal: maximize", "goal: maximize, target: 0.12"),
                1);
        assertThat(results.state()).isEqualTo("Complete");
        assertThat(results.trials()).hasSize(2);
    }

    @Test
    void resultsOfTwoProgramsAreNotMixed() throws IOException, InterruptedException {
        run(yaml("echo acc=0.1", ""), 6);
        assertThatThrownBy(() -> run(yaml("echo acc=0.2", ""), 6))
                .isInstanceOf(LocalRunException.class)
                .hasMessageContaining("holds results of this sweep with another command");
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> run(yaml("x", "").replace("[sh, -c, 'x']", "[no-such-program]"), 1))
                .isInstanceOf(LocalRunException.class)
                .hasMessageStartingWith("command: no-such-program cannot be started here");
    }

    @Test
    void aProgramFileThatIsNotHereIsNamedBeforeAnythingRuns() throws IOException {
        String yaml = yaml("x", "").replace("command: [sh, -c, 'x']", "program: no/train.py");
        assertThatThrownBy(() -> run(yaml, 1))
                .isInstanceOf(LocalRunException.class)
                .hasMessageStartingWith("program: there is no no/train.py in /")
                .hasMessageEndingWith("; change to the folder that has it, or correct program");
        assertThat(new RunFolder(scratch.resolve("out")).trials()).isEmpty();
    }

    /** Skipped if the default trainer is installed on this machine. */
    @Test
    void withoutAProgramTheDefaultTrainerIsMeant() {
        assumeThat(Stream.of(System.getenv("PATH").split(File.pathSeparator)))
                .noneMatch(folder -> Files.exists(Path.of(folder, "run_glue")));
        assertThatThrownBy(() -> run(yaml("x", "").replace("command: [sh, -c, 'x']", ""), 1))
                .isInstanceOf(LocalRunException.class)
                .hasMessage(
                        "program: is not named, and the default trainer is not in the PATH; name the program of yours, or"
                                + " install the trainer with make install-trainer");
    }

    @Test
    void parametersArriveAsArgumentsAndAsAFile() throws IOException, InterruptedException {
        String yaml = yaml("x", "")
                .replace(
                        "command: [sh, -c, 'x']",
                        "program: my prog\ncommand: [sh, -c, 'cat \"$1\"; echo; for w; do echo \"word $w\"; done; echo acc=1', \"${program}\", \"${args_json_file}\", \"${args}\", \"at ${envvar:NOT_SET}!\"]")
                .replace(
                        "a: {values: [1, 2]}, b: {values: [1, 2, 3]}",
                        "t: {value: \"it's $HOME\"}, l: {value: [1, null]}");
        run(yaml, 1);
        RunFolder folder = new RunFolder(scratch.resolve("out"));
        assertThat(Files.readAllLines(folder.log(folder.trials().get(0))))
                .contains(
                        "{\"l\": [1, null], \"t\": \"it's $HOME\"}",
                        "word --l=[1, None]",
                        "word --t=it's $HOME",
                        "word at NOT_SET!");
    }

    /** A data loader that the program forgot, or a launcher's worker: it would hold the GPU. */
    @Test
    void workersThatOutliveTheirProgramAreEnded() throws IOException, InterruptedException {
        run(yaml("(setsid sleep 1234 > /dev/null 2>&1 & echo $! >> $COUNT); echo acc=0.5", ""), 2);
        assertThat(counted()).hasSize(6).allSatisfy(pid -> assertThat(
                        ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive))
                .isEmpty());
    }

    @Test
    void tornAndForeignFilesAreNamedAndTheirPointsRunAgain() throws IOException, InterruptedException {
        String yaml = yaml("echo run >> $COUNT; echo acc=0.$SWEEP_PARAM_B", "");
        run(yaml, 2);
        RunFolder folder = new RunFolder(scratch.resolve("out"));
        List<Trial> trials = folder.trials();
        Path torn = scratch.resolve("out/trials")
                .resolve(trials.get(0).getMetadata().getName() + ".json");
        String whole = Files.readString(torn);
        Files.writeString(torn, whole.substring(0, whole.length() / 2));
        Path foreign = Files.writeString(scratch.resolve("out/trials/notes.json"), "[1, 2]");
        Path other = Files.writeString(
                scratch.resolve("out/trials/other.json"), "{\"kind\": \"ConfigMap\", \"apiVersion\": \"v1\"}");
        Path bytes = Files.write(scratch.resolve("out/trials/bytes.json"), new byte[] {(byte) 0xFF, 0, 1});
        Files.createDirectory(scratch.resolve("out/trials/folder.json"));
        RunFolder again = new RunFolder(scratch.resolve("out"));
        assertThat(again.trials()).hasSize(5);
        assertThat(again.unreadable()).contains(torn, foreign, bytes).containsAnyOf(other);
        assertThat(run(yaml, 2).trials()).hasSize(6);
        assertThat(counted()).hasSize(7);
    }

    @Test
    void aSweepFileThatIsTornIsNamed() throws IOException, InterruptedException {
        String yaml = yaml("echo acc=0.5", "");
        run(yaml, 2);
        Files.writeString(scratch.resolve("out/sweep.json"), "{\"spec\": {");
        assertThatThrownBy(() -> run(yaml, 2))
                .isInstanceOf(LocalRunException.class)
                .hasMessageContaining("out/sweep.json cannot be read");
    }

    @Test
    void foldersMayHaveAnyName() throws IOException, InterruptedException {
        Path odd = scratch.resolve("run-it's \u4e2d \"x\" $HOME");
        ObjectNode manifest =
                SweepFile.read(yaml("echo acc=0.5", ""), "run-all.wandb").manifest();
        Sweep sweep = Serialization.unmarshal(manifest.toString(), Sweep.class);
        SweepResults results = new LocalRun(
                        new RunFolder(odd), sweep, Search.of(sweep.getSpec()), Clock.systemUTC(), progress -> {})
                .run();
        assertThat(states(results)).containsEntry(State.SUCCEEDED.word(), 6L);
        assertThat(new RunFolder(odd).trials()).hasSize(6);
    }

    @Test
    void eachTrialHasAFolderOfItsOwnByItsName() throws IOException, InterruptedException {
        String yaml =
                yaml("mkdir \"$1\" && echo acc=0.5", "").replace("]\n", "]\n").replace("', ", "', ");
        run(yaml.replaceFirst("(command: \\[sh, -c, '[^']*')]", "$1, sh, \"" + scratch + "/\\${trial}\"]"), 3);
        assertThat(Files.list(scratch)
                        .filter(path -> path.getFileName().toString().startsWith("local-")))
                .hasSize(6);
    }
}
