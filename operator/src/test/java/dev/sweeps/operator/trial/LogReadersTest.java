package dev.sweeps.operator.trial;

import static dev.sweeps.operator.Objects.SWEEP;
import static dev.sweeps.operator.Objects.sweep;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.operator.trial.LogReaders.Source;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers for its nodes as the API server does: with the log, with 500, or not at all. */
class LogReadersTest {
    private final SweepSpec spec = sweep(SWEEP).getSpec();
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicInteger refused = new AtomicInteger();
    private HttpServer server;
    private KubernetesClient client;
    private LogReaders readers;

    @BeforeEach
    void aServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            byte[] body = "eval_acc=0.9\n".getBytes(StandardCharsets.UTF_8);
            int code = 200;
            if (path.contains("silent")) {
                await(over);
            } else if (path.contains("unreachable")) {
                refused.incrementAndGet();
                code = 500;
                body = "{\"kind\":\"Status\",\"code\":500,\"message\":\"no preferred addresses found\"}"
                        .getBytes(StandardCharsets.UTF_8);
            }
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withAutoConfigure(false)
                        .build())
                .build();
        readers = new LogReaders(new TrialLog(client), Clock.systemUTC());
    }

    @AfterEach
    void end() {
        over.countDown();
        readers.stop();
        client.close();
        server.stop(0);
    }

    @Test
    void aNodeThatAnswersWithErrorsHoldsUpNoOther() throws InterruptedException {
        CountDownLatch read = new CountDownLatch(1);
        readers.onRead(trial -> {
            if (trial.getName().equals("healthy")) {
                read.countDown();
            }
        });
        for (int i = 0; i < 200; i++) {
            readers.read(source("unreachable-" + i, "dead"), spec, null);
        }
        readers.read(source("healthy", "alive"), spec, null);
        assertThat(read.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(refused.get()).isLessThanOrEqualTo(3 * LogReaders.THREADS);
        assertThat(readers.read(source("healthy", "alive"), spec, null)
                        .orElseThrow()
                        .digest()
                        .metrics()
                        .values())
                .containsKey("eval_acc");
        Optional<LogReading> unread = readers.read(source("unreachable-199", "dead"), spec, null);
        assertThat(unread.orElseThrow().problem()).contains("node dead has not answered");
    }

    @Test
    void aNodeThatNeverAnswersHoldsUpAllReadersOnceAndOneOfThemLater() throws InterruptedException {
        CountDownLatch read = new CountDownLatch(20);
        readers.onRead(trial -> {
            if (trial.getName().startsWith("healthy")) {
                read.countDown();
            }
        });
        for (int i = 0; i < 50; i++) {
            readers.read(source("silent-" + i, "dead"), spec, null);
        }
        for (int i = 0; i < 20; i++) {
            readers.read(source("healthy-" + i, "alive"), spec, null);
        }
        // With no limit of its own a request would wait for minutes, and eight of them for 50 logs an hour.
        assertThat(read.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private static Source source(String name, String node) {
        return new Source(new ResourceID(name, "default"), name, node, true);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
