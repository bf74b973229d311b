package dev.sweeps.search;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.TrialSpec;
import dev.sweeps.search.Distribution.Categorical;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Every combination of a search space, in the order of Weights and Biases: parameters sorted by name, the last varying fastest
 * (itertools.product in sweeps/grid_search.py of wandb/sweeps). Points are computed from their number when they are asked for, so a grid
 * costs nothing before it is run.
 */
public final class GridSearch implements Search {
    private final List<Dimension> dimensions;
    private final List<Values> values;
    private final long combinations;

    /** The numbers of the combinations that a filter keeps, ascending; null for all. */
    private final long[] kept;

    private final long cap;

    /** Every combination of a space whose values have an end. */
    public GridSearch(SearchSpace space) {
        this(space, null, Long.MAX_VALUE);
    }

    private GridSearch(SearchSpace space, long[] kept, long cap) {
        this.dimensions = space.dimensions();
        this.values = dimensions.stream().map(GridSearch::values).toList();
        this.combinations = space.size().orElseThrow().longValueExact();
        this.kept = kept;
        this.cap = cap;
    }

    /**
     * The first {@code cap} of the combinations that a filter keeps.
     *
     * @throws InvalidParameter if a parameter is continuous, or there are too many values
     * @throws InvalidWhere if the filter keeps nothing
     */
    static GridSearch of(SearchSpace space, Optional<Where> where, long cap) {
        space.dimensions().forEach(GridSearch::values);
        BigInteger size = space.size().orElseThrow();
        if (where.isEmpty()) {
            checkSize("the grid has " + size + " points", size.min(BigInteger.valueOf(cap)), MAX_POINTS);
            return new GridSearch(space, null, cap);
        }
        checkSize("where would be asked about each of " + size + " combinations", size, MAX_FILTERED);
        GridSearch all = new GridSearch(space);
        long[] kept = LongStream.range(0, size.longValueExact())
                .filter(number -> where.get().keeps(all.get(number).parameters()))
                .toArray();
        if (kept.length == 0) {
            throw new InvalidWhere("where: keeps none of the " + size + " combinations; correct it");
        }
        checkSize("where keeps " + kept.length + " points", BigInteger.valueOf(Math.min(kept.length, cap)), MAX_POINTS);
        return new GridSearch(space, kept, cap);
    }

    private static void checkSize(String what, BigInteger size, int most) {
        if (size.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new InvalidParameter("parameters: " + what + ", and at most " + most
                    + " are " + (most == MAX_POINTS ? "run" : "looked at") + " in one sweep; list fewer values"
                    + (most == MAX_POINTS ? ", or set runCap" : ""));
        }
    }

    private static Values values(Dimension dimension) {
        if (dimension.distribution() instanceof Categorical choices && choices.isWeighted()) {
            throw new InvalidParameter(
                    "parameters." + dimension.name()
                            + ".probabilities: have no effect in a grid, which runs every value; remove them, or use method random");
        }
        return dimension
                .distribution()
                .values()
                .orElseThrow(() -> new InvalidParameter("parameters." + dimension.name()
                        + ": is continuous, and a grid runs every value; list the values to try in values, use q_uniform, or"
                        + " use method random or bayes"));
    }

    @Override
    public long size() {
        return Math.min(cap, kept == null ? combinations : kept.length);
    }

    /** The point with the given number, from 0. */
    public Point get(long number) {
        SortedMap<String, ParameterValue> point = new TreeMap<>();
        long rest = kept == null ? number : kept[(int) number];
        for (int i = values.size() - 1; i >= 0; i--) {
            Values choices = values.get(i);
            point.put(dimensions.get(i).name(), choices.get(rest % choices.count()));
            rest /= choices.count();
        }
        return new Point(point);
    }

    /** The number of a point in running order, from 0; empty if it is not in the space. */
    public OptionalLong numberOf(Map<String, ParameterValue> parameters) {
        if (parameters.size() != dimensions.size()) {
            return OptionalLong.empty();
        }
        long number = 0;
        for (int i = 0; i < values.size(); i++) {
            ParameterValue value = parameters.get(dimensions.get(i).name());
            OptionalLong index =
                    value == null ? OptionalLong.empty() : values.get(i).indexOf(value);
            if (index.isEmpty()) {
                return OptionalLong.empty();
            }
            number = number * values.get(i).count() + index.getAsLong();
        }
        if (kept == null) {
            return OptionalLong.of(number);
        }
        int rank = Arrays.binarySearch(kept, number);
        return rank < 0 ? OptionalLong.empty() : OptionalLong.of(rank);
    }

    @Override
    public OptionalLong numberOf(TrialSpec trial) {
        return numberOf(trial.parameters());
    }

    /** A grid point is its parameters. */
    @Override
    public OptionalLong recorded(long number) {
        return OptionalLong.empty();
    }

    @Override
    public List<Numbered> next(Chosen chosen, int count) {
        return LongStream.range(chosen.firstNew(this::get, size()), size())
                .mapToObj(number -> new Numbered(number, get(number)))
                .filter(point -> !chosen.contains(point.point().parameters()))
                .limit(Math.max(0, Math.min(count, size() - chosen.size())))
                .toList();
    }

    /** All points in running order, computed one by one. */
    public Stream<Point> points() {
        return LongStream.range(0, size()).mapToObj(this::get);
    }
}
