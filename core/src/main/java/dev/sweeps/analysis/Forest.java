package dev.sweeps.analysis;

import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import org.tribuo.MutableDataset;
import org.tribuo.common.tree.TreeModel;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.rtree.CARTJointRegressionTrainer;
import org.tribuo.regression.rtree.impurity.MeanSquaredError;

/**
 * A random forest: regression trees, each fitted to another bootstrap sample of the settings (Breiman, Machine Learning 45, 2001). The same
 * settings give the same forest.
 *
 * @param trees those that are not constant
 * @param explained R squared of what the trees say of settings that they have not seen; null where each has seen all
 */
record Forest(List<Axis> axes, List<BoxTree> trees, Double explained) {
    /** Fewer settings have no forest. */
    static final int MIN_SETTINGS = 8;

    private static final int TREES = 64;
    private static final int MAX_DEPTH = 9;
    private static final float MIN_LEAF = 3;
    /** Bagging: a parameter that matters only together with another is seldom split at when only some are looked at. */
    private static final float ALL_FEATURES = 1;
    /** Settings that a tree is fitted to, at most. */
    private static final int MAX_SAMPLE = 2_000;

    private static final long SEED = 42;
    private static final RegressionFactory FACTORY = new RegressionFactory();

    static Forest of(SortedMap<String, List<ParameterValue>> space, List<Setting> settings) {
        List<Axis> axes = space.entrySet().stream()
                .map(parameter -> Axis.of(parameter.getKey(), parameter.getValue(), settings))
                .toList();
        double[] values = settings.stream().mapToDouble(Setting::mean).toArray();
        double[][] points = settings.stream()
                .map(setting -> point(axes, setting.parameters()))
                .toArray(double[][]::new);
        SplittableRandom random = new SplittableRandom(SEED);
        List<BoxTree> trees = new ArrayList<>();
        double[] predicted = new double[values.length];
        int[] predictions = new int[values.length];
        for (int i = 0; i < TREES; i++) {
            int[] sample = random.ints(Math.min(values.length, MAX_SAMPLE), 0, values.length)
                    .toArray();
            BoxTree tree = fit(axes, points, values, sample, SEED + i);
            boolean[] seen = new boolean[values.length];
            Arrays.stream(sample).forEach(row -> seen[row] = true);
            for (int row = 0; row < Math.min(values.length, MAX_SAMPLE); row++) {
                if (!seen[row]) {
                    predicted[row] += tree.predict(points[row]);
                    predictions[row]++;
                }
            }
            trees.add(tree);
        }
        trees.removeIf(tree -> tree.variance() == 0);
        return new Forest(axes, trees, explained(values, predicted, predictions));
    }

    double[] point(Map<String, ParameterValue> parameters) {
        return point(axes, parameters);
    }

    private static double[] point(List<Axis> axes, Map<String, ParameterValue> parameters) {
        return axes.stream().mapToDouble(axis -> axis.position(parameters)).toArray();
    }

    private static BoxTree fit(List<Axis> axes, double[][] points, double[] values, int[] sample, long seed) {
        String[] names = new String[axes.size()];
        Arrays.setAll(names, i -> "x" + i);
        MutableDataset<Regressor> dataset =
                new MutableDataset<>(new SimpleDataSourceProvenance("runs", FACTORY), FACTORY);
        for (int row : sample) {
            dataset.add(new ArrayExample<>(new Regressor("y", values[row]), names, points[row]));
        }
        CARTJointRegressionTrainer trainer = new CARTJointRegressionTrainer(
                MAX_DEPTH, MIN_LEAF, 0, ALL_FEATURES, new MeanSquaredError(), false, seed);
        TreeModel<Regressor> model = trainer.train(dataset);
        int[] axisOfFeature = new int[axes.size()];
        for (int i = 0; i < names.length; i++) {
            axisOfFeature[model.getFeatureIDMap().getID(names[i])] = i;
        }
        return new BoxTree(model.getRoot(), axes, axisOfFeature);
    }

    private static Double explained(double[] values, double[] predicted, int[] predictions) {
        double mean = Arrays.stream(values).average().orElse(0);
        double error = 0;
        double total = 0;
        for (int row = 0; row < values.length; row++) {
            if (predictions[row] > 0) {
                error += Math.pow(values[row] - predicted[row] / predictions[row], 2);
                total += Math.pow(values[row] - mean, 2);
            }
        }
        return total == 0 ? null : 1 - error / total;
    }
}
