package dev.sweeps.trainer.hub;

import dev.sweeps.trainer.hub.HubException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Client of the Hub's HTTP interface to files, like {@code file_download.py} of Python's huggingface_hub. */
final class HubClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** Time until an answer must begin. Its body may take any time. */
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private static final int REDIRECTS = 10;
    /** Number of failed requests in a row after which an error is reported. */
    private static final int TRIES = 6;

    /** Number of pauses without a byte after which a connection counts as cut. */
    private static final int PATIENCE = 60;

    private static final Set<Integer> LATER = Set.of(408, 425, 429, 500, 502, 503, 504);
    private static final Set<Integer> ELSEWHERE = Set.of(301, 302, 303, 307, 308);

    /**
     * What the Hub says of a file.
     *
     * @param commit that the revision is
     * @param etag SHA-256 of a large file, git's hash of a small one
     * @param size in bytes
     * @param location of the bytes
     */
    record Metadata(String commit, String etag, long size, URI location) {}

    private final HttpClient http;
    private final HubSettings settings;
    private final Duration pause;
    private final Consumer<String> say;

    /**
     * @param pause before the second try; twice as long before each one after it
     * @param say tells people of downloads
     */
    HubClient(HubSettings settings, Duration pause, Consumer<String> say) {
        this.http = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(settings.proxies())
                .build();
        this.settings = settings;
        this.pause = pause;
        this.say = say;
    }

    /** Requests the metadata of a file. */
    Metadata metadata(String repository, String revision, String file) throws HubException {
        URI address = URI.create(settings.endpoint() + "/" + repository + "/resolve/" + revision + "/" + file);
        for (int i = 0; i < REDIRECTS; i++) {
            HttpResponse<Void> answer =
                    send(request(address).method("HEAD", BodyPublishers.noBody()), BodyHandlers.discarding());
            Optional<String> location = answer.headers().firstValue("Location");
            boolean elsewhere = ELSEWHERE.contains(answer.statusCode()) && location.isPresent();
            if (elsewhere && !URI.create(location.get()).isAbsolute()) {
                address = address.resolve(location.get()); // A model that has another name by now.
                continue;
            }
            if (!elsewhere && answer.statusCode() != 200) {
                throw refusal(answer, repository, revision, file);
            }
            return metadata(answer, elsewhere ? URI.create(location.get()) : address, file);
        }
        throw new HubException(Kind.REFUSED, settings.endpoint() + " redirects " + file + " in a circle");
    }

    private Metadata metadata(HttpResponse<?> answer, URI location, String file) throws HubException {
        String commit = answer.headers().firstValue("X-Repo-Commit").orElse("");
        String etag = answer.headers()
                .firstValue("X-Linked-Etag")
                .or(() -> answer.headers().firstValue("ETag"))
                .orElse("")
                .replaceFirst("^W/", "")
                .replace("\"", "");
        String size = answer.headers()
                .firstValue("X-Linked-Size")
                .or(() -> answer.headers().firstValue("Content-Length"))
                .orElse("");
        // These become names of files.
        if (!HubCache.isCommit(commit) || !HubCache.isName(etag) || !size.matches("[0-9]{1,15}")) {
            throw new HubException(
                    Kind.REFUSED,
                    settings.endpoint() + " does not answer as a Hub does: commit \"" + commit + "\", ETag \"" + etag
                            + "\", size \"" + size + "\" of " + file + "; look at HF_ENDPOINT");
        }
        if (!Set.of("http", "https").contains(String.valueOf(location.getScheme()))) {
            throw new HubException(Kind.REFUSED, settings.endpoint() + " sends " + file + " to " + location);
        }
        return new Metadata(commit, etag, Long.parseLong(size), location);
    }

    /**
     * Fetches the bytes of a file, from where an earlier attempt ended.
     *
     * @param part grows with what arrives
     * @param target gets the file when it is whole and what its hash says
     */
    void download(Metadata metadata, String file, Path part, Path target) throws HubException, IOException {
        int failed = 0;
        while (true) {
            long begin = Files.exists(part) ? Files.size(part) : 0;
            if (begin > metadata.size) {
                Files.delete(part);
                begin = 0;
            }
            if (begin == metadata.size) {
                break;
            }
            try {
                fetch(metadata, file, part, begin);
            } catch (IOException e) {
                // The connection was cut. The received bytes count, and only an attempt without any is a failure.
                failed = Files.exists(part) && Files.size(part) > begin ? 1 : failed + 1;
                if (failed >= TRIES) {
                    throw new HubException(
                            Kind.UNREACHABLE,
                            "the connection to " + metadata.location.getHost() + " is cut again and again (" + e + ")");
                }
                sleep(failed, Optional.empty());
            }
        }
        if (!Files.exists(part)) {
            Files.createFile(part); // An empty file.
        }
        if (!isWhole(part, metadata)) {
            Files.delete(part);
            throw new HubException(
                    Kind.UNREACHABLE,
                    file + " arrived with another hash than " + metadata.etag + "; it was deleted, try again");
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void fetch(Metadata metadata, String file, Path part, long begin) throws HubException, IOException {
        HttpResponse<InputStream> answer = bytes(metadata.location, begin);
        try (InputStream body = answer.body()) {
            if (answer.statusCode() != 200 && answer.statusCode() != 206) {
                throw new HubException(
                        LATER.contains(answer.statusCode()) ? Kind.UNREACHABLE : Kind.REFUSED,
                        metadata.location.getHost() + " answers " + answer.statusCode() + " to " + file);
            }
            boolean goesOn = answer.statusCode() == 206;
            long bytes = metadata.size - (goesOn ? begin : 0);
            say.accept("%s %s from %s, %s"
                    .formatted(
                            goesOn ? "going on with" : "fetching",
                            file,
                            metadata.location.getHost(),
                            bytes < 100_000 ? bytes + " bytes" : "%.1f MB".formatted(bytes / 1e6)));
            StandardOpenOption[] options = goesOn
                    ? new StandardOpenOption[] {StandardOpenOption.APPEND}
                    : new StandardOpenOption[] {
                        StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE
                    };
            try (OutputStream out = Files.newOutputStream(part, options);
                    StallGuard guard = new StallGuard(body, pause.multipliedBy(PATIENCE))) {
                byte[] buffer = new byte[1 << 16];
                long length = goesOn ? begin : 0;
                for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                    length += read;
                    if (length > metadata.size) {
                        throw new HubException(
                                Kind.REFUSED,
                                metadata.location.getHost() + " sends more than the " + metadata.size + " bytes of "
                                        + file + "; look at HF_ENDPOINT or GLUE_URL");
                    }
                    out.write(buffer, 0, read);
                    guard.alive();
                }
                if (length < metadata.size) {
                    throw new EOFException(length + " of " + metadata.size + " bytes");
                }
            }
        }
    }

    /** Requests bytes from a position on, and follows redirects. */
    private HttpResponse<InputStream> bytes(URI location, long begin) throws HubException {
        URI address = location;
        for (int i = 0; i < REDIRECTS; i++) {
            HttpRequest.Builder request = request(address).GET();
            if (begin > 0) {
                request.header("Range", "bytes=" + begin + "-");
            }
            HttpResponse<InputStream> answer = send(request, BodyHandlers.ofInputStream());
            Optional<String> next = answer.headers().firstValue("Location");
            if (!ELSEWHERE.contains(answer.statusCode()) || next.isEmpty()) {
                return answer;
            }
            address = address.resolve(next.get());
            if (!Set.of("http", "https").contains(address.getScheme())) {
                break;
            }
        }
        throw new HubException(Kind.REFUSED, location.getHost() + " redirects to nowhere, at last to " + address);
    }

    /** Whether a file is complete, by the SHA-256 of a file that git stores outside, or by git's own hash of one inside. */
    private static boolean isWhole(Path file, Metadata metadata) throws IOException {
        if (Files.size(file) != metadata.size) {
            return false;
        }
        boolean large = metadata.etag.matches("[0-9a-f]{64}");
        boolean small = metadata.etag.matches("[0-9a-f]{40}");
        if (!large && !small) {
            return true; // A mirror with ETags of its own kind.
        }
        try {
            MessageDigest digest = MessageDigest.getInstance(large ? "SHA-256" : "SHA-1");
            if (small) {
                digest.update(("blob " + metadata.size + "\0").getBytes(StandardCharsets.US_ASCII));
            }
            try (InputStream bytes = new DigestInputStream(Files.newInputStream(file), digest)) {
                bytes.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest()).equals(metadata.etag);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1 and SHA-256", e);
        }
    }

    /** Makes a request, with the token only for the Hub itself and not for targets of redirects. */
    private HttpRequest.Builder request(URI address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(ANSWER)
                .header("User-Agent", "sweep-trainer")
                .header("Accept-Encoding", "identity");
        if (settings.token().isPresent()
                && settings.endpoint().getScheme().equals(address.getScheme())
                && settings.endpoint().getAuthority().equals(address.getAuthority())) {
            request.header("Authorization", "Bearer " + settings.token().get());
        }
        return request;
    }

    /** Repeats a request while the Hub is busy. */
    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler)
            throws HubException {
        String reason = "";
        for (int failed = 1; failed <= TRIES; failed++) {
            Optional<String> retryAfter = Optional.empty();
            try {
                HttpResponse<T> answer = http.send(request.build(), handler);
                if (!LATER.contains(answer.statusCode())) {
                    return answer;
                }
                reason = "it answers " + answer.statusCode();
                retryAfter = answer.headers().firstValue("Retry-After");
            } catch (ConnectException | UnresolvedAddressException e) {
                throw new HubException(Kind.UNREACHABLE, settings.endpoint() + " cannot be reached");
            } catch (IOException e) {
                reason = e.toString();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new HubException(Kind.UNREACHABLE, "interrupted");
            }
            if (failed < TRIES) {
                sleep(failed, retryAfter);
            }
        }
        throw new HubException(Kind.UNREACHABLE, settings.endpoint() + " cannot be used: " + reason);
    }

    private void sleep(int failed, Optional<String> retryAfter) throws HubException {
        long millis = retryAfter
                .filter(seconds -> seconds.matches("[0-9]{1,3}"))
                .map(seconds -> 1000L * Integer.parseInt(seconds))
                .orElse(pause.toMillis() << (failed - 1));
        try {
            Thread.sleep(Math.min(millis, 300_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubException(Kind.UNREACHABLE, "interrupted");
        }
    }

    private HubException refusal(HttpResponse<?> answer, String repository, String revision, String file) {
        String code = answer.headers().firstValue("X-Error-Code").orElse("");
        String withToken = settings.token().isPresent()
                ? "the token in HF_TOKEN does not open it"
                : "if it is private or gated, put a token into HF_TOKEN";
        return switch (code) {
            case "EntryNotFound" ->
                new HubException(Kind.NO_FILE, repository + " has no " + file + " at revision " + revision);
            case "RevisionNotFound" ->
                new HubException(Kind.REFUSED, repository + " has no revision " + revision + "; correct --revision");
            case "GatedRepo" ->
                new HubException(
                        Kind.REFUSED,
                        repository + " is gated: accept its terms at " + settings.endpoint() + "/" + repository + "; "
                                + withToken);
            default ->
                answer.statusCode() == 401 || answer.statusCode() == 403 || answer.statusCode() == 404
                        ? new HubException(
                                Kind.REFUSED,
                                "there is no model " + repository + " at " + settings.endpoint()
                                        + " for you (it answers " + answer.statusCode()
                                        + "); correct --model_name_or_path, or " + withToken)
                        : new HubException(
                                Kind.REFUSED, settings.endpoint() + " answers " + answer.statusCode() + " to " + file);
        };
    }
}
