package dev.sweeps.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of {@code kubectl sweep report -o NAME.html}, opened from its file: no cluster, no network. */
class ReportPageIT {
    private static final String PARALLEL = "#parallel-coordinates sweep-chart";

    @TempDir
    Path directory;

    private Browser browser;

    @BeforeEach
    void openBrowser() {
        browser = new Browser();
    }

    @AfterEach
    void closeBrowser() {
        browser.close();
    }

    @Test
    void fortyTrialsAreSelectedComparedAndOpened() throws IOException {
        Page page = open(40);
        assertThat(page.locator("tbody tr")).not().hasCount(0);
        Browser.isAccessible(page);
        brush(page);
        assertThat(page.locator(".selection")).containsText("of 40 trials are selected");
        Browser.picture(page, "report-brushed");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Show all"))
                .first()
                .click();
        assertThat(page.locator(".selection")).hasCount(0);
        // The batch sizes 64 and 128, of what the first brush selected and of the rest: the first one is gone from the
        // chart too.
        brush(page, 60);
        assertThat(page.locator(".selection")).containsText("8 of 40 trials are selected");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Show all"))
                .first()
                .click();
        page.getByRole(AriaRole.SEARCHBOX).fill("learning_rate>=1e-4 batch<16 model=bert");
        assertThat(page.locator(".controls [role=status]")).hasText("2 of 40 trials");
        page.getByRole(AriaRole.SEARCHBOX).fill("model=bert");
        assertThat(page.locator(".controls [role=status]")).hasText("20 of 40 trials");
        page.locator("tbody input").nth(0).check();
        page.locator("tbody input").nth(1).check();
        assertThat(page.locator("tr.differs")).not().hasCount(0);
        Browser.isAccessible(page);
        page.locator("tbody a").first().click();
        assertThat(page.locator("h1")).containsText("run-");
        page.goBack();
        assertThat(page.locator("h1")).hasText("runs");
        browser.hasNoErrors();
    }

    @Test
    void theReportTellsWhetherGroupsNeedDifferentHyperparameters() throws IOException {
        StringBuilder csv = new StringBuilder("Name,learning_rate,batch,model,eval_acc\n");
        for (double rate : new double[] {1e-4, 1e-5}) {
            for (int batch : new int[] {8, 16}) {
                csv.append("bert-%1$s-%2$d,%1$s,%2$d,bert,%3$s%n".formatted(rate, batch, rate == 1e-4 ? 0.9 : 0.5));
                csv.append("xl-%1$s-%2$d,%1$s,%2$d,xl,%3$s%n".formatted(rate, batch, rate == 1e-5 ? 0.95 : 0.5));
            }
        }
        Page page = report(csv.toString(), "eval_acc", "model");
        assertThat(page.locator(".comparison"))
                .containsText("Their best hyperparameters differ beyond noise: xl loses 0.45 ± ");
        assertThat(page.locator(".comparison"))
                .containsText("with learning_rate=0.0001 instead of learning_rate=0.00001");
    }

    @Test
    void namesAndValuesOfAForeignTableAreTextAndNeverScript() throws IOException {
        String evil = "<img src=x onerror=window.hacked=1>";
        String worse = "</script><script>window.hacked=1</script>";
        String csv = "Name,\"%1$s\",%2$s,%1$s acc\n".formatted(evil, worse)
                + "\"%s\",1,a,0.5\n%s,2,b,0.6\n\"${x}\",1,b,0.7\n'`,2,%s,0.8\n".formatted(evil, worse, worse);
        Page page = report(csv, evil + " acc", worse);
        assertThat(page.locator(".card h3").filter(new Locator.FilterOptions().setHasText(worse)))
                .hasCount(1);
        assertThat(page.locator("sweep-chart canvas").first()).isVisible();
        page.locator("tbody a")
                .filter(new Locator.FilterOptions().setHasText(worse))
                .click();
        assertThat(page.locator("h1")).hasText(worse);
        assertThat(page.evaluate("window.hacked === undefined")).isEqualTo(true);
        Browser.isAccessible(page);
        browser.hasNoErrors();
    }

    @Test
    void tenThousandTrialsStayFluid() throws IOException {
        Page page = open(10_000);
        assertThat(page.locator("sweep-chart canvas").first()).isVisible();
        assertThat(page.locator("tbody tr").count()).isLessThan(60);
        Object painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime");
        watchLongTasks(page);
        brush(page);
        assertThat(page.locator(".selection")).containsText("of 10000 trials are selected");
        Browser.picture(page, "report-10000");
        System.out.printf(
                Locale.ROOT,
                "10,000 trials: first paint after %.0f ms, brushing blocked the page for %s ms at most%n",
                ((Number) painted).doubleValue(),
                longestTask(page));
        page.locator(".rows").evaluate("rows => rows.scrollTop = 100000");
        assertThat(page.locator("tbody tr[aria-rowindex]").first()).isVisible();
        browser.hasNoErrors();
    }

    /** From now on it is known for how long the page was blocked. */
    static void watchLongTasks(Page page) {
        page.evaluate(
                """
                window.longest = 0;
                new PerformanceObserver(list => list.getEntries().forEach(entry => window.longest = Math.max(window.longest, entry.duration)))
                  .observe({entryTypes: ['longtask']});
                """);
    }

    /** Milliseconds; tasks below 50 do not count. */
    static Object longestTask(Page page) {
        return page.evaluate("Math.round(window.longest)");
    }

    /** Selects the upper half of the last axis, which is that of the metric. */
    static void brush(Page page) {
        brush(page, page.locator(PARALLEL).boundingBox().width - 90);
    }

    /** Selects the upper half of the axis that lies so many pixels from the left. */
    private static void brush(Page page, double fromLeft) {
        Locator chart = page.locator(PARALLEL);
        chart.scrollIntoViewIfNeeded();
        BoundingBox box = chart.boundingBox();
        double x = box.x + fromLeft;
        page.mouse().move(x, box.y + 42);
        page.mouse().down();
        page.mouse().move(x, box.y + 120);
        page.mouse().move(x, box.y + box.height / 2);
        page.mouse().up();
    }

    private Page open(int runs) throws IOException {
        Random random = new Random(42);
        StringBuilder csv = new StringBuilder("Name,learning_rate,batch,model,eval_acc\n");
        for (int i = 0; i < runs; i++) {
            double rate = runs == 40
                    ? new double[] {3e-4, 1e-4, 5e-5, 3e-5}[i / 2 % 4]
                    : Math.pow(10, -5 + 3 * random.nextDouble());
            int batch = 8 << (runs == 40 ? i / 8 : random.nextInt(5));
            String model = i % 2 == 0 ? "bert" : "distilbert";
            double centre = i % 2 == 0 ? -4.4 : -3.9;
            double accuracy =
                    0.55 + 0.2 * Math.exp(-2 * Math.pow(Math.log10(rate) - centre, 2)) + 0.02 * random.nextGaussian();
            csv.append(String.format(Locale.ROOT, "run-%d,%.9f,%d,%s,%.4f%n", i, rate, batch, model, accuracy));
        }
        return report(csv.toString(), "eval_acc", "model");
    }

    private Page report(String csv, String metric, String groupBy) throws IOException {
        Path table = Files.writeString(directory.resolve("runs.csv"), csv);
        Path report = directory.resolve("runs.html");
        Shell.run(
                "build/cli/bin/kubectl-sweep",
                "report",
                "-f",
                table.toString(),
                "--metric",
                metric,
                "--goal",
                "maximize",
                "--group-by",
                groupBy,
                "--eval-samples",
                "277",
                "-o",
                report.toString());
        return browser.open("file://" + report, Browser.WIDE, ColorScheme.LIGHT);
    }
}
