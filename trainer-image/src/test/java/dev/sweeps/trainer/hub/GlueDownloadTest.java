package dev.sweeps.trainer.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.sweeps.trainer.data.GlueTask;
import dev.sweeps.trainer.hub.GlueDownload.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlueDownloadTest {
    private static final String RTE = "index\tsentence1\tsentence2\tlabel\n0\ta\tb\tentailment\n";

    @TempDir
    private Path folder;

    private HttpServer server;
    private final Map<String, byte[]> files = new HashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestURI().getPath());
            byte[] file = files.get(exchange.getRequestURI().getPath().substring(1));
            exchange.sendResponseHeaders(file == null ? 403 : 200, file == null ? -1 : file.length);
            if (file != null) {
                exchange.getResponseBody().write(file);
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void anArchiveIsUnpackedAndNothingOfItLiesElsewhere() throws IOException {
        byte[] archive = zip(Map.of(
                "RTE/train.tsv", RTE, "RTE/dev.tsv", RTE, "RTE/test.tsv", "x", "../../evil/dev_matched.tsv", "y"));
        Path data = download(GlueTask.RTE, archive);
        assertThat(rows(GlueTask.RTE::train, data)).hasSize(1);
        assertThat(data).isEqualTo(folder.resolve("home/glue/rte"));
        try (Stream<Path> inside = Files.walk(folder)) {
            assertThat(inside.filter(Files::isRegularFile)
                            .map(file -> folder.relativize(file).toString()))
                    .containsExactlyInAnyOrder(
                            "home/glue/rte.lock",
                            "home/glue/rte/train.tsv",
                            "home/glue/rte/dev.tsv",
                            "home/glue/rte/dev_matched.tsv");
        }
        requests.clear();
        assertThat(download(GlueTask.RTE, archive)).isEqualTo(data);
        assertThat(requests).isEmpty();
    }

    @Test
    void mrpcIsMadeOfItsParts() throws IOException {
        byte[] pairs = "\uFEFFQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\r\n1\t10\t11\ta\tb\r\n0\t12\t13\tc\td\r\n"
                .getBytes(StandardCharsets.UTF_8);
        Path data = download(GlueTask.MRPC, pairs, "12\t13\n".getBytes(StandardCharsets.UTF_8));
        assertThat(rows(GlueTask.MRPC::train, data)).containsExactly(new GlueTask.Row("a", "b", 1));
        assertThat(rows(GlueTask.MRPC::dev, data)).containsExactly(new GlueTask.Row("c", "d", 0));
    }

    @Test
    void whatCannotBeHadSaysHowToGetIt() throws IOException {
        assertThatThrownBy(
                        () -> downloads(Map.of(GlueTask.RTE, List.of(new Source("RTE.zip", 3, "0".repeat(64)))), false)
                                .folder(GlueTask.RTE, Path.of("glue_data/RTE")))
                .hasMessageContaining("--data_dir glue_data/RTE is not a folder")
                .hasMessageContaining("answers 403 to RTE.zip")
                .hasMessageContaining("set GLUE_URL to a mirror of https://dl.fbaipublicfiles.com");
        files.put("RTE.zip", new byte[3]);
        assertThatThrownBy(
                        () -> downloads(Map.of(GlueTask.RTE, List.of(new Source("RTE.zip", 3, "0".repeat(64)))), false)
                                .folder(GlueTask.RTE, Path.of("glue_data/RTE")))
                .hasMessageContaining("RTE.zip arrived with another hash");
        assertThatThrownBy(() -> downloads(Map.of(), true).folder(GlueTask.RTE, Path.of("glue_data/RTE")))
                .hasMessageContaining("HF_HUB_OFFLINE is set; mount the data there or correct --data_dir");
    }

    private Path download(GlueTask task, byte[]... parts) {
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            files.put("part" + i, parts[i]);
            sources.add(new Source("part" + i, parts[i].length, FakeHub.hash("SHA-256", parts[i])));
        }
        return downloads(Map.of(task, sources), false).folder(task, Path.of("none"));
    }

    private GlueDownload downloads(Map<GlueTask, List<Source>> sources, boolean offline) {
        String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        HubSettings settings = new HubSettings(
                HubSettings.address("HF_ENDPOINT", address),
                Optional.empty(),
                folder.resolve("home/hub"),
                offline,
                new EnvironmentProxies(Map.of()));
        return new GlueDownload(settings, address, sources, sentence -> {});
    }

    private static byte[] zip(Map<String, String> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private static List<GlueTask.Row> rows(BiConsumer<Path, Consumer<GlueTask.Row>> reader, Path folder) {
        List<GlueTask.Row> rows = new ArrayList<>();
        reader.accept(folder, rows::add);
        return rows;
    }
}
