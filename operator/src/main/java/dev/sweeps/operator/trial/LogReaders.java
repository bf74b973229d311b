package dev.sweeps.operator.trial;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.operator.cluster.Refusal;
import dev.sweeps.operator.trial.LogQueue.Failures;
import dev.sweeps.operator.trial.LogQueue.Task;
import dev.sweeps.operator.trial.ReportCounter.Counted;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Reads logs on threads of its own, so that a long or slow one holds up nothing else. The caller gets what was read last, and is called
 * when something newer is there.
 *
 * <p>Limits: {@value #THREADS} logs at the same time, each with one connection; {@link LogQueue} says which. A request ends after
 * {@link TrialLog#TIMEOUT}, so that a node that never answers holds all readers up for that time at most, and one of them afterwards.
 */
@ApplicationScoped
public class LogReaders {
    static final int THREADS = 8;

    /** How long a reading is kept that is not requested. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** Answers of the server if there is no Pod, or no container has started. */
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
    private final LogQueue queue;
    private final ScheduledThreadPoolExecutor threads;
    private int reading;
    private Consumer<ResourceID> listener = trial -> {};

    public LogReaders(TrialLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
        this.queue = new LogQueue(clock);
        this.threads = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread thread = new Thread(task, "log-reader");
            thread.setDaemon(true);
            return thread;
        });
        threads.setKeepAliveTime(60, TimeUnit.SECONDS);
        threads.allowCoreThreadTimeOut(true);
        threads.setRemoveOnCancelPolicy(true);
    }

    /** Sets the listener that is called after the log of a trial was read. */
    void onRead(Consumer<ResourceID> trialListener) {
        this.listener = trialListener;
    }

    /** Returns the time between two readings of a running trial's log. It grows with the number of running trials, so that the readers keep up. */
    Duration interval() {
        long hundreds = readings.estimatedSize() / 100;
        return TrialReconciler.PROGRESS.multipliedBy(1 + hundreds);
    }

    /**
     * The Pod whose log is read.
     *
     * @param hasEnded whether its trainer has
     */
    record Source(ResourceID trial, String pod, String node, boolean hasEnded) {
        private String key() {
            return namespace() + "/" + pod;
        }

        private String namespace() {
            return trial.getNamespace().orElseThrow();
        }
    }

    /**
     * The last reading of the Pod's log. Another is begun if there is none, if it is older than {@link #interval}, or if it was made
     * before the container ended and now it has.
     *
     * @param recorded what the status holds of earlier readings, perhaps by an earlier operator; null if nothing
     */
    Optional<LogReading> read(Source source, SweepSpec spec, TrialStatus recorded) {
        LogReading last = readings.getIfPresent(source.key());
        boolean current = last != null
                && (source.hasEnded
                        ? last.ofTheEnd() && (last.problem() == null || last.gone() || isFresh(last))
                        : isFresh(last));
        if (!current) {
            begin(source, spec, recorded);
        }
        return last == null ? unanswered(source) : Optional.of(last);
    }

    /** Returns a failed reading if the node of a log does not answer. */
    private synchronized Optional<LogReading> unanswered(Source source) {
        return queue.failures(source.node)
                .filter(failures -> source.hasEnded)
                .map(failures -> LogReading.failed(
                        problem(source.node, failures), Counted.NOTHING, false, true, false, clock.instant()));
    }

    private static String problem(String node, Failures failures) {
        return "node " + node + " has not answered " + failures.count() + (failures.count() == 1 ? " time" : " times")
                + " and is asked again after " + failures.until().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    }

    /** Forgets a trial whose result is recorded. */
    void forget(ResourceID trial, String pod) {
        String key = trial.getNamespace().orElseThrow() + "/" + pod;
        readings.invalidate(key);
        counters.invalidate(key);
    }

    private boolean isFresh(LogReading reading) {
        return Duration.between(reading.at(), clock.instant()).compareTo(interval()) < 0;
    }

    private void begin(Source source, SweepSpec spec, TrialStatus recorded) {
        if (!underWay.add(source.key())) {
            return;
        }
        Task[] task = new Task[1];
        task[0] =
                new Task(source.namespace(), String.valueOf(source.node), () -> read(task[0], source, spec, recorded));
        synchronized (this) {
            if (!queue.add(task[0])) {
                underWay.remove(source.key());
                return;
            }
        }
        startReaders();
    }

    /** Starts as many readers as may run now. Requests to a node that does not answer wait until its pause is over. */
    private synchronized void startReaders() {
        Optional<Task> next = reading < THREADS ? queue.next() : Optional.empty();
        while (next.isPresent()) {
            reading++;
            threads.execute(next.get().reading());
            next = reading < THREADS ? queue.next() : Optional.empty();
        }
        if (reading < THREADS) {
            queue.nextAttempt().ifPresent(time -> {
                long wait =
                        Math.max(100, Duration.between(clock.instant(), time).toMillis());
                if (threads.getQueue().isEmpty()) {
                    threads.schedule(this::startReaders, wait, TimeUnit.MILLISECONDS);
                }
            });
        }
    }

    private void read(Task task, Source source, SweepSpec spec, TrialStatus recorded) {
        boolean answered = true;
        try {
            LogReading result = reading(source, spec, recorded);
            answered = result.isAnswer();
            readings.put(source.key(), result);
        } finally {
            underWay.remove(source.key());
            synchronized (this) {
                reading--;
                queue.done(task, answered);
            }
            startReaders();
        }
        listener.accept(source.trial);
    }

    private LogReading reading(Source source, SweepSpec spec, TrialStatus recorded) {
        Instant now = clock.instant();
        Counted counted = Counted.NOTHING;
        try {
            if (spec.earlyTerminate() != null) {
                ReportCounter counter =
                        counters.get(source.key(), none -> ReportCounter.after(recorded, source.pod, spec));
                counted = counter.counted();
                log.count(source.namespace(), source.pod, counter, source.hasEnded);
                counted = counter.counted();
            }
            return LogReading.of(log.read(source.namespace(), source.pod, spec), counted, source.hasEnded, now);
        } catch (KubernetesClientException e) {
            boolean gone = NO_LOG.contains(e.getCode());
            boolean isAnswer = e.getCode() > 0 && e.getCode() < HttpURLConnection.HTTP_INTERNAL_ERROR;
            String words = Refusal.of("LogUnreadable", e, now).message();
            String problem = isAnswer ? words : "node " + source.node + ": " + words;
            return LogReading.failed(problem, counted, gone, source.hasEnded, isAnswer, now);
        } catch (RuntimeException e) {
            LOG.errorf(e, "the log of pod %s/%s could not be read", source.namespace(), source.pod);
            return LogReading.failed(e.toString(), counted, false, source.hasEnded, true, now);
        }
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }
}
