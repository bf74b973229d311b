package dev.sweeps.search;

import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Every combination of a search space, in the order of Weights and Biases: parameters sorted by name, the last varying fastest
 * (itertools.product over the sorted names in sweeps/grid_search.py of wandb/sweeps). Points are computed from their number when
 * they are asked for, so a grid costs nothing before it is run.
 */
public final class GridSearch {
    private final SearchSpace space;
    private final Map<String, Map<ParameterValue, Integer>> positions = new HashMap<>();

    public GridSearch(SearchSpace space) {
        this.space = space;
        space.values().forEach((name, values) -> {
            Map<ParameterValue, Integer> position = new HashMap<>();
            values.forEach(value -> position.put(value, position.size()));
            positions.put(name, position);
        });
    }

    /** Number of points; a grid too large for a long is refused when the sweep is validated. */
    public long size() {
        return space.size().longValueExact();
    }

    /** The point with the given number, from 0. */
    public Point get(long number) {
        SortedMap<String, ParameterValue> point = new TreeMap<>();
        long rest = number;
        for (Map.Entry<String, List<ParameterValue>> parameter :
                new TreeMap<>(space.values()).descendingMap().entrySet()) {
            List<ParameterValue> values = parameter.getValue();
            point.put(parameter.getKey(), values.get((int) (rest % values.size())));
            rest /= values.size();
        }
        return new Point(point);
    }

    /** The number of a point in running order, from 0; empty if it is not in the space. */
    public OptionalLong numberOf(Map<String, ParameterValue> parameters) {
        if (!parameters.keySet().equals(space.values().keySet())) {
            return OptionalLong.empty();
        }
        long number = 0;
        for (Map.Entry<String, List<ParameterValue>> parameter : space.values().entrySet()) {
            Integer position = positions.get(parameter.getKey()).get(parameters.get(parameter.getKey()));
            if (position == null) {
                return OptionalLong.empty();
            }
            number = number * parameter.getValue().size() + position;
        }
        return OptionalLong.of(number);
    }

    /** All points in running order, computed one by one. */
    public Stream<Point> points() {
        return LongStream.range(0, size()).mapToObj(this::get);
    }
}
