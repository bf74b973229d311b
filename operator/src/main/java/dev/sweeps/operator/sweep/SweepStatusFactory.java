package dev.sweeps.operator.sweep;

import static dev.sweeps.api.v1alpha1.TrialStatus.State.FAILED;
import static dev.sweeps.api.v1alpha1.TrialStatus.State.PENDING;
import static dev.sweeps.api.v1alpha1.TrialStatus.State.QUEUED;
import static dev.sweeps.api.v1alpha1.TrialStatus.State.RUNNING;
import static dev.sweeps.api.v1alpha1.TrialStatus.State.STOPPED;
import static dev.sweeps.api.v1alpha1.TrialStatus.State.SUCCEEDED;

import dev.sweeps.analysis.GroupComparison;
import dev.sweeps.analysis.Ranking;
import dev.sweeps.analysis.Result;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.SweepStatus.Best;
import dev.sweeps.api.v1alpha1.SweepStatus.Columns;
import dev.sweeps.api.v1alpha1.SweepStatus.Group;
import dev.sweeps.api.v1alpha1.SweepStatus.State;
import dev.sweeps.api.v1alpha1.SweepStatus.TrialCounts;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.operator.cluster.Columnar;
import dev.sweeps.operator.cluster.Conditions;
import dev.sweeps.operator.cluster.Timestamps;
import dev.sweeps.search.Point;
import dev.sweeps.search.SearchSpace;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Makes the status of a sweep from its trials. Pure. */
final class SweepStatusFactory {
    static final String ACCEPTED = "Accepted";
    static final String COMPLETE = "Complete";

    private SweepStatusFactory() {}

    /** The status of a sweep that cannot be run; what it has already found stays. */
    static SweepStatus rejected(Sweep sweep, String reason, String message, Instant now) {
        SweepStatus before = sweep.getStatus();
        Long generation = sweep.getMetadata().getGeneration();
        List<Condition> previous = before == null ? null : before.conditions();
        Condition accepted = Conditions.condition(previous, ACCEPTED, false, reason, message, generation, now);
        return before == null
                ? new SweepStatus(generation, State.REJECTED, List.of(accepted), null, null, null, null, null, null)
                : new SweepStatus(
                        generation,
                        State.REJECTED,
                        List.of(accepted),
                        before.trials(),
                        before.best(),
                        before.groups(),
                        before.startTime(),
                        null,
                        before.columns());
    }

    /** The status of a sweep that runs or has run. Trials of values that were removed from the space do not count. */
    static SweepStatus status(Sweep sweep, SweepPlan plan, Collection<Trial> all, Instant now) {
        SweepSpec spec = sweep.getSpec();
        SearchSpace space = SearchSpace.of(spec.parameters());
        List<Trial> trials = all.stream()
                .filter(trial -> space.contains(Point.of(trial.getSpec().parameters())))
                .toList();
        TrialCounts counts = counts((int) plan.total(), trials);
        List<Result> results =
                trials.stream().flatMap(trial -> result(trial).stream()).toList();
        Optional<Best> best = Ranking.of(results, spec.metric().goal()).map(ranking -> best(spec, ranking));
        State state = state(spec, counts);
        boolean done = state == State.COMPLETE || state == State.FAILED;
        return new SweepStatus(
                sweep.getMetadata().getGeneration(),
                state,
                conditions(sweep, state, counts, trials, now),
                counts,
                best.orElse(null),
                groups(spec, results),
                Optional.ofNullable(sweep.getStatus())
                        .map(SweepStatus::startTime)
                        .orElse(Timestamps.of(now)),
                done ? lastEnd(trials) : null,
                columns(counts, best));
    }

    private static TrialCounts counts(int total, List<Trial> trials) {
        Map<TrialStatus.State, Integer> count = new EnumMap<>(TrialStatus.State.class);
        trials.forEach(trial -> count.merge(state(trial), 1, Integer::sum));
        return new TrialCounts(
                total,
                total - trials.size(),
                count.getOrDefault(PENDING, 0),
                count.getOrDefault(QUEUED, 0),
                count.getOrDefault(RUNNING, 0),
                count.getOrDefault(SUCCEEDED, 0),
                count.getOrDefault(FAILED, 0),
                count.getOrDefault(STOPPED, 0));
    }

    private static int ended(TrialCounts counts) {
        return counts.succeeded() + counts.failed() + counts.stopped();
    }

    private static State state(SweepSpec spec, TrialCounts counts) {
        if (ended(counts) == counts.total()) {
            return counts.succeeded() + counts.stopped() > 0 ? State.COMPLETE : State.FAILED;
        }
        boolean inFlight = counts.pending() + counts.queued() + counts.running() > 0;
        if (spec.suspend() && !inFlight) {
            return State.SUSPENDED;
        }
        return counts.running() + ended(counts) > 0 ? State.RUNNING : State.PENDING;
    }

    private static List<Condition> conditions(
            Sweep sweep, State state, TrialCounts counts, List<Trial> trials, Instant now) {
        List<Condition> previous =
                sweep.getStatus() == null ? null : sweep.getStatus().conditions();
        Long generation = sweep.getMetadata().getGeneration();
        String ended = "%d of %d trials have ended: %d succeeded, %d failed"
                .formatted(ended(counts), counts.total(), counts.succeeded(), counts.failed());
        boolean suspended = sweep.getSpec().suspend();
        return List.of(
                Conditions.condition(previous, ACCEPTED, true, "Valid", "the spec can be run", generation, now),
                Conditions.condition(
                        previous,
                        COMPLETE,
                        state == State.COMPLETE,
                        state == State.COMPLETE ? "AllTrialsEnded" : waitingReason(state, trials),
                        state == State.COMPLETE ? ended : ended + waitingMessage(trials),
                        generation,
                        now),
                Conditions.condition(
                        previous,
                        "Failed",
                        state == State.FAILED,
                        state == State.FAILED ? "EveryTrialFailed" : "NotFailed",
                        state == State.FAILED ? ended + failureMessage(trials) : "some trial can still succeed",
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

    private static String waitingReason(State state, List<Trial> trials) {
        return stuck(trials).map(trial -> trial.getStatus().reason()).orElse("Trials" + state.word());
    }

    /** Why nothing moves, in the words of the first trial that says so. */
    private static String waitingMessage(List<Trial> trials) {
        return stuck(trials)
                .map(trial -> "; trial " + trial.getMetadata().getName() + " waits: "
                        + trial.getStatus().reason() + ": " + trial.getStatus().message())
                .orElse("");
    }

    private static Optional<Trial> stuck(List<Trial> trials) {
        return trials.stream()
                .filter(trial -> state(trial) == PENDING
                        && trial.getStatus() != null
                        && trial.getStatus().reason() != null)
                .findFirst();
    }

    private static String failureMessage(List<Trial> trials) {
        return trials.stream()
                .filter(trial -> state(trial) == FAILED)
                .findFirst()
                .map(trial -> "; trial " + trial.getMetadata().getName() + ": "
                        + trial.getStatus().reason() + ": " + trial.getStatus().message())
                .orElse("");
    }

    private static Best best(SweepSpec spec, Ranking ranking) {
        Result first = ranking.best();
        return new Best(
                first.trial(),
                first.value(),
                Columnar.varying(spec, first.parameters()),
                ranking.ties() == 0 ? null : ranking.ties());
    }

    private static List<Group> groups(SweepSpec spec, List<Result> results) {
        if (spec.groupBy().isEmpty()) {
            return null;
        }
        List<Group> groups = GroupComparison.of(
                        results, spec.groupBy(), spec.metric().goal())
                .stream()
                .map(group -> new Group(group.values(), group.count(), group.mean(), best(spec, group.ranking())))
                .toList();
        return groups.isEmpty() ? null : groups;
    }

    private static Columns columns(TrialCounts counts, Optional<Best> best) {
        return new Columns(
                ended(counts) + "/" + counts.total(),
                best.map(trial -> Columnar.rounded(trial.value())).orElse(null),
                best.map(trial -> Columnar.line(trial.parameters())).orElse(null));
    }

    private static Optional<Result> result(Trial trial) {
        boolean ranked = state(trial) == SUCCEEDED || state(trial) == STOPPED;
        return ranked && trial.getStatus().value() != null
                ? Optional.of(new Result(
                        trial.getMetadata().getName(),
                        trial.getSpec().parameters(),
                        trial.getStatus().value()))
                : Optional.empty();
    }

    private static String lastEnd(List<Trial> trials) {
        return trials.stream()
                .map(trial -> trial.getStatus().completionTime())
                .filter(Objects::nonNull)
                .max(String::compareTo)
                .orElse(null);
    }

    /** A trial of which nothing has been seen yet is waiting for its Pod. */
    private static TrialStatus.State state(Trial trial) {
        return trial.getStatus() == null || trial.getStatus().state() == null
                ? PENDING
                : trial.getStatus().state();
    }
}
