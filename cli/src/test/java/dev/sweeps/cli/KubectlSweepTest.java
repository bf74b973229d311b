package dev.sweeps.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubectlSweepTest {
    private static final String[] LEARNING_RATES = {"3e-5", "1e-4", "3e-4"};
    private static final String[] BATCHES = {"8", "16"};
    private static final String EVIL = "<script>alert(1)</script> | \u001b[31m";

    @TempDir
    Path directory;

    private Path runs;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeRuns() throws IOException {
        StringBuilder csv = new StringBuilder("Name,State,learning_rate,batch,model,eval_acc,eval_loss\n");
        int run = 0;
        for (String model : List.of("bert", EVIL)) {
            for (int lr = 0; lr < LEARNING_RATES.length; lr++) {
                for (String batch : BATCHES) {
                    double accuracy = model.equals("bert") ? 0.8 - 0.1 * lr : 0.5 + 0.1 * lr;
                    csv.append("run-%d,finished,%s,%s,%s,%.2f,0.6%n"
                            .formatted(run++, LEARNING_RATES[lr], batch, model, accuracy));
                }
            }
        }
        runs = Files.writeString(directory.resolve("runs.csv"), csv);
    }

    @Test
    void aLocalRunNamesItsFolderAsAShellReadsIt() throws IOException {
        Path folder = directory.resolve("my runs");
        assertThat(runLocally(folder)).isZero();
        assertThat(out.toString()).contains("kubectl sweep analyze --dir '" + folder + "'");
    }

    @Test
    void aPlaceThatIsNoFolderIsNamed() throws IOException {
        assertThat(runLocally(runs)).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("error: " + runs)
                .doesNotContain("Exception", "FileSystem")
                .endsWith("; name another folder, or correct this one\n");
        err.getBuffer().setLength(0);
        assertThat(runLocally(Path.of("/proc/no/folder"))).isEqualTo(1);
        assertThat(err).hasToString("error: /proc/no: does not exist and cannot be created; name another folder\n");
    }

    private int runLocally(Path folder) throws IOException {
        Path sweep = Files.writeString(
                directory.resolve("sweep.yaml"),
                "method: grid\nmetric: {name: acc, goal: maximize}\ncommand: [echo, acc=1]\nparameters: {a: {values: [1]}}\n");
        return KubectlSweep.run(
                new String[] {"run", "-f", sweep.toString(), "--dir", folder.toString()},
                new PrintWriter(out),
                new PrintWriter(err));
    }

    @Test
    void resultsAreATableWithTheBestFirst() {
        assertThat(run("results")).isZero();
        assertThat(out.toString().lines().toList())
                .hasSize(13)
                .element(1)
                .asString()
                .matches("run-0 +Succeeded +0.8 +8 +0.00003 +bert");
    }

    @Test
    void resultsAreCsvThatCanBeReadAgain() throws IOException {
        assertThat(run("results", "-o", "csv")).isZero();
        String csv = out.toString();
        Files.writeString(runs, csv);
        out.getBuffer().setLength(0);
        assertThat(run("results", "-o", "csv")).isZero();
        assertThat(out).hasToString(csv);
        assertThat(csv)
                .startsWith("trial,batch,learning_rate,model,state,reason,eval_acc,eval_loss,eval_samples,step,");
    }

    @Test
    void resultsAreJsonWithParametersAndMetrics() throws IOException {
        assertThat(run("results", "-o", "json")).isZero();
        JsonNode rows = new ObjectMapper().readTree(out.toString());
        assertThat(rows).hasSize(12);
        assertThat(rows.get(0).at("/parameters/learning_rate").decimalValue()).isEqualByComparingTo("0.00003");
        assertThat(out.toString()).contains("\"learning_rate\" : 0.00003");
    }

    @Test
    void theAnswerIsTextForATerminal() {
        assertThat(run("analyze")).isZero();
        assertThat(out.toString())
                .contains(
                        "hyperparameters differ beyond noise",
                        "HYPERPARAMETER",
                        "█",
                        "73 %",
                        "bert loses 0.2 ± 0.19 with learning_rate=0.0003 instead")
                .doesNotContain("\u001b");
    }

    @Test
    void theAnswerIsJsonWithTheNamesThatScriptsRead() throws IOException {
        assertThat(run("analyze", "-o", "json")).isZero();
        JsonNode analysis = new ObjectMapper().readTree(out.toString());
        assertThat(analysis.at("/best/trial").textValue()).isEqualTo("run-0");
        assertThat(analysis.get("groups")).hasSize(2);
        assertThat(analysis.at("/importance/0/parameters")).hasSize(2);
        assertThat(analysis.at("/importance/0/share").isNumber()).isTrue();
        assertThat(analysis.get("noise_share").isNumber()).isTrue();
        assertThat(analysis.get("summary").textValue()).startsWith("Best eval_acc");
    }

    @Test
    void theReportIsOneFileThatFetchesNothingAndRunsNoTextOfTheUsers() throws IOException {
        Path report = directory.resolve("new/rte.html");
        assertThat(run("report", "-o", report.toString())).isZero();
        String html = Files.readString(report);
        assertThat(html.replace("<link rel=\"icon\" href=\"data:,\">", ""))
                .doesNotContain("<script>alert", "src=\"", "<link")
                .contains("default-src 'none'", "\\u003cscript>alert(1)");
        Matcher policy = Pattern.compile("script-src '(sha256-[^']+)'").matcher(html);
        assertThat(policy.find()).isTrue();
        assertThat(html).doesNotContain("unsafe-inline", "unsafe-eval");
    }

    @Test
    void theReportIsMarkdownWithPicturesOfEachChart() throws IOException {
        Path report = directory.resolve("rte.md");
        Path charts = directory.resolve("charts");
        assertThat(run("report", "-o", report.toString(), "--charts", charts.toString()))
                .isZero();
        assertThat(Files.readString(report))
                .contains("# runs", "| bert | 0.8 |", "![", "](charts/parallel-coordinates.svg)", "&lt;script>")
                .doesNotContain("<script");
        try (Stream<Path> files = Files.list(charts)) {
            List<Path> pictures =
                    files.filter(file -> file.toString().endsWith(".png")).toList();
            assertThat(pictures).hasSizeGreaterThanOrEqualTo(6);
            for (Path picture : pictures) {
                assertThat(ImageIO.read(picture.toFile()).getWidth())
                        .as(picture.toString())
                        .isEqualTo(1800);
                assertThat(Path.of(picture.toString().replace(".png", ".svg"))).isNotEmptyFile();
            }
        }
    }

    @Test
    void theReportSaysWhatThreeParametersDoTogether() throws IOException {
        Files.writeString(
                runs,
                Files.readString(runs).replace("run-0,finished,3e-5,8,bert,0.80", "run-0,finished,3e-5,8,bert,0"));
        Path report = directory.resolve("rte.md");
        assertThat(run("report", "-o", report.toString())).isZero();
        assertThat(Files.readString(report)).containsPattern("\\| three and more together \\| \\d");
    }

    @Test
    void aPairOfValuesWithoutAResultSaysWhyInTheHeatMap() throws IOException {
        Files.writeString(
                runs,
                Files.readString(runs).replace("run-0,finished,3e-5,8,bert,0.80", "run-0,crashed,3e-5,8,bert,NaN"));
        assertThat(run("report", "--charts", directory.toString())).isZero();
        assertThat(Files.readString(directory.resolve("heat-map.svg"))).contains(">diverged<", ">0.7<");
        assertThat(Files.readString(directory.resolve("heat-map-2.svg"))).doesNotContain(">diverged<");
    }

    @Test
    void whatIsMisusedIsSaidInASentenceAndNotInAScreen() {
        assertThat(misused("list"))
                .isEqualTo(
                        "error: unknown command list; the commands are plan, run, import, watch, results, analyze, report,"
                                + " logs, retry, suspend, resume, stop, cancel\n"
                                + "See 'kubectl sweep --help'.\n");
        assertThat(misused("analyze", "-A"))
                .isEqualTo("error: unknown option: '-A'\nSee 'kubectl sweep analyze --help'.\n");
        assertThat(misused("results", "-o", "wide", "rte"))
                .isEqualTo("error: invalid value for option '--output': expected one of [TABLE, CSV, JSON]"
                        + " (case-insensitive) but was 'wide'\nSee 'kubectl sweep results --help'.\n");
        assertThat(misused("watch"))
                .isEqualTo("error: missing required parameter: 'SWEEP'\nSee 'kubectl sweep watch --help'.\n");
    }

    @Test
    void aTableWithoutItsMetricIsToldItsColumns() {
        assertThat(KubectlSweep.run(
                        new String[] {"analyze", "-f", runs.toString()}, new PrintWriter(out), new PrintWriter(err)))
                .isEqualTo(1);
        assertThat(err)
                .hasToString(
                        "error: " + runs + ": --metric: say which column is the metric; the columns are Name, State,"
                                + " learning_rate, batch, model, eval_acc, eval_loss\n");
    }

    @Test
    void anAccuracyThatIsMinimizedIsAskedAbout() {
        String[] words = {"analyze", "-f", runs.toString(), "--metric", "eval_acc"};
        assertThat(KubectlSweep.run(words, new PrintWriter(out), new PrintWriter(err)))
                .isZero();
        assertThat(err)
                .hasToString("note: " + runs
                        + ": read as an export of Weights & Biases; hyperparameters: learning_rate, batch, model"
                        + " (--parameters and --ignore change this); 12 of 12 runs are ranked\n"
                        + "note: " + runs
                        + ": the smallest eval_acc counts as the best; if more is better, add --goal maximize\n");
    }

    private String misused(String... words) {
        err.getBuffer().setLength(0);
        assertThat(KubectlSweep.run(words, new PrintWriter(out), new PrintWriter(err)))
                .isEqualTo(2);
        return err.toString();
    }

    @Test
    void wordsAreCompleted() {
        KubectlSweep.run(new String[] {"__complete", "re"}, new PrintWriter(out), new PrintWriter(err));
        assertThat(out.toString().lines()).containsExactly("report", "results", "resume", "retry", ":4");
    }

    private int run(String command, String... more) {
        List<String> words = new ArrayList<>(List.of(
                command,
                "-f",
                runs.toString(),
                "--metric",
                "eval_acc",
                "--goal",
                "maximize",
                "--group-by",
                "model",
                "--eval-samples",
                "100"));
        words.addAll(List.of(more));
        return KubectlSweep.run(words.toArray(String[]::new), new PrintWriter(out), new PrintWriter(err));
    }
}
