package dev.sweeps.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.sweeps.api.v1alpha1.Shutdown;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
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
        browser.hasLoggedNothing();
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
    void aSweepIsEndedAfterAQuestionAndResumed() {
        create(one("ended", "echo step=1 eval_acc=0.1; sleep 300").replace("b: {values: [1]}", "b: {values: [1, 2]}"));
        Page page = openSweep("ended", token("edit"));
        assertThat(page.locator("header")).containsText("Running", withinAMinute());
        page.onceDialog(Dialog::dismiss);
        page.getByRole(AriaRole.BUTTON, named("Cancel")).click();
        assertThat(sweep("ended").getSpec().shutdown()).isNull();
        page.onceDialog(Dialog::accept);
        page.getByRole(AriaRole.BUTTON, named("Cancel")).click();
        assertThat(page.locator(".badge")).hasText("Complete", new HasTextOptions().setTimeout(60_000));
        assertThat(page.getByRole(AriaRole.BUTTON, named("Stop"))).hasCount(0);
        page.getByRole(AriaRole.BUTTON, named("Resume")).click();
        assertThat(page.locator(".badge")).hasText("Running", new HasTextOptions().setTimeout(60_000));
        page.onceDialog(Dialog::accept);
        page.getByRole(AriaRole.BUTTON, named("Stop")).click();
        assertThat(page.getByRole(AriaRole.BUTTON, named("Resume"))).isVisible();
        assertThat(sweep("ended").getSpec().shutdown()).isEqualTo(Shutdown.STOP);
        browser.hasNoErrors();
    }

    @Test
    void aTrialIsFollowedWhileItRunsAndExplainedWhenItFails() {
        create(one(
                        "followed",
                        "if [ $SWEEP_PARAM_B = 2 ]; then echo no such file: train.tsv; exit 7; fi;"
                                + " for step in 1 2 3 4 5 6; do echo step=$step eval_acc=0.$step; sleep 2; done")
                .replace("b: {values: [1]}", "b: {values: [1, 2]}")
                .replace("gpu: {count: 0}", "gpu: {count: 0}\n  parallelism: 2"));
        Page page = openSweep("followed", token("view"));
        page.getByRole(AriaRole.SEARCHBOX).fill("b=1");
        assertThat(page.locator("tbody tr")).hasCount(1);
        page.locator("tbody a").click();
        Locator log = page.getByLabel("log", new Page.GetByLabelOptions().setExact(true));
        assertThat(log).containsText("step=2 eval_acc=0.2", withinAMinute());
        assertThat(page.locator(".badge")).hasText("Running");
        assertThat(log).containsText("step=6 eval_acc=0.6", withinAMinute());
        assertThat(page.locator(".badge")).hasText("Succeeded", new HasTextOptions().setTimeout(60_000));
        assertThat(page.locator("sweep-chart canvas")).hasCount(1);
        page.getByRole(AriaRole.LINK, named("← followed")).click();
        page.getByRole(AriaRole.SEARCHBOX).fill("failed");
        page.locator("tbody a").click();
        assertThat(page.locator("h2#reason")).hasText("Error");
        assertThat(page.getByLabel("message")).containsText("no such file: train.tsv");
        Browser.isAccessible(page);
        Browser.picture(page, "trial-failed");
        browser.hasNoErrors();
    }

    @Test
    void theBestIsCopiedAsACommandLineAndAsYaml() {
        create(BUSYBOX.formatted("copied", SCRIPT));
        awaitEnd("copied");
        Page page = openSweep("copied", token("view"));
        Locator best = page.locator(".card").first();
        best.getByRole(AriaRole.BUTTON, pressed("Copy command")).click();
        assertThat(best.getByRole(AriaRole.BUTTON, pressed("Copied"))).isVisible();
        assertThat(page.evaluate("navigator.clipboard.readText()").toString())
                .startsWith("SWEEP_PARAM_A=2 SWEEP_PARAM_B=3 sh -c '");
        best.getByRole(AriaRole.BUTTON, pressed("Copy YAML")).click();
        assertThat(best.getByRole(AriaRole.BUTTON, pressed("Copy command"))).isVisible();
        assertThat(page.evaluate("navigator.clipboard.readText()"))
                .isEqualTo("parameters:\n  a: {value: 2}\n  b: {value: 3}\n");
        // As behind an Ingress without TLS.
        page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})");
        best.getByRole(AriaRole.BUTTON, pressed("Copy command")).click();
        assertThat(best.getByRole(AriaRole.BUTTON, pressed("Copied"))).isVisible();
        browser.hasNoErrors();
    }

    @Test
    void whatDestroysAResultIsAskedForOnceMore() {
        create(one("again", "echo eval_acc=0.5"));
        awaitEnd("again");
        Page page = openSweep("again", token("edit"));
        page.locator("tbody a").click();
        String first = trials("again").get(0).getMetadata().getUid();
        page.onceDialog(Dialog::dismiss);
        page.getByRole(AriaRole.BUTTON, named("Run again")).click();
        List<String> questions = new ArrayList<>();
        page.onceDialog(dialog -> {
            questions.add(dialog.message());
            assertThat(trials("again").get(0).getMetadata().getUid()).isEqualTo(first);
            dialog.accept();
        });
        page.getByRole(AriaRole.BUTTON, named("Run again")).click();
        awaitStatus(
                "again",
                status -> status.trials().succeeded() == 1
                        && trials("again").stream()
                                .noneMatch(trial -> trial.getMetadata().getUid().equals(first)));
        assertThat(questions).hasSize(1).allMatch(question -> question.endsWith("Its result (0.5) is deleted."));
        assertThat(page.locator(".badge")).hasText("Succeeded");
        browser.hasNoErrors();
    }

    @Test
    void whoTriesManyTokensWaitsAndWhoIsLoggedInGoesOn() throws Exception {
        try {
            String token = token("view");
            String cookie = cookie(login(token));
            for (int i = 0; i < 10; i++) {
                login("wrong-" + i);
            }
            HttpResponse<String> refused = login(token);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).contains("60");
            assertThat(get("api/v1/sweeps", token).statusCode()).isEqualTo(429);
            assertThat(get("api/v1/sweeps", null, "Cookie", cookie).statusCode())
                    .isEqualTo(200);
            assertThat(Operator.log()).doesNotContain(token).doesNotContain("wrong-");
        } finally {
            // Who was counted is forgotten.
            Operator.killAndStartAgain();
        }
    }

    @Test
    void whatIsNotThereIsSaidOnAPhoneToo() {
        Page page = browser.open(address, Browser.PHONE, ColorScheme.LIGHT);
        Browser.picture(page, "login-phone");
        logIn(page, token(null));
        assertThat(page.locator("main")).containsText("There is no sweep that you may see.");
        seenOnAPhone(page, "empty-phone");
        page.navigate(address + "#/" + namespace + "/missing");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("may not see sweeps in namespace");
        seenOnAPhone(page, "forbidden-phone");
        Page viewer = browser.open(address, Browser.PHONE, ColorScheme.DARK);
        logIn(viewer, token("view"));
        assertThat(viewer.locator("main")).containsText("There is no sweep that you may see.");
        viewer.navigate(address + "#/" + namespace + "/missing");
        assertThat(viewer.getByRole(AriaRole.ALERT)).containsText("there is no sweep missing in namespace");
        seenOnAPhone(viewer, "missing-phone");
        browser.hasNoErrors();
        closeThePort();
        viewer.getByRole(AriaRole.BUTTON, named("Try again")).click();
        assertThat(viewer.getByRole(AriaRole.ALERT)).containsText("The operator cannot be reached.");
        seenOnAPhone(viewer, "unreachable-phone");
    }

    @Test
    void anOperatorThatIsGoneIsMissedAndWhatWasSeenStays() {
        create(BUSYBOX.formatted("lost", SCRIPT));
        awaitEnd("lost");
        Page page = openSweep("lost", token("view"));
        assertThat(page.locator(".summary")).containsText("Best eval_acc: 2 0.23");
        closeThePort();
        assertThat(page.locator("p.selection")).containsText("The operator has not answered since", withinAMinute());
        assertThat(page.locator(".summary")).containsText("Best eval_acc: 2 0.23");
        Browser.isAccessible(page);
        Browser.picture(page, "sweep-lost");
    }

    private static void seenOnAPhone(Page page, String name) {
        Browser.isAccessible(page);
        Browser.fitsItsWidth(page);
        Browser.picture(page, name);
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
        create(one(
                        "evil",
                        "echo \"" + EVIL + "\"; echo eval_acc=0.5; echo \"{\\\"eval_acc\\\": 0.6, \\\"" + EVIL
                                + "\\\": 1}\"")
                .replace("b: {values: [1]}", "b: {values: [\"" + EVIL + "\", two]}")
                .replace("groupBy: [a]", "groupBy: [b]"));
        awaitEnd("evil");
        Page page = openSweep("evil", token("view"));
        assertThat(page.locator(".card h3").filter(new Locator.FilterOptions().setHasText(EVIL)))
                .hasCount(1);
        page.locator(".columns summary").click();
        page.getByLabel(EVIL).check();
        assertThat(page.locator("thead")).containsText(EVIL);
        page.locator("tbody a").first().click();
        assertThat(page.getByLabel("log", new Page.GetByLabelOptions().setExact(true)))
                .containsText(EVIL);
        assertThat(page.locator("section[aria-labelledby=metrics]")).containsText(EVIL);
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
        JsonNode schemas = json(get("api/openapi?format=json", token)).at("/components/schemas");
        assertThat(schemas.at("/Analysis/properties").fieldNames()).toIterable().contains(names(json(analysis)));
        assertThat(schemas.at("/TrialRow/properties").fieldNames())
                .toIterable()
                .contains(names(json(get(path + "/changes", token)).at("/trials/0")));
        String tag = analysis.headers().firstValue("ETag").orElseThrow();
        assertThat(get(path + "/analysis", token, "If-None-Match", tag).statusCode())
                .isEqualTo(304);
        assertThat(get(path + "/trials?text=a=2&limit=100", token).body()).startsWith("{\"total\":3,");
        HttpResponse<String> wrong = get(path + "/trials?state=succeeded", token);
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("state is succeeded; use one of Pending, ");
        String script = get("page.js", null).headers().firstValue("ETag").orElseThrow();
        assertThat(get("page.js", null, "If-None-Match", script).statusCode()).isEqualTo(304);
        assertThat(get("q/health", token).statusCode()).isEqualTo(404);
    }

    @Test
    void anActionOfASessionNeedsTheSecretThatOnlyOurPageCanRead() throws Exception {
        create(BUSYBOX.formatted("csrf", "sleep 2; " + SCRIPT));
        HttpResponse<String> login = login(token("edit"));
        String cookie = login.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).contains("HttpOnly", "SameSite=Strict");
        String csrf = login.body().replaceAll(".*\"csrf\":\"([0-9a-f]+)\".*", "$1");
        assertThat(suspend(cookie, "")).isEqualTo(403);
        assertThat(sweep("csrf").getSpec().suspend()).isFalse();
        assertThat(suspend(cookie, csrf)).isEqualTo(204);
        assertThat(sweep("csrf").getSpec().suspend()).isTrue();
    }

    private static String[] names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        assertThat(names).isNotEmpty();
        return names.toArray(String[]::new);
    }

    private static JsonNode json(HttpResponse<String> answer) throws JsonProcessingException {
        return new ObjectMapper().readTree(answer.body());
    }

    private HttpResponse<String> login(String token) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address + "api/v1/session"))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"token\": \"" + token + "\"}"))
                                .build(),
                        BodyHandlers.ofString());
    }

    private static String cookie(HttpResponse<String> login) {
        return login.headers().firstValue("Set-Cookie").orElseThrow().replaceAll(";.*", "");
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

    private static Locator.GetByRoleOptions pressed(String name) {
        return new Locator.GetByRoleOptions().setName(name).setExact(true);
    }

    private static ContainsTextOptions withinAMinute() {
        return new ContainsTextOptions().setTimeout(60_000);
    }
}
