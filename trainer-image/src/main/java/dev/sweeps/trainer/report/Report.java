package dev.sweeps.trainer.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import com.google.gson.internal.LazilyParsedNumber;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the trainer tells: a line of JSON for each set of metrics on standard output, the last one in the termination message too, where
 * Kubernetes hands it on with the exit code.
 */
public final class Report {
    /** Kubernetes keeps so many bytes of a termination message. */
    private static final int MAX_MESSAGE = 4_096;

    /** Numbers plain, as people write them: 0.00000001, where {@link BigDecimal#toString} has 1E-8. */
    private static final Gson JSON = new GsonBuilder()
            .disableHtmlEscaping()
            .registerTypeAdapter(BigDecimal.class, (JsonSerializer<BigDecimal>)
                    (number, type, context) -> new JsonPrimitive(new LazilyParsedNumber(number.toPlainString())))
            .create();

    private final PrintStream out;
    private final PrintStream err;
    private final Path terminationLog;
    private final ProgressBar bar;

    /**
     * @param err for people
     * @param terminationLog where the last word goes, if it can be written
     */
    public Report(PrintStream out, PrintStream err, Path terminationLog, ProgressBar bar) {
        this.out = out;
        this.err = err;
        this.terminationLog = terminationLog;
        this.bar = bar;
    }

    /** The metrics of a moment; not finite numbers are left out, because JSON has no word for them. */
    public static Map<String, Object> metrics(int step, double epoch) {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("step", step);
        metrics.put("epoch", rounded(epoch, 4));
        return metrics;
    }

    public static void put(Map<String, Object> metrics, String name, double value) {
        if (Double.isFinite(value)) {
            metrics.put(name, rounded(value, 10));
        }
    }

    /** The figures of an evaluation, as {@code eval_acc} and the like. */
    public static void put(Map<String, Object> metrics, Evaluation evaluation) {
        put(metrics, evaluation, "");
    }

    /**
     * @param suffix of the names, for a second dev set
     */
    public static void put(Map<String, Object> metrics, Evaluation evaluation, String suffix) {
        evaluation.metrics().forEach((name, value) -> put(metrics, "eval_" + name + suffix, value));
        put(metrics, "eval_loss" + suffix, evaluation.loss());
        metrics.put("eval_samples" + suffix, evaluation.examples());
        if (evaluation.collapsed()) {
            metrics.put("collapsed", true);
        }
    }

    /** One line on standard output. */
    public void line(Map<String, Object> metrics) {
        bar.clear();
        out.println(JSON.toJson(metrics));
        out.flush();
    }

    /** How far a training is, where somebody looks. */
    public void progress(int step, int steps, double epoch, double loss, Profile profile) {
        double rate = profile.samplesPerSecond();
        double secondsLeft = rate == 0 ? 0 : (steps - step) * profile.samplesPerStep() / rate;
        bar.show(step, steps, epoch, loss, rate, Duration.ofSeconds((long) secondsLeft));
    }

    /** A sentence for people. */
    public void say(String sentence) {
        bar.clear();
        err.println(sentence);
        err.flush();
    }

    /** A table for people, and {@code profile.json}. */
    public void profile(Path directory, Profile profile) throws IOException {
        say(profile.table().stripTrailing());
        Files.writeString(directory.resolve("profile.json"), JSON.toJson(profile.figures()) + "\n");
    }

    /** The last word, in the termination message. */
    public void end(Map<String, Object> message) {
        byte[] json = JSON.toJson(message).getBytes(StandardCharsets.UTF_8);
        if (!Files.isWritable(terminationLog)) {
            return; // Not in a Pod.
        }
        try {
            Files.write(terminationLog, json.length <= MAX_MESSAGE ? json : "{}".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            say(terminationLog + " cannot be written: " + e.getMessage());
        }
    }

    /** {@code eval_results_<task>.txt}, as run_glue writes it. */
    public static void evalResults(Path directory, String task, Evaluation evaluation) throws IOException {
        StringBuilder lines = new StringBuilder("eval_loss = " + evaluation.loss() + "\n");
        evaluation.metrics().forEach((name, value) -> lines.append("eval_" + name + " = " + value + "\n"));
        Files.writeString(directory.resolve("eval_results_" + task + ".txt"), lines);
    }

    /** A number as people write it: 0.0001, not 1.0E-4. */
    public static String plain(double value) {
        return Double.isFinite(value)
                ? new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString()
                : Double.toString(value);
    }

    private static BigDecimal rounded(double value, int digits) {
        return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).stripTrailingZeros();
    }
}
