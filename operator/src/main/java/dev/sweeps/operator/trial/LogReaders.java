package dev.sweeps.operator.trial;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.operator.cluster.Refusal;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Reads logs on threads of its own, so that a long or slow one holds up nothing else. Whoever asks gets what was read last, and is called
 * when something newer is there.
 *
 * <p>Limits: {@value #THREADS} logs at the same time, each with one connection and a few megabytes; {@value #QUEUE} wait for their turn, and
 * one that finds the queue full is asked for again at its trial's next pass.
 */
@ApplicationScoped
public class LogReaders {
    static final int THREADS = 8;
    static final int QUEUE = 10_000;

    /** Readings that nobody asked for so long are forgotten. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** The server's answers where there is no Pod, or no container that has started. */
    private static final Set<Integer> NO_LOG =
            Set.of(HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_BAD_REQUEST);

    private static final Logger LOG = Logger.getLogger(LogReaders.class);

    private final TrialLog log;
    private final Clock clock;
    private final Cache<String, LogReading> readings =
            Caffeine.newBuilder().expireAfterAccess(REMEMBERED).build();
    private final Cache<String, ReportCounter> counters =
            Caffeine.newBuilder().expireAfterAccess(REMEMBERED).build();
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor threads;
    private Consumer<ResourceID> listener = trial -> {};

    public LogReaders(TrialLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 60, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), task -> {
                    Thread thread = new Thread(task, "log-reader");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Who is told that the log of a trial was read. */
    void onRead(Consumer<ResourceID> trialListener) {
        this.listener = trialListener;
    }

    /** How often a running trial's log is worth reading: less often when many run, so that the readers are never behind. */
    Duration interval() {
        long hundreds = readings.estimatedSize() / 100;
        return TrialReconciler.PROGRESS.multipliedBy(1 + hundreds);
    }

    /**
     * The last reading of the Pod's log. Another is begun if there is none, if it is older than {@link #interval}, or if it was made
     * before the container ended and now it has.
     *
     * @param recorded what the status holds of earlier readings, perhaps by an earlier operator; null if nothing
     */
    Optional<LogReading> read(ResourceID trial, String pod, boolean ended, SweepSpec spec, TrialStatus recorded) {
        String key = trial.getNamespace().orElseThrow() + "/" + pod;
        LogReading last = readings.getIfPresent(key);
        boolean current = last != null
                && (ended
                        ? last.ofTheEnd() && (last.problem() == null || last.gone() || isFresh(last))
                        : isFresh(last));
        if (!current) {
            begin(key, trial, pod, ended, spec, recorded);
        }
        return Optional.ofNullable(last);
    }

    /** The trial's result is recorded. */
    void forget(ResourceID trial, String pod) {
        String key = trial.getNamespace().orElseThrow() + "/" + pod;
        readings.invalidate(key);
        counters.invalidate(key);
    }

    private boolean isFresh(LogReading reading) {
        return Duration.between(reading.at(), clock.instant()).compareTo(interval()) < 0;
    }

    private void begin(String key, ResourceID trial, String pod, boolean ended, SweepSpec spec, TrialStatus recorded) {
        if (!underWay.add(key)) {
            return;
        }
        try {
            threads.execute(() -> {
                try {
                    ReportCounter counter = counters.get(key, none -> ReportCounter.after(recorded, pod, spec));
                    readings.put(key, reading(trial.getNamespace().orElseThrow(), pod, ended, spec, counter));
                } finally {
                    underWay.remove(key);
                }
                listener.accept(trial);
            });
        } catch (RejectedExecutionException e) {
            underWay.remove(key);
        }
    }

    private LogReading reading(String namespace, String pod, boolean ended, SweepSpec spec, ReportCounter counter) {
        Instant now = clock.instant();
        try {
            if (spec.earlyTerminate() != null) {
                log.count(namespace, pod, counter, ended);
            }
            return LogReading.of(log.read(namespace, pod, spec), counter.counted(), ended, now);
        } catch (KubernetesClientException e) {
            boolean gone = NO_LOG.contains(e.getCode());
            return LogReading.failed(
                    Refusal.of("LogUnreadable", e, now).message(), counter.counted(), gone, ended, now);
        } catch (RuntimeException e) {
            LOG.errorf(e, "the log of pod %s/%s could not be read", namespace, pod);
            return LogReading.failed(e.toString(), counter.counted(), false, ended, now);
        }
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }
}
