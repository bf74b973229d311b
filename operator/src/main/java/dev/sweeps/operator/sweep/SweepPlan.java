package dev.sweeps.operator.sweep;

import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.search.GridSearch;
import dev.sweeps.search.Point;
import dev.sweeps.search.SearchSpace;
import dev.sweeps.search.TrialName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which trials a sweep should start now. Pure, and always the same for the same sweep and trials: points are taken in running order, so
 * that a cache that is behind can only make us create once more what is there already, under the same name.
 *
 * @param grid the points of the sweep
 * @param start trials to create, in order
 */
record SweepPlan(GridSearch grid, List<NewTrial> start) {

    /** A trial that does not exist yet. */
    record NewTrial(String name, Point point) {}

    /**
     * @param sweep name of the sweep
     * @param spec a spec without problems
     * @param existing every trial of the sweep, those of values that were removed included
     */
    static SweepPlan of(String sweep, SweepSpec spec, Collection<Trial> existing) {
        GridSearch grid = new GridSearch(SearchSpace.of(spec.parameters()));
        long inFlight = existing.stream().filter(trial -> !trial.hasEnded()).count();
        long room = spec.suspend() ? 0 : spec.parallelism() - inFlight;
        return new SweepPlan(grid, room <= 0 ? List.of() : firstMissing(sweep, grid, existing, room));
    }

    private static List<NewTrial> firstMissing(String sweep, GridSearch grid, Collection<Trial> existing, long room) {
        Set<String> names =
                existing.stream().map(trial -> trial.getMetadata().getName()).collect(Collectors.toSet());
        List<NewTrial> missing = new ArrayList<>();
        for (long number = 0; number < grid.size() && missing.size() < room; number++) {
            Point point = grid.get(number);
            String name = TrialName.of(sweep, point, 0);
            if (!names.contains(name)) {
                missing.add(new NewTrial(name, point));
            }
        }
        return missing;
    }
}
