package dev.sweeps.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.search.InvalidParameter;
import dev.sweeps.search.InvalidWhere;
import dev.sweeps.search.Search;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A sweep and its trials.
 *
 * @param namespace null for a table from a file
 * @param state Pending, Running, Suspended, Complete, Failed or Rejected; null before the operator has seen it
 * @param suspended whether its spec says that no more trials are started: suspend, or shutdown
 * @param total points of the sweep
 * @param problem what is wrong with it, or what it waits for; null when all is well
 * @param trials in running order; those of values that were removed from the space are left out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SweepResults(
        String namespace,
        String name,
        String method,
        String metric,
        Goal goal,
        List<String> groupBy,
        Integer parallelism,
        String state,
        boolean suspended,
        int total,
        String problem,
        String created,
        String started,
        String ended,
        List<TrialRow> trials) {

    private static final long MAX_TOTAL = Integer.MAX_VALUE;

    /** The results of a sweep; without a spec that can be read there are none. */
    public static SweepResults of(Sweep sweep, Collection<Trial> trials) {
        return of(sweep, Optional.ofNullable(sweep.getSpec()).flatMap(SweepResults::search), trials);
    }

    /** Makes the results with an existing search, because making one can take a second. */
    public static SweepResults of(Sweep sweep, Optional<Search> search, Collection<Trial> trials) {
        Optional<SweepSpec> spec = Optional.ofNullable(sweep.getSpec());
        Optional<SweepStatus> status = Optional.ofNullable(sweep.getStatus());
        return new SweepResults(
                sweep.getMetadata().getNamespace(),
                sweep.getMetadata().getName(),
                spec.map(SweepSpec::method).map(method -> method.word()).orElse(null),
                spec.map(SweepSpec::metric).map(Metric::name).orElse(""),
                spec.map(SweepSpec::metric).map(Metric::goal).orElse(Goal.MINIMIZE),
                spec.map(SweepSpec::groupBy).orElse(List.of()),
                spec.map(SweepSpec::parallelism).orElse(null),
                status.map(SweepStatus::state).map(SweepStatus.State::word).orElse(null),
                spec.map(asked -> asked.suspend() || asked.shutdown() != null).orElse(false),
                search.map(points -> Math.min(MAX_TOTAL / 100, points.size())
                                * spec.orElseThrow().replicates())
                        .orElse(0L)
                        .intValue(),
                status.flatMap(SweepResults::problem).orElse(null),
                sweep.getMetadata().getCreationTimestamp(),
                status.map(SweepStatus::startTime).orElse(null),
                status.map(SweepStatus::completionTime).orElse(null),
                search.map(points -> rows(points, trials)).orElse(List.of()));
    }

    /** Names of the parameters that differ between trials, sorted; of one trial all. */
    public List<String> varying() {
        return trials.stream()
                .flatMap(row -> row.parameters().keySet().stream())
                .distinct()
                .sorted()
                .filter(name -> trials.size() == 1
                        || trials.stream()
                                        .map(row -> Optional.ofNullable(
                                                row.parameters().get(name)))
                                        .distinct()
                                        .count()
                                > 1)
                .toList();
    }

    /** Returns these results with other trials. */
    public SweepResults withTrials(List<TrialRow> others) {
        return new SweepResults(
                namespace,
                name,
                method,
                metric,
                goal,
                groupBy,
                parallelism,
                state,
                suspended,
                total,
                problem,
                created,
                started,
                ended,
                others);
    }

    /** Empty if the parameters make none. */
    private static Optional<Search> search(SweepSpec spec) {
        try {
            return Optional.of(Search.of(spec));
        } catch (InvalidParameter | InvalidWhere e) {
            return Optional.empty();
        }
    }

    private static List<TrialRow> rows(Search search, Collection<Trial> trials) {
        return trials.stream()
                .flatMap(trial -> row(search, trial))
                .sorted(Comparator.comparingLong(TrialRow::number).thenComparing(TrialRow::trial))
                .toList();
    }

    private static Stream<TrialRow> row(Search search, Trial trial) {
        OptionalLong number = trial.getSpec() == null ? OptionalLong.empty() : search.numberOf(trial.getSpec());
        return number.isEmpty() ? Stream.empty() : Stream.of(TrialRow.of(trial, number.getAsLong()));
    }

    /** Returns the message of the condition that reports a problem. */
    private static Optional<String> problem(SweepStatus status) {
        return Optional.ofNullable(status.conditions()).stream()
                .flatMap(List::stream)
                .filter(condition -> "Accepted".equals(condition.getType()) && !"True".equals(condition.getStatus())
                        || "Failed".equals(condition.getType()) && "True".equals(condition.getStatus())
                        || "Complete".equals(condition.getType())
                                && !"True".equals(condition.getStatus())
                                && condition.getReason() != null
                                && !condition.getReason().startsWith("Trials"))
                .map(condition -> condition.getMessage())
                .findFirst();
    }
}
