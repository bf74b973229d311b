package dev.sweeps.search;

import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.TrialSpec;
import dev.sweeps.search.GaussianProcess.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.hipparchus.random.SobolSequenceGenerator;
import org.hipparchus.stat.StatUtils;

/**
 * Points that are expected to improve most on the best so far, under a Gaussian process over what was observed (Snoek, Larochelle and Adams
 * 2012, arXiv:1206.2944). The first points are spread evenly.
 *
 * <p>A point is a function of the seed, its number and the observations that were there when a trial in flight made room for it: the first
 * {@code number - parallelism + 1} that ended. So it does not matter when it is asked for, or whether it is asked for again.
 */
public final class BayesSearch implements Search {
    /** Points that are modelled at once; of more, the best and a random choice of the others. */
    private static final int MAX_MODELLED = 100;

    /** How much worse than the median a value may be, in units of the median's distance from the best, before it is drawn to the others. */
    private static final double MAX_WORSE = 3;

    private final SearchSpace space;
    private final RandomSearch random;
    private final UnitCube cube;
    private final long seed;
    private final Goal goal;
    private final int parallelism;

    private BayesSearch(SearchSpace space, RandomSearch random, long seed, Goal goal, int parallelism) {
        this.space = space;
        this.random = random;
        this.cube = new UnitCube(space);
        this.seed = seed;
        this.goal = goal;
        this.parallelism = parallelism;
    }

    /**
     * @param cap how many points are chosen; fewer where the space has fewer
     * @param parallelism points in flight
     * @throws InvalidWhere if the filter keeps nothing
     */
    static BayesSearch of(SearchSpace space, Optional<Where> where, long seed, long cap, Goal goal, int parallelism) {
        return new BayesSearch(space, RandomSearch.of(space, where, seed, cap), seed, goal, parallelism);
    }

    @Override
    public long size() {
        return random.size();
    }

    @Override
    public long foreseeable() {
        return Math.min(size(), firstPoints());
    }

    @Override
    public OptionalLong numberOf(TrialSpec trial) {
        return random.numberOf(trial);
    }

    @Override
    public OptionalLong recorded(long number) {
        return OptionalLong.of(number);
    }

    @Override
    public List<Numbered> next(Chosen chosen, int count) {
        List<Observation> known = new ArrayList<>(chosen.points());
        List<Numbered> next = new ArrayList<>();
        for (long number = 0; next.size() < count && known.size() < size(); number++) {
            if (!chosen.isTaken(number)) {
                Point point = choose(number, known);
                next.add(new Numbered(number, point));
                known.add(new Observation(number, point.parameters(), false, OptionalDouble.empty(), null));
            }
        }
        return next;
    }

    private Point choose(long number, List<Observation> known) {
        Set<Map<String, ParameterValue>> there =
                known.stream().map(Observation::parameters).collect(Collectors.toSet());
        List<Observation> ended = endedBefore(number, known);
        boolean anyValue = ended.stream().anyMatch(point -> point.value().isPresent());
        Random randomness = new Random(Uniform.bits(seed + " bayes " + number));
        Optional<Point> chosen =
                number < firstPoints() || !anyValue ? spread(number, there) : best(known, ended, there, randomness);
        return chosen.orElseGet(() -> firstNotThere(there));
    }

    private long firstPoints() {
        return 4L + cube.dimensions();
    }

    /** The first that ended, in their order: those that made room for the point. */
    private List<Observation> endedBefore(long number, List<Observation> known) {
        return known.stream()
                .filter(Observation::ended)
                .sorted(Comparator.comparing(Observation::completionTime).thenComparingLong(Observation::number))
                .limit(Math.max(1, number - parallelism + 1))
                .toList();
    }

    /** The next of a Sobol sequence that is moved by the seed and is new; empty if none of many is. */
    private Optional<Point> spread(long number, Set<Map<String, ParameterValue>> there) {
        for (int attempt = 0; attempt < 64; attempt++) {
            Point point = cube.decode(sobol(number + attempt * 4096L, "first"));
            if (!there.contains(point.parameters()) && random.keeps(point)) {
                return Optional.of(point);
            }
        }
        return Optional.empty();
    }

    /** Returns a point that does not exist yet: the first one of a small space, a random one of other spaces. */
    private Point firstNotThere(Set<Map<String, ParameterValue>> there) {
        for (long number = 0; ; number++) {
            Point point = random.get(number);
            if (!there.contains(point.parameters())) {
                return point;
            }
        }
    }

    private double[] sobol(long index, String purpose) {
        int dimensions = cube.dimensions();
        double[] point =
                dimensions == 0 ? new double[0] : new SobolSequenceGenerator(dimensions).skipTo((int) index + 1);
        for (int d = 0; d < dimensions; d++) {
            point[d] = (point[d] + Uniform.of(seed + " " + purpose + " " + d)) % 1;
        }
        return point;
    }

    private Optional<Point> best(
            List<Observation> known,
            List<Observation> ended,
            Set<Map<String, ParameterValue>> there,
            Random randomness) {
        double[] values = standardized(ended);
        List<Integer> modelled = modelled(values, randomness);
        double[][] points = modelled.stream()
                .map(i -> cube.encode(ended.get(i).parameters()))
                .toArray(double[][]::new);
        double[] observed = modelled.stream().mapToDouble(i -> values[i]).toArray();
        Surrogate surrogate =
                Surrogate.of(new Metric(cube.categorical()), points, observed, inFlight(known, ended), randomness);
        Predicate<Point> isNew = point -> !there.contains(point.parameters()) && random.keeps(point);
        return new Acquisition(cube, surrogate, isNew).maximum(points, observed, randomness);
    }

    /** Smaller is better, mean 0 and variance 1; what has failed is as bad as the worst, and how bad the very bad are counts by its logarithm. */
    private double[] standardized(List<Observation> ended) {
        double sign = goal == Goal.MAXIMIZE ? -1 : 1;
        double[] values = ended.stream()
                .mapToDouble(point ->
                        point.value().isPresent() ? sign * point.value().getAsDouble() : Double.NaN)
                .toArray();
        double[] sorted = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        double worst = sorted[sorted.length - 1];
        double median = sorted[sorted.length / 2];
        double unit = Math.max(median - sorted[0], 1e-12 * Math.max(1, Math.abs(median)));
        for (int i = 0; i < values.length; i++) {
            double value = Double.isNaN(values[i]) ? worst : values[i];
            double worse = (value - median) / (MAX_WORSE * unit);
            values[i] = worse <= 1 ? value : median + MAX_WORSE * unit * (1 + Math.log(worse));
        }
        double mean = StatUtils.mean(values);
        double deviation = Math.sqrt(StatUtils.populationVariance(values, mean));
        return Arrays.stream(values)
                .map(value -> deviation == 0 ? 0 : (value - mean) / deviation)
                .toArray();
    }

    /** Indices of the points that are modelled, in no order. */
    private static List<Integer> modelled(double[] values, Random randomness) {
        List<Integer> byValue = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            byValue.add(i);
        }
        byValue.sort(Comparator.comparingDouble(i -> values[i]));
        int best = Math.min(values.length, MAX_MODELLED / 2);
        List<Integer> others = new ArrayList<>(byValue.subList(best, values.length));
        Collections.shuffle(others, randomness);
        List<Integer> modelled = new ArrayList<>(byValue.subList(0, best));
        modelled.addAll(others.subList(0, Math.min(others.size(), MAX_MODELLED - best)));
        // Hyperparameters are fitted to the first ones, which must not be the best only.
        Collections.shuffle(modelled, randomness);
        return modelled;
    }

    private double[][] inFlight(List<Observation> known, List<Observation> ended) {
        Set<Long> seen = ended.stream().map(Observation::number).collect(Collectors.toSet());
        return known.stream()
                .filter(point -> !seen.contains(point.number()))
                .sorted(Comparator.comparingLong(Observation::number))
                .limit(MAX_MODELLED)
                .map(point -> cube.encode(point.parameters()))
                .toArray(double[][]::new);
    }
}
