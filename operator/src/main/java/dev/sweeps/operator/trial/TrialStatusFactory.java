package dev.sweeps.operator.trial;

import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.Columns;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.metrics.Evidence;
import dev.sweeps.metrics.LogDigest;
import dev.sweeps.metrics.Metrics;
import dev.sweeps.metrics.Reports;
import dev.sweeps.metrics.Rounded;
import dev.sweeps.operator.cluster.Refusal;
import dev.sweeps.operator.status.Conditions;
import dev.sweeps.operator.status.PrinterColumns;
import dev.sweeps.operator.status.SizeLimits;
import dev.sweeps.operator.status.Timestamps;
import dev.sweeps.operator.trial.TrialLog.Extent;
import dev.sweeps.results.TrialOutcome;
import io.fabric8.kubernetes.api.model.Condition;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Makes the status of a trial from what was seen of it and what it reported. Pure. */
final class TrialStatusFactory {
    /** Maximum number of metrics in a status. */
    static final int MAX_METRICS = 64;

    /** Number of Pods lost to evictions and other disruptions after which a trial is given up. */
    static final int MAX_DISRUPTIONS = 50;

    /** Reason of a trial that was given up after {@link #MAX_DISRUPTIONS}. */
    static final String DISRUPTED_TOO_OFTEN = "DisruptedTooOften";

    /** The log cannot be read any more. */
    private static final String LOG_GONE = "LogGone";

    /** The limit at which the kubelet starts another log file. */
    private static final String ROTATION = "containerLogMaxSize, 10 MB unless the cluster says otherwise";

    private TrialStatusFactory() {}

    /**
     * @param log the last reading of the log of the observed Pod
     * @param now for conditions that change
     */
    static TrialStatus status(Sweep sweep, Trial trial, TrialObservation seen, Optional<LogReading> log, Instant now) {
        Metric metric = sweep.getSpec().metric();
        Optional<TrialStatus> before = Optional.ofNullable(trial.getStatus());
        LogDigest digest =
                log.map(LogReading::digestOrNothing).orElse(LogDigest.NOTHING).after(known(before, seen), metric);
        Metrics all = digest.metrics().with(seen.pod().termination().metrics());
        Optional<BigDecimal> value = TrialOutcome.value(metric, all, digest.history());
        int attempts = attempts(before, seen);
        List<String> lostNow = lostNow(before, seen);
        int disruptions = disruptions(before, lostNow);
        TrialOutcome outcome = outcome(metric, seen, all, value, log, digest.evidence(), disruptions);
        Map<String, BigDecimal> kept = kept(all.values(), metric.name());
        String message = sameState(before, seen, outcome) ? before.orElseThrow().message() : outcome.message();
        boolean ended = outcome.state().ended();
        LastPod pod = seen.pod();
        return TrialStatus.builder(outcome.state())
                .because(outcome.reason(), SizeLimits.end(message, SizeLimits.MESSAGE))
                .value(value.orElse(null))
                .metrics(kept, omitted(all.values().size(), kept.size()))
                .progress(all.step().orElse(null), digest.history())
                .bands(digest.reports().count(), digest.reports().bands())
                .lastReport(lastReport(before, seen, log))
                .attempts(attempts)
                .disruptions(
                        disruptions,
                        lostNow.stream()
                                .reduce((first, second) -> second)
                                .or(() -> before.map(TrialStatus::disruptedPod))
                                .orElse(null))
                .ranAs(
                        trial.getMetadata().getName(),
                        Optional.ofNullable(pod.name())
                                .or(() -> before.map(TrialStatus::pod))
                                .orElse(null),
                        Optional.ofNullable(pod.node())
                                .or(() -> before.map(TrialStatus::node))
                                .orElse(null))
                .exitCode(pod.exitCode())
                .times(pod.startTime(), ended ? pod.completionTime() : null)
                .conditions(
                        conditions(outcome, before.map(TrialStatus::conditions).orElse(List.of()), now))
                .columns(columns(sweep, trial, value))
                .build();
    }

    /** Returns the status of a trial that is ended early, with what it had reported. */
    static TrialStatus stopped(TrialStatus status, StopRequest why, Instant now) {
        String reason = why.reason();
        String message = why.message();
        return TrialStatus.builder(State.STOPPED)
                .because(reason, SizeLimits.end(message, SizeLimits.MESSAGE))
                .value(status.value())
                .metrics(status.metrics(), status.metricsOmitted())
                .progress(status.step(), status.history())
                .bands(status.reports(), status.bands())
                .lastReport(status.lastReportTime())
                .attempts(status.attempts())
                .disruptions(status.disruptions(), status.disruptedPod())
                .ranAs(status.job(), status.pod(), status.node())
                .times(status.startTime(), Timestamps.of(now))
                .conditions(List.of(Conditions.condition(
                        status.conditions(),
                        "Complete",
                        true,
                        reason,
                        SizeLimits.end(message, SizeLimits.MESSAGE),
                        null,
                        now)))
                .columns(status.columns())
                .build();
    }

    /** Returns the status of a trial without a Job. */
    static TrialStatus notStarted(Sweep sweep, Trial trial) {
        return TrialStatus.builder(State.PENDING)
                .columns(columns(sweep, trial, Optional.empty()))
                .build();
    }

    /** Returns the status of a trial whose Job the cluster refuses for now. */
    static TrialStatus refused(Sweep sweep, Trial trial, Refusal refusal) {
        TrialStatus.Builder status = TrialStatus.builder(State.PENDING)
                .because(refusal.reason(), SizeLimits.beginning(refusal.message(), SizeLimits.MESSAGE))
                .columns(columns(sweep, trial, Optional.empty()));
        TrialStatus before = trial.getStatus();
        return before == null
                ? status.build()
                : status.attempts(before.attempts())
                        .disruptions(before.disruptions(), before.disruptedPod())
                        .progress(null, before.history())
                        .bands(before.reports(), before.bands())
                        .lastReport(before.lastReportTime())
                        .ranAs(null, before.pod(), before.node())
                        .build();
    }

    /** Returns the time from which reports in the log are counted after a restart of the operator. */
    private static String lastReport(Optional<TrialStatus> before, TrialObservation seen, Optional<LogReading> log) {
        return log.map(reading -> reading.counted().lastReport())
                .filter(time -> !time.equals(Instant.EPOCH))
                .map(Instant::toString)
                .or(() -> ofTheSamePod(before, seen).map(TrialStatus::lastReportTime))
                .orElse(null);
    }

    private static Optional<TrialStatus> ofTheSamePod(Optional<TrialStatus> before, TrialObservation seen) {
        return before.filter(
                status -> seen.pod().name() == null || seen.pod().name().equals(status.pod()));
    }

    /**
     * What the status already holds of the same Pod's log: it is never overwritten by less. Of an earlier Pod the curve is kept, which the
     * program may continue, and no value: what counts is what the last Pod reports.
     */
    private static LogDigest known(Optional<TrialStatus> before, TrialObservation seen) {
        boolean isSamePod = ofTheSamePod(before, seen).isPresent();
        return before.map(status -> new LogDigest(
                        isSamePod && status.metrics() != null ? new Metrics(status.metrics(), Set.of()) : Metrics.NONE,
                        status.history() == null ? List.of() : status.history(),
                        true,
                        Reports.of(status)))
                .orElse(LogDigest.NOTHING);
    }

    /** Returns the number of Pods started. Pods that are gone were counted when they were observed. */
    private static int attempts(Optional<TrialStatus> before, TrialObservation seen) {
        int counted = before.map(TrialStatus::attempts).orElse(0);
        String name = seen.pod().name();
        boolean another = name != null
                && before.map(TrialStatus::pod).filter(pod -> !pod.equals(name)).isPresent();
        return Math.max(seen.attempts().pods().size(), another ? counted + 1 : counted);
    }

    private static int disruptions(Optional<TrialStatus> before, List<String> lostNow) {
        return before.map(TrialStatus::disruptions).orElse(0) + lostNow.size();
    }

    /**
     * Returns the Pods lost to disruptions that the status does not count yet: the Pod that the status names, the last Pod, or both. A Pod that came
     * and went between two passes is not counted.
     */
    private static List<String> lostNow(Optional<TrialStatus> before, TrialObservation seen) {
        Optional<String> known = before.map(TrialStatus::pod);
        Optional<String> last = Optional.ofNullable(seen.pod().name());
        Optional<String> counted = before.map(TrialStatus::disruptedPod);
        Optional<String> endedTheTrial = seen.state().ended() ? last.or(() -> known) : Optional.empty();
        return Stream.of(known, last)
                .flatMap(Optional::stream)
                .distinct()
                .filter(pod -> !counted.equals(Optional.of(pod)) && !endedTheTrial.equals(Optional.of(pod)))
                .filter(pod -> seen.attempts().disrupted().contains(pod) || hasVanished(before, pod, seen))
                .toList();
    }

    /** Whether a Pod that existed is gone and its end was not seen. */
    private static boolean hasVanished(Optional<TrialStatus> before, String pod, TrialObservation seen) {
        return !seen.attempts().pods().contains(pod)
                && before.filter(status -> pod.equals(status.pod())
                                && (status.state() == State.RUNNING
                                        || TrialObservation.TERMINATING.equals(status.reason())))
                        .isPresent();
    }

    /** Returns the number of Pods that were not lost to a disruption. */
    static int ownAttempts(Trial trial, TrialObservation seen) {
        Optional<TrialStatus> before = Optional.ofNullable(trial.getStatus());
        return attempts(before, seen) - disruptions(before, lostNow(before, seen));
    }

    /** Returns the outcome. A trial that Kubernetes counts as a success has failed if it reported no metric, or one that is not a number. */
    private static TrialOutcome outcome(
            Metric metric,
            TrialObservation seen,
            Metrics all,
            Optional<BigDecimal> value,
            Optional<LogReading> log,
            Evidence evidence,
            int disruptions) {
        if (!seen.state().ended() && disruptions > MAX_DISRUPTIONS) {
            return new TrialOutcome(
                    State.FAILED,
                    DISRUPTED_TOO_OFTEN,
                    "its Pods were evicted or otherwise disrupted more than " + MAX_DISRUPTIONS
                            + " times; give it a place where it is left alone (priorityClassName, nodeSelector or smaller"
                            + " requests in the template), then delete this Trial to run it again");
        }
        if (seen.state() != State.SUCCEEDED) {
            return new TrialOutcome(seen.state(), seen.reason(), seen.message());
        }
        boolean logIsNeeded = !seen.pod().termination().metrics().names(metric.name());
        boolean isMissing = value.isEmpty() && !all.names(metric.name());
        return log.filter(reading -> logIsNeeded)
                .flatMap(reading -> reading.problem() != null
                        ? withoutItsLog(reading, value, isMissing)
                        : withAnotherLog(metric, reading, value, isMissing))
                .orElseGet(() -> TrialOutcome.of(
                        metric, all, value, seen.pod().termination().collapsed(), evidence));
    }

    /** Returns the outcome of a trial whose log could not be read at its end. */
    private static Optional<TrialOutcome> withoutItsLog(LogReading log, Optional<BigDecimal> value, boolean isMissing) {
        if (!log.gone()) {
            return Optional.of(new TrialOutcome(
                    State.RUNNING,
                    "LogUnreadable",
                    "it has ended and left no termination message, and its log cannot be read: " + log.problem()));
        }
        if (isMissing) {
            return Optional.of(new TrialOutcome(
                    State.FAILED,
                    LOG_GONE,
                    "it left no termination message, and its log was gone before it could be read (" + log.problem()
                            + "); delete this Trial to run it again"));
        }
        return value.map(last -> new TrialOutcome(
                State.SUCCEEDED,
                LOG_GONE,
                "the value is the last one that was read while it ran; the end of its log was gone before it could be"
                        + " read (" + log.problem() + ")"));
    }

    /** Returns the outcome of a trial whose log at the end lacks what had been printed before, because the kubelet started another file. */
    private static Optional<TrialOutcome> withAnotherLog(
            Metric metric, LogReading log, Optional<BigDecimal> value, boolean isMissing) {
        String wayOut = "print less, or write {\"" + metric.name() + "\": ...} to /dev/termination-log at the end";
        if (log.extent() == Extent.EMPTY && isMissing) {
            return Optional.of(new TrialOutcome(
                    State.FAILED,
                    "MetricMissing",
                    "its log is empty: it printed nothing, or so much that the kubelet began another file after the last"
                            + " line (" + ROTATION + "). Print a line {\"" + metric.name() + "\": ...} or "
                            + metric.name() + "=...; if it did, " + wayOut));
        }
        boolean isWhole = log.extent() != Extent.END;
        if (isWhole && !log.digest().metrics().names(metric.name())) {
            return value.map(last -> new TrialOutcome(
                    State.SUCCEEDED,
                    "LogRotated",
                    "the value is the last one that was read while it ran: the kubelet has begun another log file since ("
                            + ROTATION
                            + "), and what was printed in between cannot be read. To be sure of the last value, "
                            + wayOut));
        }
        return Optional.empty();
    }

    /** Whether only the message about an image pull has changed, between two of which the kubelet alternates. */
    private static boolean sameState(Optional<TrialStatus> before, TrialObservation seen, TrialOutcome outcome) {
        return TrialObservation.IMAGE_PULL_BACK_OFF.equals(outcome.reason())
                && before.filter(status -> outcome.reason().equals(status.reason())
                                && status.message() != null
                                && Objects.equals(status.pod(), seen.pod().name()))
                        .isPresent();
    }

    /** Returns the metric of the sweep and the first others by name. */
    private static Map<String, BigDecimal> kept(Map<String, BigDecimal> all, String metric) {
        Map<String, BigDecimal> kept = new TreeMap<>();
        if (all.containsKey(metric)) {
            kept.put(metric, all.get(metric));
        }
        for (Map.Entry<String, BigDecimal> other : new TreeMap<>(all).entrySet()) {
            if (kept.size() < MAX_METRICS) {
                kept.put(other.getKey(), other.getValue());
            }
        }
        return kept;
    }

    private static Integer omitted(int all, int kept) {
        return all == kept ? null : all - kept;
    }

    private static List<Condition> conditions(TrialOutcome outcome, List<Condition> previous, Instant now) {
        if (!outcome.state().ended()) {
            return List.of();
        }
        boolean complete = outcome.state() == State.SUCCEEDED;
        return List.of(Conditions.condition(
                previous,
                complete ? "Complete" : "Failed",
                true,
                outcome.reason() == null ? "MetricReported" : outcome.reason(),
                outcome.message() == null
                        ? "the trial ended with its metric"
                        : SizeLimits.end(outcome.message(), SizeLimits.MESSAGE),
                null,
                now));
    }

    private static Columns columns(Sweep sweep, Trial trial, Optional<BigDecimal> value) {
        return new Columns(
                value.map(Rounded::of).orElse(null),
                PrinterColumns.line(
                        PrinterColumns.varying(sweep.getSpec(), trial.getSpec().parameters())));
    }
}
