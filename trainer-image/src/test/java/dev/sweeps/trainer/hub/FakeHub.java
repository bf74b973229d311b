package dev.sweeps.trainer.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A server on loopback that answers for one model as the Hub does: HEAD and GET of {@code /<id>/resolve/<revision>/<file>}; small files
 * itself, {@code .safetensors} by a redirect to {@code /cdn/<sha256>} of another address; ranges, error codes, tokens.
 */
final class FakeHub implements AutoCloseable {
    static final String COMMIT = "86b5e0934494bd15c9632b12f734a8a67f723594";

    private final HttpServer server;
    private final HttpServer cdn;
    private final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, Integer> trouble = new ConcurrentHashMap<>();
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicInteger stalls = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    /** Method, path, range and authorization of each request. */
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    String token;
    String gate = "RepoNotFound";
    String commit = COMMIT;
    String etagPrefix = "";
    private int lie;

    /** Serves a folder as a model until its standard input ends: {@code FakeHub ID FOLDER}. */
    public static void main(String[] words) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> folder = Files.list(Path.of(words[1]))) {
            for (Path file : folder.filter(Files::isRegularFile).toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        try (FakeHub hub = new FakeHub(words[0], files)) {
            System.out.println(hub.endpoint());
            System.in.readAllBytes();
        }
    }

    FakeHub(String id, Map<String, byte[]> files) throws IOException {
        this.files.putAll(files);
        server = start();
        cdn = start();
        server.createContext("/" + id + "/resolve/", exchange -> answer(exchange, id));
        server.createContext("/", exchange -> refuse(exchange, 401, "RepoNotFound"));
        // As a model that got an owner: a redirect with a path.
        server.createContext("/old-name/resolve/", exchange -> {
            exchange.getResponseHeaders()
                    .add("Location", exchange.getRequestURI().getPath().replace("/old-name/", "/" + id + "/"));
            exchange.sendResponseHeaders(307, -1);
            exchange.close();
        });
        cdn.createContext("/cdn/", this::bytes);
        server.createContext("/cdn/", this::bytes); // Asked as a proxy.
    }

    URI endpoint() {
        return address(server);
    }

    /** The next so many requests for this kind of answer get this status. */
    void trouble(int status, int times) {
        trouble.put("" + status, times);
    }

    /** The next so many downloads of weights bring a half and then nothing, without an end. */
    void stall(int times) {
        stalls.set(times);
    }

    /** The next so many downloads of weights are cut in the middle. */
    void cut(int times) {
        cuts.set(times);
    }

    /** Says that weights are so many bytes longer than they are. */
    void lieAboutLength(int more) {
        lie = more;
    }

    void put(String file, byte[] bytes) {
        files.put(file, bytes);
    }

    void remove(String file) {
        files.remove(file);
    }

    long count(String start) {
        synchronized (requests) {
            return requests.stream()
                    .filter(request -> request.startsWith(start))
                    .count();
        }
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        cdn.stop(0);
    }

    private void answer(HttpExchange exchange, String id) throws IOException {
        note(exchange);
        for (Map.Entry<String, Integer> one : trouble.entrySet()) {
            if (one.getValue() > 0) {
                one.setValue(one.getValue() - 1);
                exchange.getResponseHeaders().add("Retry-After", "0");
                exchange.sendResponseHeaders(Integer.parseInt(one.getKey()), -1);
                exchange.close();
                return;
            }
        }
        if (token != null
                && !("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            refuse(exchange, gate.equals("GatedRepo") ? 403 : 401, gate);
            return;
        }
        String[] path = exchange.getRequestURI()
                .getPath()
                .substring(("/" + id + "/resolve/").length())
                .split("/", 2);
        exchange.getResponseHeaders().add("X-Repo-Commit", commit);
        if (!path[0].equals("main") && !path[0].equals(COMMIT)) {
            refuse(exchange, 404, "RevisionNotFound");
        } else if (!files.containsKey(path[1])) {
            refuse(exchange, 404, "EntryNotFound");
        } else if (path[1].endsWith(".safetensors")) {
            byte[] file = files.get(path[1]);
            exchange.getResponseHeaders().add("X-Linked-Etag", "\"" + etagPrefix + hash("SHA-256", file) + "\"");
            exchange.getResponseHeaders().add("X-Linked-Size", "" + (file.length + lie));
            exchange.getResponseHeaders().add("Location", address(cdn) + "/cdn/" + path[1]);
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        } else {
            byte[] file = files.get(path[1]);
            byte[] header = ("blob " + file.length + "\0").getBytes(StandardCharsets.US_ASCII);
            byte[] object = new byte[header.length + file.length];
            System.arraycopy(header, 0, object, 0, header.length);
            System.arraycopy(file, 0, object, header.length, file.length);
            exchange.getResponseHeaders().add("ETag", "\"" + hash("SHA-1", object) + "\"");
            send(exchange, file);
        }
    }

    private void bytes(HttpExchange exchange) throws IOException {
        note(exchange);
        send(exchange, files.get(exchange.getRequestURI().getPath().substring("/cdn/".length())));
    }

    private void send(HttpExchange exchange, byte[] file) throws IOException {
        int from = 0;
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range != null) {
            from = Integer.parseInt(range.replaceAll("bytes=([0-9]+)-", "$1"));
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + from + "-" + (file.length - 1) + "/" + file.length);
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", "" + file.length);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
            return;
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, file.length - from);
        int length = file.length - from;
        boolean cut = exchange.getRequestURI().getPath().startsWith("/cdn/")
                && length > 1
                && cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        boolean stall = exchange.getRequestURI().getPath().startsWith("/cdn/")
                && stalls.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        OutputStream out = exchange.getResponseBody();
        if (stall) {
            out.write(file, from, length / 2);
            out.flush();
            awaitClose();
        }
        out.write(file, from, cut ? length / 2 : length);
        out.flush();
        exchange.close();
    }

    private void note(HttpExchange exchange) {
        requests.add(
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath() + " "
                        + exchange.getRequestHeaders().getFirst("Range") + " "
                        + exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        exchange.getResponseHeaders().add("X-Error-Code", code);
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private static HttpServer start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "fake-hub");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
        return server;
    }

    private static URI address(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    static String hash(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
