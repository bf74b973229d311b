package dev.sweeps.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/** What the dashboard and its API show, and to whom. */
class DashboardIT extends DashboardTest {
    private static final String SCRIPT =
            "for step in 1 2 3; do echo step=$step eval_acc=0.$SWEEP_PARAM_A$SWEEP_PARAM_B eval_samples=100; done";
    private static final String EVIL = "<img src=x onerror=window.hacked=1>";

    @Test
    void aViewerLogsInAndSeesTheAnswerWhateverTheScreen() {
        create(BUSYBOX.formatted("seen", SCRIPT));
        awaitEnd("seen");
        String token = token("view");
        Page page = browser.open(address, Browser.WIDE, ColorScheme.LIGHT);
        Browser.isAccessible(page);
        Browser.picture(page, "login");
        logIn(page, "wrong");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("the cluster does not know this token");
        logIn(page, token);
        assertThat(page.getByRole(AriaRole.LINK, named("seen"))).isVisible();
        Browser.isAccessible(page);
        Browser.picture(page, "sweeps");
        page.getByRole(AriaRole.LINK, named("seen")).click();
        assertThat(page.locator(".summary")).containsText("Best eval_acc: 2 0.23 (b=3); 1 0.13 (b=3).");
        assertThat(page.locator("sweep-chart canvas")).hasCount(6);
        Browser.isAccessible(page);
        Browser.picture(page, "sweep");
        page.setViewportSize(Browser.PHONE, 900);
        Browser.fitsItsWidth(page);
        Browser.picture(page, "sweep-phone");
        page.setViewportSize(Browser.TABLET, 900);
        Browser.fitsItsWidth(page);
        page.setViewportSize(Browser.WIDE, 900);
        page.getByRole(AriaRole.BUTTON, named("Dark")).click();
        Browser.isAccessible(page);
        Browser.picture(page, "sweep-dark");
        page.locator("tbody a").first().click();
        assertThat(page.locator("h1")).containsText("seen-");
        assertThat(page.getByLabel("log", new Page.GetByLabelOptions().setExact(true)))
                .containsText("step=3 eval_acc=0.23");
        Browser.isAccessible(page);
        Browser.picture(page, "trial-dark");
        browser.hasNoErrors();
    }

    @Test
    void whatHappensIsSeenWithoutLoadingThePageAgain() {
        create(BUSYBOX.formatted("live", "sleep 3; " + SCRIPT));
        Page page = openSweep("live", token("view"));
        assertThat(page.locator("header")).containsText("6 of 6 trials ended", withinAMinute());
        browser.hasNoErrors();
    }

    @Test
    void actionsAreDoneWithTheRightsOfTheViewer() {
        create(BUSYBOX.formatted("acted", "sleep 5; " + SCRIPT).replace("parallelism: 2", "parallelism: 1"));
        Page viewer = openSweep("acted", token("view"));
        viewer.getByRole(AriaRole.BUTTON, named("Suspend")).click();
        assertThat(viewer.getByRole(AriaRole.ALERT))
                .containsText("is forbidden: User \"system:serviceaccount:" + namespace);
        Page editor = openSweep("acted", token("edit"));
        editor.getByRole(AriaRole.BUTTON, named("Suspend")).click();
        assertThat(editor.getByRole(AriaRole.BUTTON, named("Resume"))).isVisible();
        assertThat(sweep("acted").getSpec().suspend()).isTrue();
        editor.getByRole(AriaRole.BUTTON, named("Resume")).click();
        assertThat(editor.getByRole(AriaRole.BUTTON, named("Suspend"))).isVisible();
        browser.hasNoErrors();
    }

    @Test
    void itWorksBelowAPath() throws IOException {
        create(BUSYBOX.formatted("below", SCRIPT));
        awaitEnd("below");
        Process proxy = new ProcessBuilder("kubectl", "proxy", "--port=0")
                .redirectErrorStream(true)
                .start();
        try {
            // Starting to serve on 127.0.0.1:41234
            String server = proxy.inputReader().readLine().replaceAll(".*(127\\.0\\.0\\.1:\\d+).*", "$1");
            address = "http://" + server + "/api/v1/namespaces/" + Operator.NAMESPACE
                    + "/services/sweep-operator:http/proxy/";
            Page page = openSweep("below", token("view"));
            assertThat(page.locator(".summary")).containsText("Best eval_acc: 2 0.23");
            assertThat(page.locator("sweep-chart canvas")).hasCount(6);
        } finally {
            proxy.destroy();
        }
        browser.hasNoErrors();
    }

    @Test
    void whoMayNotSeeASweepIsToldWhatItTakes() {
        create(BUSYBOX.formatted("hidden", SCRIPT));
        Page page = browser.open(address, Browser.WIDE, ColorScheme.LIGHT);
        logIn(page, token(null));
        assertThat(page.locator("main")).containsText("There is no sweep that you may see.");
        page.navigate(address + "#/" + namespace + "/hidden");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("may not see sweeps in namespace " + namespace);
        Browser.isAccessible(page);
        browser.hasNoErrors();
    }

    @Test
    void namesAndValuesAndLogsAreTextAndNeverScript() {
        create(one("evil", "echo \"" + EVIL + "\"; echo eval_acc=0.5; echo eval_acc=0.6")
                .replace("b: {values: [1]}", "b: {values: [\"" + EVIL + "\", two]}")
                .replace("groupBy: [a]", "groupBy: [b]"));
        awaitEnd("evil");
        Page page = openSweep("evil", token("view"));
        assertThat(page.locator(".card h3").filter(new Locator.FilterOptions().setHasText(EVIL)))
                .hasCount(1);
        page.locator("tbody a").first().click();
        assertThat(page.getByLabel("log", new Page.GetByLabelOptions().setExact(true)))
                .containsText(EVIL);
        assertThat(page.evaluate("window.hacked === undefined")).isEqualTo(true);
        browser.hasNoErrors();
    }

    @Test
    void theApiAnswersOnlyWhoMaySeeAndTellsWhatHasNotChanged() throws Exception {
        create(BUSYBOX.formatted("api", SCRIPT));
        awaitEnd("api");
        String path = "api/v1/namespaces/" + namespace + "/sweeps/api";
        assertThat(get(path, null).statusCode()).isEqualTo(401);
        assertThat(get(path, token(null)).statusCode()).isEqualTo(403);
        String token = token("view");
        HttpResponse<String> analysis = get(path + "/analysis", token);
        assertThat(analysis.statusCode()).isEqualTo(200);
        assertThat(analysis.body()).contains("\"importance\":[{\"parameters\":[\"a\"],\"share\":0.97");
        assertThat(get(path + "/trials?limit=2&sort=value&descending=true", token)
                        .body())
                .startsWith("{\"total\":6,\"offset\":0,\"trials\":[{\"trial\":\"api-")
                .contains("\"value\":0.23", "\"value\":0.22")
                .doesNotContain("\"value\":0.21");
        assertThat(get(path + "/export.csv", token).body()).startsWith("trial,a,b,state,reason,eval_acc,");
        assertThat(get("api/openapi", token).body()).contains("/api/v1/sweeps");
        String tag = analysis.headers().firstValue("ETag").orElseThrow();
        assertThat(get(path + "/analysis", token, "If-None-Match", tag).statusCode())
                .isEqualTo(304);
        assertThat(get("q/health", token).statusCode()).isEqualTo(404);
    }

    @Test
    void anActionOfASessionNeedsTheSecretThatOnlyOurPageCanRead() throws Exception {
        create(BUSYBOX.formatted("csrf", "sleep 2; " + SCRIPT));
        HttpResponse<String> login = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address + "api/v1/session"))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"token\": \"" + token("edit") + "\"}"))
                                .build(),
                        BodyHandlers.ofString());
        String cookie = login.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).contains("HttpOnly", "SameSite=Strict");
        String csrf = login.body().replaceAll(".*\"csrf\":\"([0-9a-f]+)\".*", "$1");
        assertThat(suspend(cookie, "")).isEqualTo(403);
        assertThat(sweep("csrf").getSpec().suspend()).isFalse();
        assertThat(suspend(cookie, csrf)).isEqualTo(204);
        assertThat(sweep("csrf").getSpec().suspend()).isTrue();
    }

    private int suspend(String cookie, String csrf) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create(address + "api/v1/namespaces/" + namespace + "/sweeps/csrf/suspend"))
                                .header("Cookie", cookie.replaceAll(";.*", ""))
                                .header("X-CSRF-Token", csrf)
                                .POST(BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }

    private static ContainsTextOptions withinAMinute() {
        return new ContainsTextOptions().setTimeout(60_000);
    }
}
