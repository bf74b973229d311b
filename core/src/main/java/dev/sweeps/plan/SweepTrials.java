package dev.sweeps.plan;

import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.search.Chosen;
import dev.sweeps.search.Hyperband.BandValues;
import dev.sweeps.search.Hyperband.Progress;
import dev.sweeps.search.Point;
import dev.sweeps.search.Search;
import dev.sweeps.search.Search.Numbered;
import dev.sweeps.search.Search.Observation;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The trials of a sweep, counted and ordered as a plan needs them. It is changed one trial at a time, so that what a trial's end costs does
 * not grow with the trials before it. Not safe for threads.
 */
public final class SweepTrials {
    private final SweepSpec spec;
    private final Search search;

    private final Map<String, Member> members = new LinkedHashMap<>();

    /** Trials that have not ended, including those whose values were removed from the space. */
    private final Map<String, Trial> inFlight = new LinkedHashMap<>();

    private final Map<Map<String, ParameterValue>, Replicates> points = new HashMap<>();

    /** Points that lack replicates, in running order. */
    private final SortedSet<Replicates> incomplete = new TreeSet<>(Replicates.IN_RUNNING_ORDER);

    private final Chosen chosen = new Chosen();
    private final BandValues bandValues = new BandValues();
    private final Map<State, Integer> counts = new EnumMap<>(State.class);
    private int reached;

    /**
     * A trial as it was when it was put: what it counts for is taken back when it changes.
     *
     * @param number of its point; empty if that is not in the space
     */
    private record Member(
            Trial trial, OptionalLong number, State state, boolean reaches, Optional<Progress> progress) {}

    /**
     * @param spec without problems
     * @param search of that spec
     */
    public SweepTrials(SweepSpec spec, Search search) {
        this.spec = spec;
        this.search = search;
    }

    public static SweepTrials of(SweepSpec spec, Search search, Collection<Trial> trials) {
        SweepTrials all = new SweepTrials(spec, search);
        trials.forEach(all::put);
        return all;
    }

    /** Adds a trial, or what has become of it. */
    public void put(Trial trial) {
        String name = trial.getMetadata().getName();
        Member before = members.get(name);
        if (before != null && !Objects.equals(before.trial.getSpec(), trial.getSpec())) {
            remove(name);
            before = null;
        }
        Member member = new Member(
                trial,
                trial.getSpec() == null ? OptionalLong.empty() : search.numberOf(trial.getSpec()),
                trial.state(),
                reaches(spec.metric(), trial),
                progress(spec.metric(), trial));
        members.put(name, member);
        if (member.state.ended()) {
            inFlight.remove(name);
        } else {
            inFlight.put(name, trial);
        }
        if (before != null) {
            count(before, -1);
        }
        count(member, 1);
        if (member.number.isPresent()) {
            Replicates replicates = points.computeIfAbsent(
                    trial.getSpec().parameters(), parameters -> new Replicates(member.number.getAsLong(), parameters));
            replicates.trials.put(name, trial);
            changed(replicates);
        } else if (before == null && recorded(trial) != null) {
            chosen.take(recorded(trial));
        }
    }

    /** Forgets a trial, whose point may then be run again. */
    public void remove(String name) {
        Member member = members.remove(name);
        if (member == null) {
            return;
        }
        inFlight.remove(name);
        count(member, -1);
        if (member.number.isPresent()) {
            Replicates replicates = points.get(member.trial.getSpec().parameters());
            replicates.trials.remove(name);
            changed(replicates);
        } else if (recorded(member.trial) != null) {
            chosen.release(recorded(member.trial));
        }
    }

    private void count(Member member, int by) {
        if (member.number.isEmpty()) {
            return;
        }
        counts.merge(member.state, by, Integer::sum);
        reached += member.reaches ? by : 0;
        if (by > 0) {
            member.progress.ifPresent(bandValues::add);
        } else {
            member.progress.ifPresent(bandValues::remove);
        }
    }

    private void changed(Replicates replicates) {
        if (replicates.trials.isEmpty()) {
            points.remove(replicates.parameters);
            incomplete.remove(replicates);
            chosen.remove(replicates.parameters);
            return;
        }
        if (replicates.missing(spec.replicates()).isEmpty()) {
            incomplete.remove(replicates);
        } else {
            incomplete.add(replicates);
        }
        chosen.put(replicates.observation(spec.replicates()));
    }

    private static Long recorded(Trial trial) {
        return trial.getSpec() == null ? null : trial.getSpec().number();
    }

    Trial get(String name) {
        return members.get(name).trial;
    }

    /** Returns the trials of the current space, in no particular order. */
    public List<Trial> inSpace() {
        return members.values().stream()
                .filter(member -> member.number.isPresent())
                .map(Member::trial)
                .toList();
    }

    /** Returns the trials of the current space that have not ended, in running order. */
    public List<Trial> inFlightInSpace() {
        return inFlight.values().stream()
                .filter(trial -> number(trial).isPresent())
                .sorted(Comparator.comparingLong(trial -> number(trial).getAsLong()))
                .toList();
    }

    /** Returns the trials that have not ended, including those whose values were removed from the space. */
    public Collection<Trial> inFlight() {
        return Collections.unmodifiableCollection(inFlight.values());
    }

    /** The number of a trial's point in running order; empty if the point is not in the space. */
    public OptionalLong number(Trial trial) {
        return members.get(trial.getMetadata().getName()).number;
    }

    /** How many trials of the space are in a state. */
    public int count(State state) {
        return counts.getOrDefault(state, 0);
    }

    /** Whether a trial has reached the metric's target; one that still runs, too: what it has reported it has reached. */
    boolean isTargetReached() {
        return reached > 0;
    }

    /** Points that lack replicates, in running order. */
    Collection<Replicates> incomplete() {
        return Collections.unmodifiableSortedSet(incomplete);
    }

    Chosen chosen() {
        return chosen;
    }

    BandValues bandValues() {
        return bandValues;
    }

    /** Returns the reports of the running trials. */
    List<Progress> running() {
        return inFlight.keySet().stream()
                .map(members::get)
                .filter(member -> member.number.isPresent())
                .flatMap(member -> member.progress.stream())
                .toList();
    }

    private static boolean reaches(Metric metric, Trial trial) {
        BigDecimal value = trial.getStatus() == null ? null : trial.getStatus().value();
        if (value == null || metric.target() == null || trial.state() == State.FAILED) {
            return false;
        }
        int difference = value.compareTo(metric.target());
        return metric.goal() == Goal.MAXIMIZE ? difference >= 0 : difference <= 0;
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

    /** The trials of one point, by name. */
    static final class Replicates {
        private static final Comparator<Replicates> IN_RUNNING_ORDER = Comparator.<Replicates>comparingLong(
                        replicates -> replicates.number)
                .thenComparing(replicates -> Point.of(replicates.parameters).canonical());

        private final long number;
        private final Map<String, ParameterValue> parameters;
        private final SortedMap<String, Trial> trials = new TreeMap<>();

        Replicates(long number, Map<String, ParameterValue> parameters) {
            this.number = number;
            this.parameters = parameters;
        }

        Numbered point() {
            return new Numbered(number, Point.of(parameters));
        }

        /** Returns the numbers below a limit that have no trial, ascending. */
        List<Integer> missing(int wanted) {
            Set<Integer> there = trials.values().stream()
                    .map(trial -> trial.getSpec().replicate())
                    .collect(Collectors.toSet());
            return IntStream.range(0, wanted)
                    .filter(replicate -> !there.contains(replicate))
                    .boxed()
                    .toList();
        }

        private Observation observation(int wanted) {
            boolean ended = trials.size() >= wanted && trials.values().stream().allMatch(Trial::hasEnded);
            OptionalDouble mean = trials.values().stream()
                    .filter(trial -> trial.hasEnded()
                            && trial.state() != State.FAILED
                            && trial.getStatus().value() != null)
                    .mapToDouble(trial -> trial.getStatus().value().doubleValue())
                    .average();
            String completed = !ended
                    ? null
                    : trials.values().stream()
                            .map(trial -> trial.getStatus().completionTime())
                            .filter(Objects::nonNull)
                            .max(String::compareTo)
                            .orElse("");
            return new Observation(number, parameters, ended, mean, completed);
        }
    }
}
