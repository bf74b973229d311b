package dev.sweeps.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Looks for the new point with the largest expected improvement: random search and local search from its best points, as in SMAC (Hutter, Hoos
 * and Leyton-Brown 2011), which takes lists of values as they are.
 */
final class Acquisition {
    /** Points that are tried anywhere, and again near the best observed ones. */
    private static final int CANDIDATES = 300;

    /** Points of these that climb, and in how many steps. */
    private static final int REFINED = 4;

    private static final int REFINEMENTS = 40;

    private final UnitCube cube;
    private final Surrogate surrogate;
    private final Predicate<Point> isNew;

    /**
     * @param isNew whether a point may be chosen
     */
    Acquisition(UnitCube cube, Surrogate surrogate, Predicate<Point> isNew) {
        this.cube = cube;
        this.surrogate = surrogate;
        this.isNew = isNew;
    }

    private record Candidate(double[] unit, Point point, double gain) {}

    private Optional<Candidate> candidate(double[] unit) {
        Point point = cube.decode(unit);
        return isNew.test(point)
                ? Optional.of(
                        new Candidate(unit, point, surrogate.logExpectedImprovement(cube.encode(point.parameters()))))
                : Optional.empty();
    }

    /**
     * The best of many points anywhere and of as many near the best observed ones, after the most promising have climbed; empty if none is new.
     *
     * @param points whose values are known, as the surrogate has them, [observation][coordinate]
     * @param observed their values; smaller is better
     */
    Optional<Point> maximum(double[][] points, double[] observed, Random randomness) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < CANDIDATES; i++) {
            candidate(anywhere(randomness)).ifPresent(candidates::add);
        }
        Integer[] byValue = new Integer[points.length];
        Arrays.setAll(byValue, i -> i);
        Arrays.sort(byValue, Comparator.comparingDouble(i -> observed[i]));
        for (int i = 0; i < CANDIDATES; i++) {
            double[] near = cube.unit(points[byValue[Math.min(byValue.length - 1, i % 4)]]);
            candidate(moved(near, 0.3 * Math.pow(10, -3 * randomness.nextDouble()), randomness))
                    .ifPresent(candidates::add);
        }
        candidates.sort(Comparator.comparingDouble(candidate -> -candidate.gain));
        Optional<Candidate> best = Optional.empty();
        for (Candidate candidate : candidates.subList(0, Math.min(REFINED, candidates.size()))) {
            Candidate refined = refined(candidate, randomness);
            if (best.isEmpty() || refined.gain > best.get().gain) {
                best = Optional.of(refined);
            }
        }
        return best.map(Candidate::point);
    }

    /** Climbs by steps that shrink when they do not lead upwards. */
    private Candidate refined(Candidate start, Random randomness) {
        Candidate at = start;
        double step = 0.05;
        for (int i = 0; i < REFINEMENTS; i++) {
            Optional<Candidate> moved = candidate(moved(at.unit, step, randomness));
            if (moved.isPresent() && moved.get().gain > at.gain) {
                at = moved.get();
                step *= 1.5;
            } else {
                step *= 0.85;
            }
        }
        return at;
    }

    private double[] anywhere(Random randomness) {
        double[] unit = new double[cube.dimensions()];
        for (int d = 0; d < unit.length; d++) {
            unit[d] = randomness.nextDouble();
        }
        return unit;
    }

    /** Each coordinate moves with a probability of its own, one at least; lists of values take another value. */
    private double[] moved(double[] from, double step, Random randomness) {
        double[] unit = from.clone();
        int certain = randomness.nextInt(unit.length);
        for (int d = 0; d < unit.length; d++) {
            if (d != certain && randomness.nextDouble() < 0.5) {
                continue;
            }
            boolean listed = cube.choices(d) > 0;
            unit[d] = listed
                    ? (d == certain || randomness.nextDouble() < 0.3 ? randomness.nextDouble() : unit[d])
                    : Math.max(0, Math.min(1, unit[d] + step * randomness.nextGaussian()));
        }
        return unit;
    }
}
