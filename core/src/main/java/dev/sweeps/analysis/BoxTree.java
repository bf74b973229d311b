package dev.sweeps.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.tribuo.common.tree.LeafNode;
import org.tribuo.common.tree.Node;
import org.tribuo.common.tree.SplitNode;
import org.tribuo.regression.Regressor;

/** A regression tree as a function that is constant in each of a set of boxes, which fill the space. */
final class BoxTree {

    /** A box in which the function is constant; {@code low} and {@code high} by axis. */
    private record Box(double[] low, double[] high, double value) {

        boolean holds(double[] point) {
            for (int axis = 0; axis < point.length; axis++) {
                if (point[axis] <= low[axis] || point[axis] > high[axis]) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Axis> axes;
    private final List<Box> boxes = new ArrayList<>();
    private final double mean;
    private final double variance;

    /**
     * @param root of a tree whose feature {@code axisOfFeature[id]} is an axis
     */
    BoxTree(Node<Regressor> root, List<Axis> axes, int[] axisOfFeature) {
        this.axes = axes;
        collect(
                root,
                axes.stream().mapToDouble(Axis::low).toArray(),
                axes.stream().mapToDouble(Axis::high).toArray(),
                axisOfFeature);
        mean = boxes.stream()
                .mapToDouble(box -> weight(box, -1, -1) * box.value)
                .sum();
        variance = boxes.stream()
                .mapToDouble(box -> weight(box, -1, -1) * Math.pow(box.value - mean, 2))
                .sum();
    }

    private void collect(Node<Regressor> node, double[] low, double[] high, int[] axisOfFeature) {
        if (node instanceof LeafNode<Regressor> leaf) {
            boxes.add(new Box(low, high, leaf.getOutput().getValues()[0]));
            return;
        }
        SplitNode<Regressor> split = (SplitNode<Regressor>) node;
        int axis = axisOfFeature[split.getFeatureID()];
        double[] middle = high.clone();
        middle[axis] = split.splitValue();
        collect(split.getLessThanOrEqual(), low, middle, axisOfFeature);
        middle = low.clone();
        middle[axis] = split.splitValue();
        collect(split.getGreaterThan(), middle, high, axisOfFeature);
    }

    /** Returns the value of the function at a point. A point on the lower edge of the space belongs to the boxes there. */
    double predict(double[] point) {
        double[] inside = new double[point.length];
        for (int axis = 0; axis < point.length; axis++) {
            inside[axis] = Math.max(point[axis], Math.nextUp(axes.get(axis).low()));
        }
        return boxes.stream().filter(box -> box.holds(inside)).findFirst().orElseThrow().value;
    }

    /** Variance of the function over the space. */
    double variance() {
        return variance;
    }

    /** Variance of the mean of the function over all axes except this one. */
    double varianceOf(int axis) {
        return varianceOf(axis, -1);
    }

    /** Variance of the mean of the function over all axes except these two; -1 stands for no second axis. */
    double varianceOf(int first, int second) {
        double[] rows = cuts(first);
        double[] columns = second < 0 ? new double[] {0, 1} : cuts(second);
        double[][] means = new double[rows.length - 1][columns.length - 1];
        for (Box box : boxes) {
            double share = weight(box, first, second) * box.value;
            int lastColumn = second < 0 ? 1 : index(columns, box.high[second]);
            for (int row = index(rows, box.low[first]); row < index(rows, box.high[first]); row++) {
                for (int column = second < 0 ? 0 : index(columns, box.low[second]); column < lastColumn; column++) {
                    means[row][column] += share;
                }
            }
        }
        double sum = 0;
        for (int row = 0; row < means.length; row++) {
            for (int column = 0; column < means[row].length; column++) {
                double area = (rows[row + 1] - rows[row]) * (columns[column + 1] - columns[column]);
                sum += area * Math.pow(means[row][column] - mean, 2);
            }
        }
        return sum / (rows[rows.length - 1] - rows[0]) / (columns[columns.length - 1] - columns[0]);
    }

    /** Returns the share of the space that a box fills, seen along all axes except {@code first} and {@code second}. */
    private double weight(Box box, int first, int second) {
        double weight = 1;
        for (int axis = 0; axis < axes.size(); axis++) {
            if (axis != first && axis != second) {
                Axis whole = axes.get(axis);
                weight *= (box.high[axis] - box.low[axis]) / (whole.high() - whole.low());
            }
        }
        return weight;
    }

    private double[] cuts(int axis) {
        return boxes.stream()
                .flatMapToDouble(box -> DoubleStream.of(box.low[axis], box.high[axis]))
                .sorted()
                .distinct()
                .toArray();
    }

    private static int index(double[] cuts, double cut) {
        return Arrays.binarySearch(cuts, cut);
    }
}
