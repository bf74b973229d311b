package dev.sweeps.plan;

import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialSpec;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.metrics.Rounded;
import dev.sweeps.search.Hyperband;
import dev.sweeps.search.Hyperband.Progress;
import dev.sweeps.search.Point;
import dev.sweeps.search.Search;
import dev.sweeps.search.Search.Numbered;
import dev.sweeps.search.Search.Observation;
import dev.sweeps.search.TrialName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Which trials a sweep should start now. Pure, and always the same for the same sweep and trials: points are taken in running order, so
 * that a cache that is behind can only make us create once more what is there already, under the same name.
 *
 * @param search the points of the sweep
 * @param start trials to create, in order
 * @param stop trials that run and are to end before their time
 * @param end why no more are started, if the sweep is to end before all its points have run
 */
public record SweepPlan(Search search, List<NewTrial> start, List<StopTrial> stop, Optional<End> end) {

    /** Why a sweep ends before all its points have run. */
    public enum End {
        /** A trial has reached {@code metric.target}. */
        TARGET_REACHED("TargetReached"),
        /** {@code maxFailedTrials} trials have failed. */
        TOO_MANY_FAILED("TooManyFailed"),
        /** {@code shutdown: Stop}. */
        STOPPED("Stopped"),
        /** {@code shutdown: Cancel}: trials that run are ended too. */
        CANCELLED("Cancelled");

        private final String reason;

        End(String reason) {
            this.reason = reason;
        }

        /** One word for a condition. */
        public String reason() {
            return reason;
        }
    }

    /** A trial that does not exist yet. */
    public record NewTrial(String name, TrialSpec spec) {}

    /**
     * A trial to end before its time.
     *
     * @param reason one word
     */
    public record StopTrial(String name, String reason, String message) {}

    /**
     * @param sweep name of the sweep
     * @param spec a spec without problems
     * @param search of that spec
     * @param existing every trial of the sweep, those of values that were removed included
     */
    public static SweepPlan of(String sweep, SweepSpec spec, Search search, Collection<Trial> existing) {
        List<Trial> counting = existing.stream()
                .filter(trial -> trial.getSpec() != null
                        && search.numberOf(trial.getSpec()).isPresent())
                .toList();
        Optional<End> end = end(spec, counting);
        long inFlight = existing.stream().filter(trial -> !trial.hasEnded()).count();
        int room = (int) Math.max(0, end.isPresent() || spec.suspend() ? 0 : spec.parallelism() - inFlight);
        return new SweepPlan(
                search,
                room == 0 ? List.of() : start(sweep, spec, search, counting, room),
                end.filter(End.CANCELLED::equals).isPresent() ? cancelled(existing) : poor(spec, counting),
                end);
    }

    private static List<StopTrial> cancelled(Collection<Trial> existing) {
        return existing.stream()
                .filter(trial -> !trial.hasEnded())
                .map(trial -> new StopTrial(
                        trial.getMetadata().getName(), End.CANCELLED.reason(), "spec.shutdown of the sweep is Cancel"))
                .toList();
    }

    /** Those that early termination ends. */
    private static List<StopTrial> poor(SweepSpec spec, List<Trial> trials) {
        if (spec.earlyTerminate() == null) {
            return List.of();
        }
        List<Progress> progress = trials.stream()
                .flatMap(trial -> progress(spec.metric(), trial).stream())
                .toList();
        return Hyperband.of(spec.earlyTerminate()).stops(spec.metric().goal(), progress).stream()
                .map(stop -> new StopTrial(
                        stop.trial(),
                        "Hyperband",
                        "at report %d %s was %s, and %s or better went on"
                                .formatted(
                                        stop.band(),
                                        spec.metric().name(),
                                        Rounded.of(BigDecimal.valueOf(stop.value())),
                                        Rounded.of(BigDecimal.valueOf(stop.threshold())))))
                .toList();
    }

    private static Optional<Progress> progress(Metric metric, Trial trial) {
        TrialStatus status = trial.getStatus();
        if (status == null || status.bands() == null || status.bands().isEmpty()) {
            return Optional.empty();
        }
        SortedMap<Integer, Double> atBands = new TreeMap<>();
        status.bands().forEach(band -> atBands.put(band.report(), band.value().doubleValue()));
        DoubleStream all = DoubleStream.concat(
                atBands.values().stream().mapToDouble(value -> value),
                status.history() == null
                        ? DoubleStream.empty()
                        : status.history().stream()
                                .mapToDouble(point -> point.value().doubleValue()));
        double best = (metric.goal() == Goal.MAXIMIZE ? all.max() : all.min()).orElseThrow();
        return Optional.of(new Progress(trial.getMetadata().getName(), trial.state() == State.RUNNING, atBands, best));
    }

    private static Optional<End> end(SweepSpec spec, List<Trial> trials) {
        if (spec.shutdown() != null) {
            return Optional.of(
                    switch (spec.shutdown()) {
                        case STOP -> End.STOPPED;
                        case CANCEL -> End.CANCELLED;
                    });
        }
        if (spec.metric().target() != null && trials.stream().anyMatch(trial -> reaches(spec.metric(), trial))) {
            return Optional.of(End.TARGET_REACHED);
        }
        boolean tooMany = spec.maxFailedTrials() != null
                && trials.stream()
                                .filter(trial -> trial.state() == State.FAILED)
                                .count()
                        >= spec.maxFailedTrials();
        return tooMany ? Optional.of(End.TOO_MANY_FAILED) : Optional.empty();
    }

    /** A trial that still runs, too: what it has reported it has reached. */
    private static boolean reaches(Metric metric, Trial trial) {
        BigDecimal value = trial.getStatus() == null ? null : trial.getStatus().value();
        return value != null
                && trial.state() != State.FAILED
                && (metric.goal() == Goal.MAXIMIZE
                        ? value.compareTo(metric.target()) >= 0
                        : value.compareTo(metric.target()) <= 0);
    }

    private static List<NewTrial> start(String sweep, SweepSpec spec, Search search, List<Trial> counting, int room) {
        SortedMap<Long, List<Trial>> byNumber =
                new TreeMap<>(counting.stream().collect(Collectors.groupingBy(trial -> search.numberOf(trial.getSpec())
                        .orElseThrow())));
        List<NewTrial> start = new ArrayList<>();
        byNumber.forEach((number, trials) -> {
            Set<Integer> there =
                    trials.stream().map(trial -> trial.getSpec().replicate()).collect(Collectors.toSet());
            Point point = Point.of(trials.get(0).getSpec().parameters());
            for (int replicate = 0; replicate < spec.replicates() && start.size() < room; replicate++) {
                if (!there.contains(replicate)) {
                    start.add(trial(sweep, search, new Numbered(number, point), replicate));
                }
            }
        });
        List<Observation> observed = byNumber.entrySet().stream()
                .map(point -> observation(point.getKey(), point.getValue(), spec.replicates()))
                .toList();
        int points = (room - start.size() + spec.replicates() - 1) / spec.replicates();
        for (Numbered point : search.next(observed, points)) {
            for (int replicate = 0; replicate < spec.replicates() && start.size() < room; replicate++) {
                start.add(trial(sweep, search, point, replicate));
            }
        }
        return List.copyOf(start);
    }

    private static NewTrial trial(String sweep, Search search, Numbered point, int replicate) {
        Long recorded =
                search.recorded(point.number()).stream().boxed().findFirst().orElse(null);
        return new NewTrial(
                TrialName.of(sweep, point.point(), replicate),
                new TrialSpec(point.point().parameters(), replicate, recorded));
    }

    private static Observation observation(long number, List<Trial> replicates, int wanted) {
        boolean ended = replicates.size() >= wanted && replicates.stream().allMatch(Trial::hasEnded);
        OptionalDouble mean = replicates.stream()
                .filter(trial -> trial.hasEnded()
                        && trial.state() != State.FAILED
                        && trial.getStatus().value() != null)
                .mapToDouble(trial -> trial.getStatus().value().doubleValue())
                .average();
        String completed = !ended
                ? null
                : replicates.stream()
                        .map(trial -> trial.getStatus().completionTime())
                        .filter(Objects::nonNull)
                        .max(String::compareTo)
                        .orElse("");
        return new Observation(number, replicates.get(0).getSpec().parameters(), ended, mean, completed);
    }
}
