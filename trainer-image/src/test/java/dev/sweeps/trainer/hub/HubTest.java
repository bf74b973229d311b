package dev.sweeps.trainer.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubTest {
    private static final String ID = "google-bert/bert-base-uncased";
    private static final ProxySelector DIRECT = new EnvironmentProxies(Map.of());
    private static final byte[] WEIGHTS = new byte[100_000];

    static {
        new Random(1).nextBytes(WEIGHTS);
    }

    @TempDir
    private Path cache;

    private final List<String> told = new ArrayList<>();
    private FakeHub server;

    @BeforeEach
    void start() throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        files.put("config.json", "{\"model_type\":\"bert\"}".getBytes(StandardCharsets.UTF_8));
        files.put("vocab.txt", "[PAD]\n".getBytes(StandardCharsets.UTF_8));
        files.put("tokenizer_config.json", "{}".getBytes(StandardCharsets.UTF_8));
        files.put("model.safetensors", WEIGHTS);
        files.put("pytorch_model.bin", new byte[] {1});
        server = new FakeHub(ID, files);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aModelLiesInTheCacheAsPythonLaysIt() throws IOException {
        Path model = hub().model(ID, "main");
        Path folder = cache.resolve("models--google-bert--bert-base-uncased");
        assertThat(model).isEqualTo(folder.resolve("snapshots").resolve(FakeHub.COMMIT));
        assertThat(model.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(Files.readSymbolicLink(model.resolve("model.safetensors")))
                .isEqualTo(Path.of("../../blobs", FakeHub.hash("SHA-256", WEIGHTS)));
        assertThat(folder.resolve("refs/main")).hasContent(FakeHub.COMMIT);
        try (Stream<Path> files = Files.list(model)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "config.json", "vocab.txt", "tokenizer_config.json", "model.safetensors");
        }
    }

    @Test
    void whatIsThereIsNotFetchedAgain() {
        hub().model(ID, "main");
        server.requests.clear();
        hub().model(ID, "main");
        assertThat(server.count("GET")).isZero();
        server.requests.clear();
        hub().model(ID, FakeHub.COMMIT);
        assertThat(server.requests).as("a commit never changes").isEmpty();
    }

    @Test
    void offlineTheCacheServes() {
        Path model = hub().model(ID, "main");
        server.requests.clear();
        Hub offline = hub(server.endpoint(), Optional.empty(), true);
        assertThat(offline.model(ID, "main")).isEqualTo(model);
        assertThat(server.requests).isEmpty();
        assertThatThrownBy(() -> offline.model("bert-large", "main"))
                .hasMessageContaining("bert-large is not a folder")
                .hasMessageContaining("HF_HUB_OFFLINE is set");
    }

    @Test
    void aHubThatCannotBeReachedIsReplacedByTheCache() {
        Path model = hub().model(ID, "main");
        URI endpoint = server.endpoint();
        server.close();
        assertThat(hub(endpoint, Optional.empty(), false).model(ID, "main")).isEqualTo(model);
        assertThat(told).anySatisfy(sentence -> assertThat(sentence).contains("cannot be reached; using "));
        assertThatThrownBy(() -> hub(endpoint, Optional.empty(), false).model("other", "main"))
                .hasMessageContaining(endpoint + " cannot be reached")
                .hasMessageContaining("set HF_ENDPOINT to a Hub that can be reached");
    }

    @Test
    void aModelWithANewNameIsFoundByItsOldOne() {
        assertThat(hub().model("old-name", "main")).exists().asString().contains("models--old-name");
    }

    @Test
    void aCutDownloadGoesOnWhereItWasCut() {
        server.cut(3);
        assertThat(hub().model(ID, "main").resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(server.count("GET /cdn/model.safetensors bytes=")).isPositive();
    }

    @Test
    void aDownloadThatBringsNothingAnyMoreIsBegunAgainWhereItStopped() {
        server.stall(2);
        assertThat(hub().model(ID, "main").resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(server.count("GET /cdn/model.safetensors bytes=")).isPositive();
    }

    @Test
    void aProcessThatWasKilledIsContinuedByTheNextOne() throws IOException {
        Path blobs = Files.createDirectories(cache.resolve("models--google-bert--bert-base-uncased/blobs"));
        Files.write(
                blobs.resolve(FakeHub.hash("SHA-256", WEIGHTS) + ".sweeps.incomplete"),
                java.util.Arrays.copyOf(WEIGHTS, 70_000));
        assertThat(hub().model(ID, "main").resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(server.count("GET /cdn/model.safetensors bytes=70000-")).isEqualTo(1);
    }

    /** As the Pods of a sweep do with a volume; {@code -Dprocesses=50} for more of them. */
    @Test
    void processesThatShareACacheFetchEachFileOnce() throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < Integer.getInteger("processes", 6); i++) {
            ProcessBuilder process = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin/java").toString(),
                    "-Xmx64m",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    FetchModel.class.getName(),
                    ID);
            process.environment()
                    .putAll(Map.of(
                            "HF_ENDPOINT", server.endpoint().toString(), "HF_HOME", cache.toString(), "NO_PROXY", "*"));
            processes.add(
                    process.redirectError(cache.resolve(i + ".err").toFile()).start());
        }
        Path model = cache.resolve("hub/models--google-bert--bert-base-uncased/snapshots/" + FakeHub.COMMIT);
        for (int i = 0; i < processes.size(); i++) {
            String printed = new String(processes.get(i).getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(processes.get(i).waitFor())
                    .as(Files.readString(cache.resolve(i + ".err")))
                    .isZero();
            assertThat(printed.strip()).isEqualTo(model.toString());
        }
        assertThat(model.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(server.count("GET")).as("%s", server.requests).isEqualTo(4);
    }

    @Test
    void bytesWithAnotherHashAreNotKept() throws IOException {
        Path blobs = Files.createDirectories(cache.resolve("models--google-bert--bert-base-uncased/blobs"));
        Path part = blobs.resolve(FakeHub.hash("SHA-256", WEIGHTS) + ".sweeps.incomplete");
        Files.write(part, new byte[70_000]);
        assertThatThrownBy(() -> hub().model(ID, "main")).hasMessageContaining("arrived with another hash");
        assertThat(part).doesNotExist();
        assertThat(hub().model(ID, "main").resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503, 500})
    void aHubWithoutTimeIsAskedAgain(int status) {
        server.trouble(status, 3);
        assertThat(hub().model(ID, "main")).exists();
    }

    @Test
    void aHubThatNeverHasTimeIsGivenUp() {
        server.trouble(429, 1_000);
        assertThatThrownBy(() -> hub().model(ID, "main")).hasMessageContaining("cannot be used: it answers 429");
    }

    @Test
    void theTokenGoesToTheHubAndNowhereElse() {
        server.token = "hf_secret";
        assertThat(hub(server.endpoint(), Optional.of("hf_secret"), false).model(ID, "main"))
                .exists();
        assertThat(server.requests)
                .filteredOn(request -> request.contains("/cdn/"))
                .isNotEmpty()
                .noneMatch(request -> request.contains("hf_secret"));
        assertThat(told).isNotEmpty().noneMatch(sentence -> sentence.contains("hf_secret"));
        assertThat(new HubSettings(server.endpoint(), Optional.of("hf_secret"), cache, false, DIRECT).toString())
                .doesNotContain("hf_secret");
    }

    @Test
    void aPrivateOrGatedOrMissingModelSaysWhatToDo() {
        server.token = "hf_secret";
        assertThatThrownBy(() -> hub().model(ID, "main"))
                .hasMessageContaining("if it is private or gated, put a token into HF_TOKEN");
        assertThatThrownBy(() ->
                        hub(server.endpoint(), Optional.of("hf_other"), false).model(ID, "main"))
                .hasMessageContaining("the token in HF_TOKEN does not open it");
        server.gate = "GatedRepo";
        assertThatThrownBy(() -> hub().model(ID, "main"))
                .hasMessageContaining("is gated: accept its terms at " + server.endpoint() + "/" + ID);
        assertThatThrownBy(() -> hub().model("nobody/nothing", "main"))
                .hasMessageContaining("there is no model nobody/nothing at ");
    }

    @Test
    void whatAModelLacksIsNamed() {
        assertThatThrownBy(() -> hub().model(ID, "v2")).hasMessageContaining("has no revision v2; correct --revision");
        server.remove("model.safetensors");
        assertThatThrownBy(() -> hub().model(ID, "main"))
                .hasMessageContaining(ID + " has no model.safetensors at revision")
                .hasMessageContaining("this trainer reads model.safetensors only");
    }

    /** Names of files come from the Hub, and a hostile one would choose where they lie. */
    @Test
    void aHubThatTriesPathsIsRefused() {
        server.commit = "../../../../etc";
        assertThatThrownBy(() -> hub().model(ID, "main"))
                .hasMessageContaining("does not answer as a Hub does: commit \"../");
        server.commit = FakeHub.COMMIT;
        server.etagPrefix = "../../x/";
        assertThatThrownBy(() -> hub().model(ID, "main")).hasMessageContaining("ETag \"../../x/");
        assertThatThrownBy(() -> hub().model(ID, "../main")).hasMessageContaining("--revision is \"../main\"");
        assertThat(Hub.isId("../x")).isFalse();
        assertThat(Hub.isId("a/../b")).isFalse();
        assertThat(Hub.isId("a/b/c")).isFalse();
        assertThat(Hub.isId("/absolute")).isFalse();
    }

    @Test
    void settingsAreThoseOfPython() {
        assertThat(settings(Map.of()).endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(settings(Map.of("HF_HOME", "/models")).cache()).isEqualTo(Path.of("/models/hub"));
        assertThat(settings(Map.of("HF_HOME", "/models", "HF_HUB_CACHE", "/c")).cache())
                .isEqualTo(Path.of("/c"));
        assertThat(settings(Map.of("XDG_CACHE_HOME", "/x")).cache()).isEqualTo(Path.of("/x/huggingface/hub"));
        assertThat(settings(Map.of("HF_HUB_OFFLINE", "1")).offline()).isTrue();
        assertThat(settings(Map.of("HF_HUB_OFFLINE", "0")).offline()).isFalse();
        assertThat(settings(Map.of("HF_ENDPOINT", "http://hub:1/")).endpoint()).isEqualTo(URI.create("http://hub:1"));
        assertThatThrownBy(() -> settings(Map.of("HF_ENDPOINT", "file:///etc")))
                .hasMessage("HF_ENDPOINT is \"file:///etc\"; use an address such as https://huggingface.co");
    }

    /** The server of the test is asked for what would lie at another address. */
    @Test
    void aProxyIsTakenButForTheHostsThatNeedNone() {
        String proxy = server.endpoint().toString();
        Map<String, String> environment =
                Map.of("HF_ENDPOINT", "http://hub.example.org", "HTTP_PROXY", proxy, "HF_HOME", cache.toString());
        assertThat(new Hub(settings(environment), Duration.ofMillis(5), told::add).model(ID, "main"))
                .exists();
        URI hub = URI.create("https://huggingface.co/x");
        for (Map<String, String> given :
                List.of(Map.of("HTTPS_PROXY", "proxy:8080"), Map.of("https_proxy", "http://proxy:8080"))) {
            InetSocketAddress address = (InetSocketAddress)
                    new EnvironmentProxies(given).select(hub).get(0).address();
            assertThat(address.getHostString() + ":" + address.getPort()).isEqualTo("proxy:8080");
        }
        for (Map<String, String> given : List.of(
                Map.of("HTTP_PROXY", "http://proxy:8080"),
                Map.of("HTTPS_PROXY", "proxy:8080", "NO_PROXY", "a.org, .huggingface.co"),
                Map.of("HTTPS_PROXY", "proxy:8080", "no_proxy", "*"))) {
            assertThat(new EnvironmentProxies(given).select(hub))
                    .as(given.toString())
                    .containsExactly(Proxy.NO_PROXY);
        }
        assertThat(new EnvironmentProxies(Map.of("HTTPS_PROXY", "proxy:8080", "NO_PROXY", "huggingface.co"))
                        .select(URI.create("https://cdn.example.org/x")))
                .as("where the Hub redirects to")
                .doesNotContain(Proxy.NO_PROXY);
    }

    /** A server that does not tell the truth about the length of a file is neither waited for nor let fill the disk. */
    @ParameterizedTest
    @CsvSource({"-1, sends more than the 99999 bytes of model.safetensors", "1, is cut again and again"})
    void aLengthThatIsNotTrueEndsTheDownload(int more, String sentence) {
        server.lieAboutLength(more);
        assertThatThrownBy(() -> hub().model(ID, "main")).hasMessageContaining(sentence);
    }

    @Test
    void whatIsWrittenCanBeReadByOthersThanItsOwner() throws IOException {
        hub().model(ID, "main");
        assertThat(Files.getPosixFilePermissions(cache.resolve("models--google-bert--bert-base-uncased/refs/main")))
                .contains(PosixFilePermission.OTHERS_READ);
    }

    private static HubSettings settings(Map<String, String> environment) {
        return HubSettings.of(environment, Optional.empty());
    }

    private Hub hub() {
        return hub(server.endpoint(), Optional.empty(), false);
    }

    private Hub hub(URI endpoint, Optional<String> token, boolean offline) {
        return new Hub(new HubSettings(endpoint, token, cache, offline, DIRECT), Duration.ofMillis(5), told::add);
    }
}
