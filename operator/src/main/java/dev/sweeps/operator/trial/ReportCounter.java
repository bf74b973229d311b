package dev.sweeps.operator.trial;

import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.metrics.LogDigest;
import dev.sweeps.metrics.Reports;
import dev.sweeps.search.Hyperband;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.BiFunction;

/** Counts the reports in the log of one Pod, however long it is. Each line is read once. Not safe for several threads. */
final class ReportCounter {
    /** Maximum number of bytes of one second: more than the kubelet keeps of a log unless it is configured otherwise. */
    static final int MAX_SECOND = 16 << 20;

    /** Maximum number of pieces of a log in one reading; the next reading goes on. */
    private static final int MAX_PAGES = 64;

    private final LogDigest.Reader reader;
    private Reports reports;
    private Instant until;
    private Instant lastReport;

    private ReportCounter(SweepSpec spec, Reports before, Instant lastReport, boolean isSameLog) {
        this.reader = new LogDigest.Reader(
                spec.metric(),
                spec.earlyTerminate() == null
                        ? List.of()
                        : Hyperband.of(spec.earlyTerminate()).bands(),
                before,
                isSameLog);
        this.reports = before;
        this.until = lastReport;
        this.lastReport = lastReport;
    }

    /**
     * How far a log has been read for what it reports.
     *
     * @param lastReport when the last report was printed; the earliest time if there was none
     */
    record Counted(Reports reports, Instant lastReport) {
        static final Counted NOTHING = new Counted(Reports.NONE, Instant.EPOCH);
    }

    /** Returns a counter that continues from the status, for the same Pod or the next one. */
    static ReportCounter after(TrialStatus status, String pod, SweepSpec spec) {
        if (status == null) {
            return new ReportCounter(spec, Reports.NONE, Instant.EPOCH, true);
        }
        Instant lastReport = pod.equals(status.pod()) ? time(status.lastReportTime()) : Instant.EPOCH;
        boolean isSameLog = !lastReport.equals(Instant.EPOCH);
        boolean isAnotherPod = status.pod() != null && !pod.equals(status.pod());
        return new ReportCounter(
                spec, isSameLog || isAnotherPod ? Reports.of(status) : Reports.NONE, lastReport, isSameLog);
    }

    Counted counted() {
        return new Counted(reports, lastReport);
    }

    /**
     * Reads on to the present end of the log.
     *
     * @param since the log from a second on, each line with its time before it, so many bytes of it
     * @param ended whether its last line is whole even without an end
     */
    void read(BiFunction<Instant, Integer, String> since, boolean ended) {
        int most = TrialLog.MAX_BYTES;
        for (int page = 0; page < MAX_PAGES; page++) {
            String text = since.apply(until, most);
            boolean isCut = text.getBytes(StandardCharsets.UTF_8).length >= most;
            String whole = ended && !isCut ? text : text.substring(0, text.lastIndexOf('\n') + 1);
            Instant before = until;
            LogDigest.lines(whole).forEachOrdered(this::add);
            if (!isCut) {
                break;
            }
            if (!until.equals(before)) {
                most = TrialLog.MAX_BYTES;
            } else if (most < MAX_SECOND) {
                most *= 2;
            } else {
                passOver(time(text));
                most = TrialLog.MAX_BYTES;
            }
        }
        reports = (ended ? reader.end() : reader.digest()).reports();
    }

    /** Advances by a second, because the server accepts whole seconds only. Output beyond {@link #MAX_SECOND} in one second cannot be read. */
    private void passOver(Instant second) {
        Instant later = second.isAfter(until) ? second : until;
        until = later.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    }

    /** @param line with the time before it */
    private void add(String line) {
        Instant time = time(line);
        if (!time.isAfter(until)) {
            return; // The server gives whole seconds.
        }
        until = time;
        if (reader.add(line.substring(line.indexOf(' ') + 1))) {
            lastReport = time;
        }
    }

    /** Returns the time at the start of a text; the earliest time if there is none. */
    private static Instant time(String text) {
        try {
            return text == null
                    ? Instant.EPOCH
                    : OffsetDateTime.parse(text.split("\\s", 2)[0]).toInstant();
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }
}
