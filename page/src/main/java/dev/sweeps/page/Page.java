package dev.sweeps.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The page of dashboard and report, as it was bundled of {@code src/main/typescript}. */
public final class Page {
    /** Draws the charts as SVG where there is no browser. */
    public static final String PICTURES = "pictures.js";

    private static final String SCRIPT = "page.js";
    private static final String STYLE = "page.css";

    private Page() {}

    /** One of the files {@code index.html}, {@code page.js}, {@code page.css} and {@value #PICTURES}. */
    public static String file(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One HTML file with everything inside: it fetches nothing, and its policy allows it only its own script and style.
     *
     * @param report a SweepReport as JSON
     */
    public static String withReport(String report) {
        // "</script>" in a text would end the element of the data; in JSON it can be written in another way.
        String data = report.replace("<", "\\u003c");
        String script = file(SCRIPT).replace("</script", "<\\/script");
        String style = file(STYLE);
        String policy =
                "default-src 'none'; img-src data:; script-src '%s'; style-src '%s'; base-uri 'none'; form-action 'none'"
                        .formatted(hash(script), hash(style));
        return file("index.html")
                .replace(
                        "<meta charset=\"utf-8\">",
                        "<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy
                                + "\">")
                .replace("<link rel=\"stylesheet\" href=\"page.css\">", "<style>" + style + "</style>")
                .replace(
                        "<script src=\"page.js\" defer></script>",
                        "<script type=\"application/json\" id=\"report\">" + data + "</script>\n<script>" + script
                                + "</script>");
    }

    /** {@code sha256-} and the digest in Base64, as a Content-Security-Policy writes it. */
    public static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
