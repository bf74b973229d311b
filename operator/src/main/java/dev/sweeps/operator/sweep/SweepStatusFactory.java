package dev.sweeps.operator.sweep;

import static dev.sweeps.api.v1alpha1.TrialStatus.State.FAILED;
import static dev.sweeps.api.v1alpha1.TrialStatus.State.PENDING;
import static dev.sweeps.api.v1alpha1.TrialStatus.State.QUEUED;
import static dev.sweeps.api.v1alpha1.TrialStatus.State.RUNNING;
import static dev.sweeps.api.v1alpha1.TrialStatus.State.STOPPED;
import static dev.sweeps.api.v1alpha1.TrialStatus.State.SUCCEEDED;

import dev.sweeps.analysis.Analysis;
import dev.sweeps.analysis.Best;
import dev.sweeps.analysis.Importance.Effect;
import dev.sweeps.analysis.Noise;
import dev.sweeps.analysis.ParameterEffect;
import dev.sweeps.analysis.TrialTable;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.SweepStatus.Columns;
import dev.sweeps.api.v1alpha1.SweepStatus.Group;
import dev.sweeps.api.v1alpha1.SweepStatus.ParameterSummary;
import dev.sweeps.api.v1alpha1.SweepStatus.State;
import dev.sweeps.api.v1alpha1.SweepStatus.TrialCounts;
import dev.sweeps.api.v1alpha1.SweepStatus.ValueSummary;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.metrics.Rounded;
import dev.sweeps.operator.cluster.Refusal;
import dev.sweeps.operator.status.Conditions;
import dev.sweeps.operator.status.PrinterColumns;
import dev.sweeps.operator.status.SizeLimits;
import dev.sweeps.operator.status.Timestamps;
import dev.sweeps.plan.SweepPlan;
import dev.sweeps.plan.SweepPlan.End;
import dev.sweeps.plan.SweepTrials;
import dev.sweeps.results.RunTimes;
import dev.sweeps.results.SweepResults;
import dev.sweeps.validation.SharedFolders;
import io.fabric8.kubernetes.api.model.Condition;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the status of a sweep from its trials. Pure. */
final class SweepStatusFactory {
    static final String ACCEPTED = "Accepted";
    static final String COMPLETE = "Complete";

    /** Reason of a sweep that could not be validated yet. */
    static final String NOT_VALIDATED = "NotValidated";

    /** Maximum bytes of {@code status.groups}. */
    private static final int MAX_GROUPS_SIZE = 12_288;
    /** Maximum bytes of {@code status.parameters}. */
    private static final int MAX_PARAMETERS_SIZE = 6_144;
    /** Maximum bytes of {@code status.summary}. */
    private static final int MAX_SUMMARY = 1_536;

    /** Number of digits of a mean, more than any metric has. */
    private static final MathContext MEAN = new MathContext(10, RoundingMode.HALF_EVEN);

    private SweepStatusFactory() {}

    /** Returns the status of a sweep that cannot run. Its results so far stay. */
    static SweepStatus rejected(Sweep sweep, String reason, String message, Instant now) {
        return notAccepted(State.REJECTED, sweep, reason, message, now);
    }

    /** Returns the status of a sweep that the server cannot validate yet. Its results so far stay. */
    static SweepStatus notValidated(Sweep sweep, Refusal refusal, Instant now) {
        String message = "the API server has not validated the template yet and is asked again: " + refusal.message();
        return notAccepted(State.PENDING, sweep, refusal.reason(), message, now);
    }

    private static SweepStatus notAccepted(State state, Sweep sweep, String reason, String message, Instant now) {
        SweepStatus before = sweep.getStatus();
        Long generation = sweep.getMetadata().getGeneration();
        Condition accepted = Conditions.condition(
                before == null ? null : before.conditions(),
                ACCEPTED,
                false,
                reason,
                SizeLimits.beginning(message, SizeLimits.MESSAGE),
                generation,
                now);
        return SweepStatus.notAccepted(state, generation, List.of(accepted), before);
    }

    /**
     * The status of a sweep that runs or has run. Trials of values that were removed from the space do not count.
     *
     * @param all every trial of the sweep
     * @param refusal why no more trials could be created, if the cluster refused one
     * @param analyse is asked once nothing runs
     */
    static SweepStatus status(
            Sweep sweep,
            SweepPlan plan,
            SweepTrials all,
            Optional<Refusal> refusal,
            Function<TrialTable, Analysis> analyse,
            Instant now) {
        SweepSpec spec = sweep.getSpec();
        List<Trial> trials = all.inSpace();
        TrialCounts counts = counts(spec, plan, all);
        SweepResults results = SweepResults.of(sweep, Optional.of(plan.search()), trials);
        RunTimes times = RunTimes.of(results);
        TrialTable table = TrialTable.of(results);
        Set<String> varying = PrinterColumns.varying(spec);
        Optional<Best> best = Best.of(table, Noise.UNKNOWN, varying);
        List<TrialTable> groups = table.groups(spec.groupBy());
        List<Group> kept = keptGroups(spec, groups, varying);
        State state = state(spec, plan.end(), counts);
        boolean done = state == State.COMPLETE || state == State.FAILED;
        Optional<Analysis> analysis = (done || state == State.SUSPENDED) && best.isPresent()
                ? Optional.of(analyse.apply(table))
                : Optional.empty();
        List<ParameterSummary> parameters =
                analysis.map(SweepStatusFactory::parameters).orElse(List.of());
        List<ParameterSummary> keptParameters = keptParameters(parameters);
        Optional<Waiting> waiting = waiting(all, refusal);
        return new SweepStatus(
                sweep.getMetadata().getGeneration(),
                state,
                conditions(sweep, plan.end(), state, counts, waiting, failureMessage(all), now),
                counts,
                analysis.map(found -> SizeLimits.beginning(found.summary(), MAX_SUMMARY))
                        .orElse(null),
                best.map(SweepStatusFactory::best).orElse(null),
                kept.isEmpty() ? null : kept,
                kept.size() == groups.size() ? null : groups.size() - kept.size(),
                keptParameters.isEmpty() ? null : keptParameters,
                keptParameters.size() == parameters.size() ? null : parameters.size() - keptParameters.size(),
                Optional.ofNullable(sweep.getStatus())
                        .map(SweepStatus::startTime)
                        .orElse(Timestamps.of(now)),
                done ? completionTime(sweep, trials, now) : null,
                done ? null : times.end().map(Timestamps::of).orElse(null),
                gpuSeconds(spec, times),
                columns(counts, best));
    }

    /**
     * What of a status is worth a write at once.
     *
     * @param reason of the condition Complete: why it does not move on
     */
    record Headline(Long generation, State state, String reason) {
        /** Returns the headline of a status; empty if there is none. */
        static Optional<Headline> of(SweepStatus status) {
            return status == null
                    ? Optional.empty()
                    : Optional.of(new Headline(
                            status.observedGeneration(),
                            status.state(),
                            Conditions.find(status.conditions(), COMPLETE)
                                    .map(Condition::getReason)
                                    .orElse("")));
        }
    }

    /** Returns the headline of the status that {@link #status} would make, at a cost that does not grow with the trials. */
    static Headline headline(Sweep sweep, SweepPlan plan, SweepTrials all, Optional<Refusal> refusal) {
        State state = state(sweep.getSpec(), plan.end(), counts(sweep.getSpec(), plan, all));
        return new Headline(
                sweep.getMetadata().getGeneration(), state, reason(state, plan.end(), waiting(all, refusal)));
    }

    private static TrialCounts counts(SweepSpec spec, SweepPlan plan, SweepTrials all) {
        int total = Math.toIntExact(plan.search().size() * spec.replicates());
        int there = Stream.of(TrialStatus.State.values()).mapToInt(all::count).sum();
        return new TrialCounts(
                total,
                // A user may have created a second Trial of a point by hand.
                Math.max(0, total - there),
                all.count(PENDING),
                all.count(QUEUED),
                all.count(RUNNING),
                all.count(SUCCEEDED),
                all.count(FAILED),
                all.count(STOPPED));
    }

    private static int ended(TrialCounts counts) {
        return counts.succeeded() + counts.failed() + counts.stopped();
    }

    private static State state(SweepSpec spec, Optional<End> end, TrialCounts counts) {
        boolean inFlight = counts.pending() + counts.queued() + counts.running() > 0;
        if (ended(counts) >= counts.total() || end.isPresent() && !inFlight) {
            boolean failed = end.filter(End.TOO_MANY_FAILED::equals).isPresent()
                    || end.isEmpty() && counts.succeeded() + counts.stopped() == 0;
            return failed ? State.FAILED : State.COMPLETE;
        }
        if (spec.suspend() && !inFlight) {
            return State.SUSPENDED;
        }
        return counts.running() + ended(counts) > 0 ? State.RUNNING : State.PENDING;
    }

    private static String accepted(SweepSpec spec) {
        List<String> warnings = SharedFolders.onACluster(spec);
        return warnings.isEmpty()
                ? "the spec can be run"
                : SizeLimits.beginning(
                        "the spec can be run; warning: " + String.join("; ", warnings), SizeLimits.MESSAGE);
    }

    private static List<Condition> conditions(
            Sweep sweep,
            Optional<End> end,
            State state,
            TrialCounts counts,
            Optional<Waiting> waiting,
            String failures,
            Instant now) {
        List<Condition> previous =
                sweep.getStatus() == null ? null : sweep.getStatus().conditions();
        Long generation = sweep.getMetadata().getGeneration();
        String ended = "%d of %d trials have ended: %d succeeded, %d failed"
                        .formatted(ended(counts), counts.total(), counts.succeeded(), counts.failed())
                + (counts.stopped() == 0 ? "" : ", " + counts.stopped() + " stopped")
                + end.map(why -> "; no more are started: " + sentence(why, sweep.getSpec()))
                        .orElse("");
        boolean suspended = sweep.getSpec().suspend();
        return List.of(
                Conditions.condition(previous, ACCEPTED, true, "Valid", accepted(sweep.getSpec()), generation, now),
                Conditions.condition(
                        previous,
                        COMPLETE,
                        state == State.COMPLETE,
                        reason(state, end, waiting),
                        SizeLimits.beginning(
                                ended + waiting.map(Waiting::message).orElse("") + failures, SizeLimits.MESSAGE),
                        generation,
                        now),
                Conditions.condition(
                        previous,
                        "Failed",
                        state == State.FAILED,
                        state == State.FAILED ? end.map(End::reason).orElse("EveryTrialFailed") : "NotFailed",
                        state == State.FAILED
                                ? SizeLimits.beginning(ended + failures, SizeLimits.MESSAGE)
                                : "some trial can still succeed",
                        generation,
                        now),
                Conditions.condition(
                        previous,
                        "Suspended",
                        suspended,
                        suspended ? "SuspendedByUser" : "NotSuspended",
                        suspended
                                ? "spec.suspend is true: no new trials are started; set it to false to go on"
                                : "new trials are started",
                        generation,
                        now));
    }

    private static String reason(State state, Optional<End> end, Optional<Waiting> waiting) {
        return state == State.COMPLETE
                ? end.map(End::reason).orElse("AllTrialsEnded")
                : waiting.map(Waiting::reason).orElse("Trials" + state.word());
    }

    private static String sentence(End end, SweepSpec spec) {
        return switch (end) {
            case TARGET_REACHED ->
                "a trial has reached metric.target, " + spec.metric().target().toPlainString();
            case TOO_MANY_FAILED -> "maxFailedTrials, " + spec.maxFailedTrials() + ", have failed";
            case STOPPED, CANCELLED -> "spec.shutdown is " + spec.shutdown().word() + "; remove it to go on";
        };
    }

    /** Why the sweep makes no progress. */
    private record Waiting(String reason, String message) {}

    /** Returns the words of the server that refused a trial, or those of the first trial in running order that does not run. */
    private static Optional<Waiting> waiting(SweepTrials all, Optional<Refusal> refusal) {
        return refusal.map(refused ->
                        new Waiting(refused.reason(), "; the next trial cannot be created: " + refused.message()))
                .or(() -> all.inFlightInSpace().stream()
                        .filter(SweepStatusFactory::isStuck)
                        .findFirst()
                        .map(trial -> new Waiting(
                                trial.getStatus().reason(),
                                "; trial " + trial.getMetadata().getName() + " waits: "
                                        + trial.getStatus().reason() + ": "
                                        + trial.getStatus().message())));
    }

    private static boolean isStuck(Trial trial) {
        return trial.getStatus() != null && trial.getStatus().reason() != null;
    }

    /** Returns the message of the first failed trial in running order, as an example. */
    private static String failureMessage(SweepTrials all) {
        // A message that followed the order of the cache, which varies, would be written again and again.
        return all.inSpace().stream()
                .filter(trial -> trial.state() == FAILED)
                .min(Comparator.comparingLong(trial -> all.number(trial).orElseThrow()))
                .map(trial -> "; trial " + trial.getMetadata().getName() + ": "
                        + trial.getStatus().reason() + ": " + trial.getStatus().message())
                .orElse("");
    }

    private static SweepStatus.Best best(Best best) {
        Map<String, ParameterValue> kept = SizeLimits.parameters(best.parameters());
        return new SweepStatus.Best(
                best.trial(),
                BigDecimal.valueOf(best.value()),
                kept,
                best.parameters().size() == kept.size()
                        ? null
                        : best.parameters().size() - kept.size(),
                best.ties() == 0 ? null : best.ties());
    }

    /** Returns as many groups as fit into {@link #MAX_GROUPS_SIZE}, those with the best values first. */
    private static List<Group> keptGroups(SweepSpec spec, List<TrialTable> groups, Set<String> varying) {
        List<Group> kept = new ArrayList<>();
        int size = 0;
        for (TrialTable members : groups) {
            Group group = group(spec, members, varying);
            size += size(group);
            if (size > MAX_GROUPS_SIZE) {
                break;
            }
            kept.add(group);
        }
        return kept;
    }

    private static Group group(SweepSpec spec, TrialTable members, Set<String> varying) {
        return new Group(
                SizeLimits.parameters(members.valuesOf(spec.groupBy())),
                members.results().size(),
                decimal(members.mean()),
                best(Best.of(members, Noise.UNKNOWN, varying).orElseThrow()));
    }

    /** Returns the approximate bytes of a group in JSON. Names of fields, numbers and brackets take 200. */
    private static int size(Group group) {
        return 200
                + SizeLimits.size(group.group())
                + group.best().trial().length()
                + SizeLimits.size(group.best().parameters());
    }

    /** Returns the parameters in order of importance, or by name if nothing differs. */
    private static List<ParameterSummary> parameters(Analysis analysis) {
        Map<String, Effect> main = analysis.importance().effects().stream()
                .filter(effect -> effect.parameters().size() == 1)
                .collect(Collectors.toMap(effect -> effect.parameters().get(0), effect -> effect));
        return analysis.parameters().stream()
                .sorted(Comparator.comparingDouble(parameter -> main.containsKey(parameter.name())
                        ? -main.get(parameter.name()).share()
                        : 0))
                .map(parameter -> parameter(parameter, Optional.ofNullable(main.get(parameter.name()))))
                .toList();
    }

    private static ParameterSummary parameter(ParameterEffect parameter, Optional<Effect> effect) {
        return new ParameterSummary(
                parameter.name(),
                effect.map(Effect::share).map(SweepStatusFactory::share).orElse(null),
                effect.map(Effect::noise).map(SweepStatusFactory::share).orElse(null),
                parameter.values().stream()
                        .map(level -> new ValueSummary(
                                level.value() == null ? level.from() : level.value(),
                                level.count(),
                                decimal(level.mean()),
                                decimal(level.best())))
                        .toList());
    }

    private static BigDecimal share(double share) {
        return new BigDecimal(share).setScale(4, RoundingMode.HALF_EVEN);
    }

    private static BigDecimal decimal(Double number) {
        return number == null ? null : new BigDecimal(number, MEAN);
    }

    /** Returns as many parameters as fit into {@link #MAX_PARAMETERS_SIZE}. */
    private static List<ParameterSummary> keptParameters(List<ParameterSummary> parameters) {
        List<ParameterSummary> kept = new ArrayList<>();
        int size = 0;
        for (ParameterSummary parameter : parameters) {
            size += 80 + SizeLimits.size(parameter.name());
            for (ValueSummary value : parameter.values()) {
                size += 80 + SizeLimits.size(value.value().toString());
            }
            if (size > MAX_PARAMETERS_SIZE) {
                break;
            }
            kept.add(parameter);
        }
        return kept;
    }

    private static Columns columns(TrialCounts counts, Optional<Best> best) {
        return new Columns(
                ended(counts) + "/" + counts.total(),
                best.map(setting -> Rounded.of(setting.value())).orElse(null),
                best.map(setting -> PrinterColumns.line(setting.parameters())).orElse(null));
    }

    /** Returns null if no GPU time was used. */
    private static Long gpuSeconds(SweepSpec spec, RunTimes times) {
        long seconds = times.total().toSeconds() * spec.gpu().count();
        return seconds == 0 ? null : seconds;
    }

    /** Returns the time at which the last trial ended, or at which the end was observed if no trial had started. */
    private static String completionTime(Sweep sweep, List<Trial> trials, Instant now) {
        return trials.stream()
                .map(trial -> trial.getStatus().completionTime())
                .filter(Objects::nonNull)
                .max(String::compareTo)
                .or(() -> Optional.ofNullable(sweep.getStatus()).map(SweepStatus::completionTime))
                .orElse(Timestamps.of(now));
    }
}
