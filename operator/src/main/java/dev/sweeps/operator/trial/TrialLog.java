package dev.sweeps.operator.trial;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.metrics.LogDigest;
import dev.sweeps.metrics.MetricLine;
import dev.sweeps.metrics.Metrics;
import dev.sweeps.metrics.Reports;
import dev.sweeps.search.Hyperband;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Reads the metric lines at the end of a trial's log through the API server. */
@ApplicationScoped
public class TrialLog {
    /** Bytes read of one log, whatever it holds. */
    static final int MAX_BYTES = 4 << 20;

    /** Bytes of a second that is larger: more than the kubelet keeps of a log, as long as nobody has told it otherwise. */
    static final int MAX_SECOND = 16 << 20;

    /** Pieces of so many bytes that one reading takes of a log; the next goes on. */
    private static final int MAX_PAGES = 64;

    /**
     * Lines asked for, until those that are left fit into {@link #MAX_BYTES}: the server counts bytes from the beginning only, and what
     * is wanted is the end. A container runtime splits long lines into pieces of 16 KB, so that the last 200 always fit.
     */
    private static final List<Integer> TAILS = List.of(5_000, 1_000, 200);

    private final KubernetesClient client;

    public TrialLog(KubernetesClient client) {
        this.client = client;
    }

    /** How much of a log the API server gave. */
    enum Extent {
        /** There is nothing in it: nothing was printed, or the kubelet has begun another file since. */
        EMPTY,
        /** All that is in the file of the kubelet. */
        WHOLE,
        /** The last lines. */
        END
    }

    /** What the end of a log says. */
    record End(LogDigest digest, Extent extent) {}

    /**
     * What the end of the log says of the metric of a sweep.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException if the log could not be read: that a trial reported nothing is said
     *     only of a log that was read
     */
    End read(String namespace, String pod, SweepSpec spec) {
        String text = "";
        int lines = 0;
        for (int tail : TAILS) {
            lines = tail;
            text = tail(namespace, pod, tail);
            if (text.getBytes(StandardCharsets.UTF_8).length < MAX_BYTES) {
                break;
            }
        }
        // A tail that is not the whole log may begin in the middle of a line.
        boolean cut = lines < TAILS.get(0) || MetricLine.lines(text).count() >= lines;
        Stream<String> whole = MetricLine.lines(text).skip(cut ? 1 : 0);
        Extent all = text.isEmpty() ? Extent.EMPTY : Extent.WHOLE;
        return new End(LogDigest.of(whole, spec.metric()), cut ? Extent.END : all);
    }

    /**
     * How far a log has been read for what it reports.
     *
     * @param until when the last line was printed that was read
     * @param lastReport when the last report was printed; the earliest time if there was none
     */
    record Counted(Reports reports, Instant until, Instant lastReport) {
        static final Counted NOTHING = new Counted(Reports.NONE, Instant.EPOCH, Instant.EPOCH);

        /** What a status says of the log of a Pod: lines after its last report are read again, and hold none. */
        static Counted of(TrialStatus status, String pod) {
            if (status == null || status.lastReportTime() == null || !pod.equals(status.pod())) {
                return NOTHING;
            }
            Instant lastReport = time(status.lastReportTime());
            return lastReport.equals(Instant.EPOCH) ? NOTHING : new Counted(Reports.of(status), lastReport, lastReport);
        }

        /** The server knows whole seconds only: what one prints beyond {@link #MAX_SECOND} cannot be reached. */
        private Counted afterTheSecondOf(Instant time) {
            Instant later = time.isAfter(until) ? time : until;
            return new Counted(reports, later.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1), lastReport);
        }
    }

    /**
     * Counts the reports of a whole log, however long it is: what has been read before is not read again.
     *
     * @param ended whether its last line is whole even without an end
     */
    Counted count(String namespace, String pod, SweepSpec spec, Counted before, boolean ended) {
        return count((time, bytes) -> since(namespace, pod, time, bytes), spec, before, ended);
    }

    /** @param since the log from a second on, each line with its time before it, so many bytes of it */
    static Counted count(BiFunction<Instant, Integer, String> since, SweepSpec spec, Counted before, boolean ended) {
        List<Integer> bands = Hyperband.of(spec.earlyTerminate()).bands();
        Counted counted = before;
        int most = MAX_BYTES;
        for (int page = 0; page < MAX_PAGES; page++) {
            String text = since.apply(counted.until(), most);
            boolean isCut = text.getBytes(StandardCharsets.UTF_8).length >= most;
            String whole = ended && !isCut ? text : text.substring(0, text.lastIndexOf('\n') + 1);
            Counted next = counted;
            for (String line : (Iterable<String>) MetricLine.lines(whole)::iterator) {
                next = count(line, spec, bands, next);
            }
            if (!isCut) {
                return next;
            }
            if (!next.until().equals(counted.until())) {
                counted = next;
                most = MAX_BYTES;
            } else if (most < MAX_SECOND) {
                most *= 2;
            } else {
                counted = next.afterTheSecondOf(time(text));
                most = MAX_BYTES;
            }
        }
        return counted;
    }

    /** @param line with the time before it */
    private static Counted count(String line, SweepSpec spec, List<Integer> bands, Counted before) {
        Instant time = time(line);
        if (!time.isAfter(before.until())) {
            return before; // The server gives whole seconds.
        }
        Metrics metrics = MetricLine.parse(line.substring(line.indexOf(' ') + 1));
        boolean isReport = metrics.values().containsKey(spec.metric().name());
        return new Counted(
                before.reports().with(metrics, spec.metric(), bands), time, isReport ? time : before.lastReport());
    }

    /** The time with which a text begins; the earliest if it begins with none. */
    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text.split("\\s", 2)[0]).toInstant();
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
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
        // Not as a stream: closing one closes a connection that fabric8 may have given to another request already.
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
