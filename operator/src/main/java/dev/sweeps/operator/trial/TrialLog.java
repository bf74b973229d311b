package dev.sweeps.operator.trial;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.metrics.LogDigest;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Reads the metric lines at the end of a trial's log through the API server. */
@ApplicationScoped
public class TrialLog {
    /** Maximum number of bytes that are read of one log. */
    static final int MAX_BYTES = 4 << 20;

    /**
     * Lines asked for, until those that are left fit into {@link #MAX_BYTES}: the server counts bytes from the beginning only, and what
     * is wanted is the end. A container runtime splits long lines into pieces of 16 KB, so that the last 200 always fit.
     */
    private static final List<Integer> TAILS = List.of(5_000, 1_000, 200);

    /** Timeout of one request. The API server itself waits longer for a kubelet that never answers. */
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Megabytes of logs in memory over all readers. A text and its copies take about four times its bytes. */
    private static final int MEMORY = 128;

    private static final int COPIES = 4;

    /** HTTP status "Too Many Requests", for a limit of the operator. */
    private static final int TOO_MANY = 429;

    private final KubernetesClient client;
    private final Semaphore memory = new Semaphore(MEMORY, true);

    public TrialLog(KubernetesClient client) {
        this.client = withoutRetries(client);
    }

    /** Returns a client with the same connections that does not repeat failed requests for minutes, as the default client does. */
    public static KubernetesClient withoutRetries(KubernetesClient client) {
        RequestConfig once = new RequestConfigBuilder()
                .withRequestRetryBackoffLimit(0)
                .withRequestTimeout((int) TIMEOUT.toMillis())
                .build();
        return client.newClient(once).adapt(KubernetesClient.class);
    }

    /** How much of a log the API server returned. */
    enum Extent {
        /** The log is empty: nothing was printed, or the kubelet has started another file since. */
        EMPTY,
        /** Everything in the log file of the kubelet. */
        WHOLE,
        /** The last lines. */
        END
    }

    /** The end of a log. */
    record End(LogDigest digest, Extent extent) {}

    /**
     * What the end of the log says of the metric of a sweep.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException if the log could not be read: that a trial reported nothing is said
     *     only of a log that was read
     */
    End read(String namespace, String pod, SweepSpec spec) {
        memory.acquireUninterruptibly(megabytes(MAX_BYTES));
        try {
            return readEnd(namespace, pod, spec);
        } finally {
            memory.release(megabytes(MAX_BYTES));
        }
    }

    private static int megabytes(int bytes) {
        return COPIES * (bytes >> 20);
    }

    private End readEnd(String namespace, String pod, SweepSpec spec) {
        String text = "";
        int lines = 0;
        for (int tail : TAILS) {
            lines = tail;
            text = tail(namespace, pod, tail);
            if (text.getBytes(StandardCharsets.UTF_8).length < MAX_BYTES) {
                break;
            }
        }
        // A tail that is not the whole log may begin within a line.
        boolean cut = lines < TAILS.get(0) || LogDigest.lines(text).count() >= lines;
        Stream<String> whole = LogDigest.lines(text).skip(cut ? 1 : 0);
        Extent all = text.isEmpty() ? Extent.EMPTY : Extent.WHOLE;
        return new End(LogDigest.of(whole, spec.metric()), cut ? Extent.END : all);
    }

    /** Reads on in a log for what it reports, up to its present end. */
    void count(String namespace, String pod, ReportCounter counter, boolean ended) {
        memory.acquireUninterruptibly(megabytes(MAX_BYTES));
        AtomicInteger more = new AtomicInteger();
        try {
            counter.read(
                    (time, bytes) -> {
                        memory.release(more.getAndSet(0)); // The piece before has been read.
                        more.set(memoryFor(bytes));
                        return since(namespace, pod, time, bytes);
                    },
                    ended);
        } finally {
            memory.release(megabytes(MAX_BYTES) + more.get());
        }
    }

    /** Acquires memory for a larger piece. The wait is limited, because two readers could otherwise wait for each other forever. */
    private int memoryFor(int bytes) {
        int more = megabytes(bytes) - megabytes(MAX_BYTES);
        try {
            if (more > 0 && !memory.tryAcquire(more, TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                throw new KubernetesClientException(
                        "other logs take the memory for " + (bytes >> 20) + " MB of this one; it is read later",
                        TOO_MANY,
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KubernetesClientException("interrupted", TOO_MANY, null);
        }
        return more;
    }

    private String since(String namespace, String pod, Instant time, int bytes) {
        var log = client.pods()
                .inNamespace(namespace)
                .withName(pod)
                .inContainer(Api.TRAINER_CONTAINER)
                .withReadyWaitTimeout(0)
                .usingTimestamps()
                .limitBytes(bytes);
        return time.equals(Instant.EPOCH)
                ? log.getLog()
                : log.sinceTime(time.truncatedTo(ChronoUnit.SECONDS).toString()).getLog();
    }

    private String tail(String namespace, String pod, int lines) {
        // Not as a stream, because closing one closes a connection that fabric8 may have given to another request
        // already.
        return client.pods()
                .inNamespace(namespace)
                .withName(pod)
                .inContainer(Api.TRAINER_CONTAINER)
                .withReadyWaitTimeout(0) // Else fabric8 watches the Pod until it is ready, each time.
                .limitBytes(MAX_BYTES)
                .tailingLines(lines)
                .getLog();
    }
}
