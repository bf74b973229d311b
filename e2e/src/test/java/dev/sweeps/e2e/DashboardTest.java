package dev.sweeps.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The dashboard as a user opens it: kubectl port-forward, a token, a browser. */
abstract class DashboardTest extends SweepTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private Process forward;
    String address;
    Browser browser;

    @BeforeEach
    void forwardThePort() throws IOException {
        forward = new ProcessBuilder(
                        "kubectl", "port-forward", "-n", Operator.NAMESPACE, "service/sweep-operator", ":80")
                .redirectErrorStream(true)
                .start();
        BufferedReader output = forward.inputReader();
        // Forwarding from 127.0.0.1:41234 -> 8080
        address = "http://" + output.readLine().replaceAll(".*(127\\.0\\.0\\.1:\\d+).*", "$1") + "/";
    }

    @BeforeEach
    void openBrowser() {
        browser = new Browser();
    }

    @AfterEach
    void closeThePort() {
        forward.destroy();
    }

    @AfterEach
    void closeBrowser() {
        browser.close();
    }

    Page openSweep(String name, String token) {
        Page page = browser.open(address, Browser.WIDE, ColorScheme.LIGHT);
        logIn(page, token);
        page.getByRole(AriaRole.LINK, named(name)).click();
        assertThat(page.locator("h1")).hasText(name);
        return page;
    }

    static void logIn(Page page, String token) {
        page.getByLabel("Token", new Page.GetByLabelOptions().setExact(true)).fill(token);
        page.getByRole(AriaRole.BUTTON, named("Log in")).click();
    }

    /** Of a new service account that has the role in the test's namespace; null for none. */
    String token(String role) {
        String name = "of-" + (role == null ? "nobody" : role);
        Shell.run("kubectl", "create", "serviceaccount", "-n", namespace, name);
        if (role != null) {
            Shell.run(
                    "kubectl",
                    "create",
                    "rolebinding",
                    "-n",
                    namespace,
                    name,
                    "--clusterrole=" + role,
                    "--serviceaccount=" + namespace + ":" + name);
        }
        return Shell.run("kubectl", "create", "token", "-n", namespace, name).strip();
    }

    HttpResponse<String> get(String path, String token, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }
}
