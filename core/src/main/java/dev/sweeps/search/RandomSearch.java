package dev.sweeps.search;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.TrialSpec;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Points drawn from the distributions of the parameters (sweeps/random_search.py of wandb/sweeps, which draws without a seed and without an
 * end). The n-th point is a function of the seed and n. A point that was drawn before is passed over, for a trial is its parameters, and
 * nothing is run twice.
 */
public final class RandomSearch implements Search {
    /** Draws in vain before a filter is taken to keep nothing. */
    private static final int MAX_IN_VAIN = 100_000;

    private final SearchSpace space;
    private final Optional<Where> where;
    private final long seed;
    private final long size;

    /** All points, if the space is small enough to enumerate. */
    private final Optional<GridSearch> combinations;

    private final List<Point> drawn = new ArrayList<>();
    private final Set<Point> seen = new HashSet<>();
    private long draws;

    /** Whether a point is in the space; it is asked for each trial again and again. */
    private final Map<Map<String, ParameterValue>, Boolean> members = new ConcurrentHashMap<>();

    private RandomSearch(SearchSpace space, Optional<Where> where, long seed, long cap) {
        this.space = space;
        this.where = where;
        this.seed = seed;
        this.combinations = space.size()
                .filter(all -> all.compareTo(BigInteger.valueOf(MAX_POINTS)) <= 0)
                .map(all -> GridSearch.of(space.unweighted(), where, Long.MAX_VALUE));
        this.size = Math.min(cap, combinations.map(GridSearch::size).orElse(Long.MAX_VALUE));
    }

    /**
     * @param cap how many points are drawn; fewer where the space has fewer
     * @throws InvalidWhere if the filter keeps nothing
     */
    static RandomSearch of(SearchSpace space, Optional<Where> where, long seed, long cap) {
        RandomSearch search = new RandomSearch(space, where, seed, cap);
        search.get(0);
        return search;
    }

    @Override
    public long size() {
        return size;
    }

    /** The point with the given number, from 0 and below {@link #size}. */
    public synchronized Point get(long number) {
        while (drawn.size() <= number) {
            Point point = another();
            seen.add(point);
            drawn.add(point);
        }
        return drawn.get((int) number);
    }

    private Point another() {
        for (int inVain = 0; inVain < MAX_IN_VAIN; inVain++) {
            Point point = draw(draws++);
            if (!seen.contains(point) && keeps(point)) {
                return point;
            }
        }
        return combinations
                .flatMap(all ->
                        all.points().filter(point -> !seen.contains(point)).findFirst())
                .orElseThrow(() -> new InvalidWhere("where: keeps none of " + MAX_IN_VAIN
                        + " points that were drawn one after the other and not run yet; correct it, narrow the ranges, or"
                        + " lower runCap"));
    }

    /** Whether the filter, if there is one, keeps a point. */
    boolean keeps(Point point) {
        return where.filter(filter -> !filter.keeps(point.parameters())).isEmpty();
    }

    /** Each parameter has a number of its own between 0 and 1, so that one parameter more changes nothing for the others. */
    private Point draw(long draw) {
        SortedMap<String, ParameterValue> point = new TreeMap<>();
        space.dimensions()
                .forEach(dimension -> point.put(
                        dimension.name(),
                        dimension.distribution().draw(Uniform.of(seed + " " + draw + " " + dimension.name()))));
        return new Point(point);
    }

    /** Empty as well for a Trial that someone else made. */
    @Override
    public OptionalLong numberOf(TrialSpec trial) {
        return trial.number() != null && members.computeIfAbsent(trial.parameters(), this::isIn)
                ? OptionalLong.of(trial.number())
                : OptionalLong.empty();
    }

    private boolean isIn(Map<String, ParameterValue> point) {
        return space.contains(point)
                && where.filter(filter -> !filter.keeps(point)).isEmpty();
    }

    @Override
    public OptionalLong recorded(long number) {
        return OptionalLong.of(number);
    }

    /** After the space was edited a number may be taken by a point of the space before; its point of now then gets a number above all. */
    @Override
    public List<Numbered> next(Chosen chosen, int count) {
        long room = Math.min(count, size - chosen.size());
        if (room <= 0) {
            return List.of();
        }
        long draws = combinations.map(GridSearch::size).orElse(Long.MAX_VALUE);
        long above = Math.max(chosen.above(), size);
        List<Numbered> next = new ArrayList<>();
        for (long draw = chosen.firstNew(this::get, draws); next.size() < room && draw < draws; draw++) {
            Point point = get(draw);
            if (!chosen.contains(point.parameters())) {
                next.add(new Numbered(chosen.isTaken(draw) || draw >= size ? above++ : draw, point));
            }
        }
        return next;
    }
}
