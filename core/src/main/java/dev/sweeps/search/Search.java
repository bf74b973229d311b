package dev.sweeps.search;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.TrialSpec;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Chooses the points of a sweep, one after the other, from its space and from what was observed. The same space, seed and observations give
 * the same points, whoever asks and whenever.
 */
public interface Search {
    /** The most points of one sweep. */
    int MAX_POINTS = 100_000;

    /** The most combinations that {@code where} is asked about. */
    int MAX_FILTERED = 1_000_000;

    /**
     * A point to run.
     *
     * @param number in running order, from 0
     */
    record Numbered(long number, Point point) {}

    /**
     * What is known of a point that was chosen before.
     *
     * @param ended whether nothing more will become known; a point without a value then has failed
     * @param value the mean over its replicates, larger or smaller is better as the metric's goal says
     * @param completionTime RFC 3339; null while it has not ended
     */
    record Observation(
            long number,
            Map<String, ParameterValue> parameters,
            boolean ended,
            OptionalDouble value,
            String completionTime) {}

    /**
     * The search of a spec.
     *
     * @throws InvalidParameter if a parameter cannot be searched by the spec's method
     * @throws InvalidWhere if the filter cannot be run, or keeps nothing
     */
    static Search of(SweepSpec spec) {
        SearchSpace space = SearchSpace.of(spec.parameters());
        Optional<Where> where = Optional.ofNullable(spec.where()).map(expression -> Where.of(expression, space));
        long cap = spec.runCap() == null ? Long.MAX_VALUE : spec.runCap();
        long seed = spec.seed() == null ? 0 : spec.seed();
        return switch (spec.method()) {
            case GRID -> GridSearch.of(space, where, cap);
            case RANDOM -> RandomSearch.of(space, where, seed, cap);
            case BAYES -> {
                int parallelism = Math.max(1, spec.parallelism());
                int points = (parallelism + spec.replicates() - 1) / spec.replicates();
                yield BayesSearch.of(space, where, seed, cap, spec.metric().goal(), points);
            }
        };
    }

    /** How many points there are to run. */
    long size();

    /** How many of the first points do not depend on what others come to. */
    default long foreseeable() {
        return size();
    }

    /** The number of a trial's point in running order; empty if the point is not in the space, or not any more. */
    OptionalLong numberOf(TrialSpec trial);

    /** The number that a new trial must carry; empty where the parameters tell it. */
    OptionalLong recorded(long number);

    /**
     * The next points to run.
     *
     * @param chosen every point of the space that was chosen before
     * @param count at most so many
     */
    List<Numbered> next(Chosen chosen, int count);

    /** Returns the next points for observations that are not kept. */
    default List<Numbered> next(Collection<Observation> chosen, int count) {
        return next(Chosen.of(chosen), count);
    }
}
