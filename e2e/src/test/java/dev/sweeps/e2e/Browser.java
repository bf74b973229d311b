package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Debian's Chromium. Whatever a page writes to the console as an error, a refusal of its policy included, fails the test. */
final class Browser implements AutoCloseable {
    static final int WIDE = 1280;
    static final int TABLET = 768;
    static final int PHONE = 390;

    /** How long an assertion waits for what it asks for: never on a quiet machine. */
    private static final int PATIENCE = 60_000;

    static {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
    }

    /** Pictures of what was tested, to be looked at. */
    private static final Path PICTURES = Shell.PROJECT.resolve("build/screenshots");

    private final Playwright playwright =
            Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    private final com.microsoft.playwright.Browser chromium = playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions()
                    .setExecutablePath(Path.of("/usr/bin/chromium"))
                    .setArgs(List.of("--no-sandbox")));
    private final List<String> errors = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();

    /** A new profile, without cookies. */
    Page open(String address, int width, ColorScheme scheme) {
        BrowserContext context = chromium.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(width, 900)
                .setColorScheme(scheme)
                .setPermissions(List.of("clipboard-read", "clipboard-write")));
        Page page = context.newPage();
        page.setDefaultTimeout(PATIENCE);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                (isAnswerOfTheApi(message.text()) ? answers : errors).add(message.text());
            }
        });
        page.onPageError(errors::add);
        page.navigate(address);
        return page;
    }

    /** What the API refuses is told by the page; Chromium writes a line about each answer beyond 399. */
    private static boolean isAnswerOfTheApi(String message) {
        return message.startsWith("Failed to load resource: the server responded with a status of 40");
    }

    /** Not even that the API refused something, as on a page that nobody has done anything on yet. */
    void hasLoggedNothing() {
        assertThat(errors).isEmpty();
        assertThat(answers).isEmpty();
    }

    void hasNoErrors() {
        assertThat(errors).isEmpty();
    }

    static void isAccessible(Page page) {
        assertThat(new AxeBuilder(page).analyze().getViolations())
                .extracting(rule -> rule.getId() + ": " + rule.getNodes().get(0).getHtml() + " "
                        + rule.getNodes().get(0).getFailureSummary())
                .isEmpty();
    }

    /** Nothing but what scrolls by itself is wider than the page. */
    static void fitsItsWidth(Page page) {
        assertThat(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .isEqualTo(0);
    }

    static void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(PICTURES.resolve(name + ".png")));
    }

    @Override
    public void close() {
        playwright.close();
    }
}
