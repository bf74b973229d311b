package dev.sweeps.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import dev.sweeps.api.v1alpha1.SweepStatus.State;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The API and the dashboard with sweeps that nobody ran, of 40 and of 10,000 trials. What takes how long is printed, and bounded nowhere:
 * machines differ.
 */
class SeededDashboardIT extends DashboardTest {
    private static final List<String> MODELS = List.of("bert", "distilbert");
    private static final int TRIALS = 10_000;

    private static final String SWEEP =
            """
            apiVersion: sweeps.dev/v1alpha1
            kind: Sweep
            metadata: {name: %s}
            spec:
              suspend: true
              method: grid
              metric: {name: eval_acc, goal: maximize}
              parameters:
                learning_rate: {values: %s}
                batch_size: {values: %s}
                model: {values: %s}
                warmup: {values: %s}
              groupBy: [model]
              template: {spec: {containers: [{name: trainer, image: "localhost/busybox:1"}]}}
              program: x
            """;

    private final Random random = new Random(42);
    private final Instant began = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final List<String> times = new CopyOnWriteArrayList<>();

    @Test
    void tenThousandTrialsAreAnsweredAndShownAndOnlyWhatChangesIsReadAgain() throws Exception {
        List<String> rates = IntStream.range(0, 100)
                .mapToObj(i -> String.format(Locale.ROOT, "%.7f", Math.pow(10, -5 + 3.0 * i / 99)))
                .toList();
        List<Integer> batches = List.of(4, 8, 12, 16, 24, 32, 48, 64, 96, 128);
        SeededSweep seeded = seed("large", rates, batches, List.of("0", "0.05", "0.1", "0.2", "0.3"), false);

        String token = token("view");
        String path = "api/v1/namespaces/" + namespace + "/sweeps/large";
        assertThat(json(path, token, "").at("/analysis/importance_method").asText())
                .isEqualTo("exact");
        assertThat(json(path, token, "/trials?limit=1000&sort=value&descending=true")
                        .at("/total")
                        .asInt())
                .isEqualTo(TRIALS);
        assertThat(json(path, token, "/trials?text=bert%20batch_size=16&limit=100")
                        .at("/total")
                        .asInt())
                .isEqualTo(TRIALS / batches.size());
        JsonNode all = json(path, token, "/changes");
        assertThat(all.at("/trials").size()).isEqualTo(TRIALS);
        assertThat(json(path, token, "/history").size()).isEqualTo(1000);
        json("api/v1/sweeps", token, "");

        Page page = openSweep("large", token);
        List<Request> requests = new CopyOnWriteArrayList<>();
        page.onRequest(requests::add);
        page.reload();
        assertThat(page.locator(".summary")).containsText("Best eval_acc: bert 0.8");
        assertThat(page.locator("sweep-chart canvas").first()).isVisible();
        times.add("page with answer and first chart " + page.evaluate("Math.round(performance.now())")
                + " ms after its address was opened");
        assertThat(page.locator(".controls [role=status]")).hasText(TRIALS + " of " + TRIALS + " trials");
        ReportPageIT.watchLongTasks(page);
        ReportPageIT.brush(page);
        assertThat(page.locator(".selection")).containsText("of 10000 trials are selected");
        times.add("brushing blocked the page for " + ReportPageIT.longestTask(page) + " ms at most");
        Browser.picture(page, "sweep-10000");

        requests.clear();
        GenericKubernetesResource changed = client.genericKubernetesResources("sweeps.dev/v1alpha1", "Trial")
                .inNamespace(namespace)
                .withName("large-0")
                .get();
        seeded.patchStatus(changed, "{\"value\": 1, \"metrics\": {\"eval_acc\": 1}}");
        // Not at once: an analysis rests for nine times its own length, which is many seconds on a busy machine.
        assertThat(page.locator(".summary")).containsText("bert 1 (");
        assertThat(requests.stream().map(Request::url).filter(url -> url.contains("/changes")))
                .isNotEmpty()
                .allMatch(url -> url.contains("?since="));
        assertThat(requests).noneMatch(request -> request.url().contains("/history"));
        assertThat(json(path, token, "/changes?since=" + all.at("/version").asText())
                        .at("/trials")
                        .size())
                .isEqualTo(1);
        assertThat(page.locator(".selection")).containsText("of 10000 trials are selected");
        page.getByRole(AriaRole.BUTTON, named("Show all")).first().click();
        assertThat(page.locator(".selection")).hasCount(0);
        browser.hasNoErrors();
        System.out.println("with " + TRIALS + " trials:");
        times.forEach(line -> System.out.println("  " + line));
    }

    @Test
    void fortyTrialsOfTheTutorialAreSeenWhateverBecameOfThem() throws Exception {
        seed("rte", List.of("0.0003", "0.0001", "0.00005", "0.00003"), List.of(8, 16, 32, 64, 128), List.of("0"), true);
        Page page = openSweep("rte", token("view"));
        assertThat(page.locator("header")).containsText("40 of 40 trials ended, 2 failed");
        assertThat(page.locator(".summary")).containsText("2 of 39 trials did not learn (1 collapsed, 1 diverged).");
        assertThat(page.locator("sweep-chart canvas")).hasCount(7);
        for (int width : List.of(Browser.WIDE, Browser.TABLET, Browser.PHONE)) {
            page.setViewportSize(width, 900);
            Browser.fitsItsWidth(page);
            Browser.isAccessible(page);
            Browser.picture(page, "sweep-40-" + width);
        }
        page.setViewportSize(Browser.WIDE, 900);
        page.getByRole(AriaRole.SEARCHBOX).fill("learning_rate>=0.0001 failed");
        assertThat(page.locator(".rows tbody tr")).hasCount(2);
        page.getByRole(AriaRole.SEARCHBOX).fill("eval_acc>0.5 model=bert");
        page.locator("tbody input").nth(0).check();
        page.locator("tbody input").nth(1).check();
        assertThat(page.locator("tr.differs")).not().hasCount(0);
        Browser.picture(page, "sweep-40-compared");
        page.getByRole(AriaRole.SEARCHBOX).fill("diverged");
        page.locator("tbody a").click();
        assertThat(page.locator("h2#reason")).hasText("Diverged");
        assertThat(page.getByLabel("message")).hasText("the loss is not a number");
        browser.hasNoErrors();
    }

    /**
     * A sweep with a finished trial for each point of its grid.
     *
     * @param everyFate whether one collapsed, one failed and one diverged, whatever its learning rate
     */
    private SeededSweep seed(
            String name, List<String> rates, List<Integer> batches, List<String> warmups, boolean everyFate)
            throws Exception {
        create(SWEEP.formatted(name, rates, batches, MODELS, warmups));
        SeededSweep seeded = new SeededSweep(client, namespace, name);
        List<String[]> trials = new ArrayList<>();
        for (String warmup : warmups) {
            for (String model : MODELS) {
                for (int batch : batches) {
                    for (String rate : rates) {
                        trials.add(trial(rate, batch, model, warmup, trials.size(), everyFate));
                    }
                }
            }
        }
        Operator.stopped(
                () -> seeded.all(trials.size(), i -> seeded.trial(name + "-" + i, trials.get(i)[0], trials.get(i)[1])));
        closeThePort();
        forwardThePort();
        awaitStatus(
                name,
                status -> status.state() == State.COMPLETE && status.trials().total() == trials.size());
        return seeded;
    }

    /** Parameters and status of a trial. One model's best learning rate is three times the other's; a large rate diverges. */
    private String[] trial(String rate, int batch, String model, String warmup, int number, boolean everyFate) {
        double distance = Math.log10(Double.parseDouble(rate)) - (model.equals("bert") ? -4.4 : -3.9);
        double accuracy =
                0.55 + 0.2 * Math.exp(-2 * distance * distance) - 0.0004 * batch + 0.02 * random.nextGaussian();
        double value = Math.rint(Math.min(1, accuracy) * 277) / 277;
        String parameters =
                "{learning_rate: %s, batch_size: %d, model: %s, warmup: %s}".formatted(rate, batch, model, warmup);
        if (everyFate && number == 4) {
            return new String[] {parameters, failed("Error", "exit code 1: no such file: train.tsv", number)};
        }
        if (everyFate && number == 5 || distance > 1.8 && random.nextInt(4) == 0) {
            return new String[] {parameters, failed("Diverged", "the loss is not a number", number)};
        }
        String history = IntStream.rangeClosed(1, 8)
                .mapToObj(i -> String.format(
                        Locale.ROOT, "{\"step\":%d,\"value\":%.4f}", 50 * i, value - 0.1 * Math.exp(-i / 2.0)))
                .reduce((one, other) -> one + "," + other)
                .orElseThrow();
        return new String[] {
            parameters,
            String.format(
                    Locale.ROOT,
                    "{\"state\":\"Succeeded\",%6$s\"value\":%1$.6f,\"metrics\":{\"eval_acc\":%1$.6f,\"eval_loss\":0.61,\"eval_samples\":277,\"step\":400},"
                            + "\"step\":400,\"attempts\":%2$d,\"node\":\"node%3$d\",\"exitCode\":0,\"history\":[%4$s],%5$s}",
                    value,
                    number % 50 == 0 ? 2 : 1,
                    number % 8,
                    history,
                    times(number),
                    everyFate && number == 3
                            ? "\"reason\":\"Collapsed\",\"message\":\"every answer is the same\","
                            : "")
        };
    }

    private String failed(String reason, String message, int number) {
        return "{\"state\":\"Failed\",\"reason\":\"%s\",\"message\":\"%s\",\"attempts\":2,\"node\":\"node%d\",%s}"
                .formatted(reason, message, number % 8, times(number));
    }

    /** Eight at a time, half a minute each. */
    private String times(int number) {
        Instant start = began.plusSeconds(2 + 30L * (number / 8));
        return "\"startTime\":\"%s\",\"completionTime\":\"%s\"".formatted(start, start.plusSeconds(25 + number % 5));
    }

    /** An answer, asked for ten times; the median of the last five is printed. */
    private JsonNode json(String path, String token, String rest) throws Exception {
        long[] took = new long[10];
        String body = "";
        for (int i = 0; i < took.length; i++) {
            long start = System.nanoTime();
            body = get(path + rest, token).body();
            took[i] = (System.nanoTime() - start) / 1_000_000;
        }
        long[] warm = Arrays.copyOfRange(took, 5, 10);
        Arrays.sort(warm);
        times.add("%s: %d ms (the first %d), %d KB"
                .formatted(
                        rest.isEmpty() ? path.replaceAll(".*/", "") : rest.replaceAll("since=.*", "since=..."),
                        warm[2],
                        took[0],
                        body.length() >> 10));
        return new ObjectMapper().readTree(body);
    }
}
