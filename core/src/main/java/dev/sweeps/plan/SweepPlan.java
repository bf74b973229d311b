package dev.sweeps.plan;

import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialSpec;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.metrics.Rounded;
import dev.sweeps.search.Hyperband;
import dev.sweeps.search.Search;
import dev.sweeps.search.Search.Numbered;
import dev.sweeps.search.TrialName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
    public record StopTrial(Trial trial, String reason, String message) {}

    /**
     * @param sweep name of the sweep
     * @param spec a spec without problems
     * @param search of that spec
     * @param trials every trial of the sweep, those of values that were removed included
     */
    public static SweepPlan of(String sweep, SweepSpec spec, Search search, SweepTrials trials) {
        Optional<End> end = end(spec, trials);
        int inFlight = trials.inFlight().size();
        int room = end.isPresent() || spec.suspend() ? 0 : Math.max(0, spec.parallelism() - inFlight);
        return new SweepPlan(
                search,
                room == 0 ? List.of() : start(sweep, spec, search, trials, room),
                end.filter(End.CANCELLED::equals).isPresent() ? cancelled(trials) : poor(spec, trials),
                end);
    }

    private static List<StopTrial> cancelled(SweepTrials trials) {
        return trials.inFlight().stream()
                .map(trial -> new StopTrial(trial, End.CANCELLED.reason(), "spec.shutdown of the sweep is Cancel"))
                .toList();
    }

    /** Returns the trials that early termination ends. */
    private static List<StopTrial> poor(SweepSpec spec, SweepTrials trials) {
        if (spec.earlyTerminate() == null) {
            return List.of();
        }
        return Hyperband.of(spec.earlyTerminate())
                .stops(spec.metric().goal(), trials.bandValues(), trials.running())
                .stream()
                .map(stop -> new StopTrial(
                        trials.get(stop.trial()),
                        "Hyperband",
                        "at report %d %s was %s, and %s or better went on"
                                .formatted(
                                        stop.band(),
                                        spec.metric().name(),
                                        Rounded.of(BigDecimal.valueOf(stop.value())),
                                        Rounded.of(BigDecimal.valueOf(stop.threshold())))))
                .toList();
    }

    private static Optional<End> end(SweepSpec spec, SweepTrials trials) {
        if (spec.shutdown() != null) {
            return Optional.of(
                    switch (spec.shutdown()) {
                        case STOP -> End.STOPPED;
                        case CANCEL -> End.CANCELLED;
                    });
        }
        if (trials.isTargetReached()) {
            return Optional.of(End.TARGET_REACHED);
        }
        boolean tooMany = spec.maxFailedTrials() != null && trials.count(State.FAILED) >= spec.maxFailedTrials();
        return tooMany ? Optional.of(End.TOO_MANY_FAILED) : Optional.empty();
    }

    private static List<NewTrial> start(String sweep, SweepSpec spec, Search search, SweepTrials trials, int room) {
        Stream<NewTrial> begun = trials.incomplete().stream().flatMap(point -> point.missing(spec.replicates()).stream()
                .map(replicate -> trial(sweep, search, point.point(), replicate)));
        List<NewTrial> start = new ArrayList<>(begun.limit(room).toList());
        int points = (room - start.size() + spec.replicates() - 1) / spec.replicates();
        Stream<NewTrial> fresh = search.next(trials.chosen(), points).stream()
                .flatMap(point -> IntStream.range(0, spec.replicates())
                        .mapToObj(replicate -> trial(sweep, search, point, replicate)));
        fresh.limit(room - start.size()).forEach(start::add);
        return List.copyOf(start);
    }

    private static NewTrial trial(String sweep, Search search, Numbered point, int replicate) {
        Long recorded =
                search.recorded(point.number()).stream().boxed().findFirst().orElse(null);
        return new NewTrial(
                TrialName.of(sweep, point.point(), replicate),
                new TrialSpec(point.point().parameters(), replicate, recorded));
    }
}
