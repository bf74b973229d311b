package dev.sweeps.search;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.search.Distribution.Categorical;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The points of a search space as vectors, a coordinate for each parameter that varies. Numbers lie between 0 and 1 as their distribution has
 * them, a list of numbers evenly in their order; what is not a number is the index of its value.
 */
final class UnitCube {
    /** Share at each end of an unbounded distribution that is not searched. */
    private static final double UNBOUNDED_MARGIN = 1e-4;

    /** One coordinate. */
    private record Coordinate(
            String name, Distribution distribution, List<ParameterValue> ordered, boolean categorical) {}

    private final SortedMap<String, ParameterValue> constants = new TreeMap<>();
    private final List<Coordinate> coordinates = new ArrayList<>();

    UnitCube(SearchSpace space) {
        for (Dimension dimension : space.dimensions()) {
            Distribution distribution = dimension.distribution();
            if (distribution.values().filter(values -> values.count() == 1).isPresent()) {
                constants.put(
                        dimension.name(), distribution.values().orElseThrow().get(0));
            } else if (distribution instanceof Categorical choices) {
                coordinates.add(listed(dimension.name(), choices));
            } else {
                coordinates.add(new Coordinate(dimension.name(), distribution, List.of(), false));
            }
        }
    }

    private static Coordinate listed(String name, Categorical choices) {
        List<ParameterValue> values = ((Values.Listed) choices.choices()).values();
        boolean numbers =
                values.size() > 2 && values.stream().allMatch(value -> value.kind() == ParameterValue.Kind.NUMBER);
        return new Coordinate(
                name,
                choices,
                numbers
                        ? values.stream()
                                .sorted(Comparator.comparing(value -> (BigDecimal) value.raw()))
                                .toList()
                        : values,
                !numbers);
    }

    int dimensions() {
        return coordinates.size();
    }

    /** For each coordinate whether it is the index of a value that is not a number. */
    boolean[] categorical() {
        boolean[] categorical = new boolean[coordinates.size()];
        for (int d = 0; d < categorical.length; d++) {
            categorical[d] = coordinates.get(d).categorical;
        }
        return categorical;
    }

    /** How many values a coordinate has that are listed, 0 for a range. */
    int choices(int dimension) {
        return coordinates.get(dimension).ordered.size();
    }

    /** The vector of a point; coordinates of values that are not of the space are in the middle. */
    double[] encode(Map<String, ParameterValue> point) {
        double[] vector = new double[coordinates.size()];
        for (int d = 0; d < vector.length; d++) {
            Coordinate coordinate = coordinates.get(d);
            ParameterValue value = point.get(coordinate.name);
            int index = coordinate.ordered.indexOf(value);
            if (coordinate.categorical) {
                vector[d] = index;
            } else if (index >= 0) {
                vector[d] = index / (coordinate.ordered.size() - 1.0);
            } else {
                OptionalDouble position =
                        value == null ? OptionalDouble.empty() : coordinate.distribution.position(value);
                vector[d] = position.orElse(0.5);
            }
        }
        return vector;
    }

    /**
     * The point nearest to a vector of numbers between 0 and 1.
     *
     * @param unit of a categorical coordinate the share of its values, and not an index
     */
    Point decode(double[] unit) {
        SortedMap<String, ParameterValue> point = new TreeMap<>(constants);
        for (int d = 0; d < unit.length; d++) {
            Coordinate coordinate = coordinates.get(d);
            point.put(coordinate.name, value(coordinate, unit[d]));
        }
        return new Point(point);
    }

    private static ParameterValue value(Coordinate coordinate, double anywhere) {
        double margin = coordinate.distribution.isBounded() ? 0 : UNBOUNDED_MARGIN;
        double unit = Math.max(margin, Math.min(1 - margin, anywhere));
        int count = coordinate.ordered.size();
        if (coordinate.categorical) {
            return coordinate.ordered.get(Math.min(count - 1, (int) (unit * count)));
        }
        return count > 0
                ? coordinate.ordered.get((int) Math.round(unit * (count - 1)))
                : coordinate.distribution.draw(unit);
    }

    /** The share of its values that a categorical coordinate's index stands for; other coordinates as they are. */
    double[] unit(double[] vector) {
        double[] unit = vector.clone();
        for (int d = 0; d < unit.length; d++) {
            if (coordinates.get(d).categorical) {
                unit[d] = (vector[d] + 0.5) / coordinates.get(d).ordered.size();
            }
        }
        return unit;
    }
}
