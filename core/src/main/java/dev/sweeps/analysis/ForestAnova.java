package dev.sweeps.analysis;

import dev.sweeps.analysis.Importance.Effect;
import dev.sweeps.analysis.Importance.Method;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.search.GridSearch;
import dev.sweeps.search.SearchSpace;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The functional ANOVA where points are missing or random, with the help of a {@link Forest}. Of a grid it gives the missing points what the
 * forest predicts there, and divides the variance of the completed grid. Of random points it divides that of each tree, whose function is
 * constant in boxes (Hutter, Hoos and Leyton-Brown, "An Efficient Approach for Assessing Hyperparameter Importance", ICML 2014), and takes the
 * means. Errors are standard deviations between the trees.
 */
final class ForestAnova {
    /** A grid is completed when at least one in so many of its points is known. */
    private static final int COMPLETED = 4;

    private static final int MAX_POINTS = 100_000;
    /** Completed grids whose standard deviation is the error. */
    private static final int COMPLETIONS = 16;
    /** Number of parameters with the largest main effects whose pairs are computed, if there are more parameters. */
    private static final int PAIRED = 8;

    private final SortedMap<String, List<ParameterValue>> space;
    private final List<Setting> settings;
    private final Noise noise;
    private final Forest forest;
    private final int trials;

    private ForestAnova(SortedMap<String, List<ParameterValue>> space, List<Setting> settings, Noise noise) {
        this.space = space;
        this.settings = settings;
        this.noise = noise;
        this.forest = Forest.of(space, settings);
        this.trials = settings.stream().mapToInt(Setting::count).sum();
    }

    static Importance of(SortedMap<String, List<ParameterValue>> space, List<Setting> settings, Noise noise) {
        if (settings.size() < Forest.MIN_SETTINGS
                || settings.stream().mapToDouble(Setting::mean).distinct().count() == 1) {
            int trials = settings.stream().mapToInt(Setting::count).sum();
            return new Importance(Method.FOREST, trials, List.of(), 0, null, null);
        }
        ForestAnova anova = new ForestAnova(space, settings, noise);
        SearchSpace grid = SearchSpace.ofLists(space);
        BigInteger size = grid.size().orElseThrow();
        boolean completed = size.bitLength() < Long.SIZE
                && size.longValue() <= Math.min(MAX_POINTS, (long) COMPLETED * settings.size());
        return completed ? anova.ofCompletedGrid(new GridSearch(grid)) : anova.ofTrees();
    }

    private Importance ofCompletedGrid(GridSearch grid) {
        Map<List<String>, List<Double>> shares = new HashMap<>();
        forest.trees().stream()
                .limit(COMPLETIONS)
                .map(tree -> GridAnova.of(space, completed(grid, tree::predict), noise))
                .flatMap(Optional::stream)
                .flatMap(importance -> importance.effects().stream())
                .forEach(effect -> shares.computeIfAbsent(effect.parameters(), key -> new ArrayList<>())
                        .add(effect.share()));
        Importance completed =
                GridAnova.of(space, completed(grid, this::predict), noise).orElseThrow();
        List<Effect> effects = completed.effects().stream()
                .map(effect -> new Effect(
                        effect.parameters(),
                        effect.share(),
                        effect.noise(),
                        Math.sqrt(variance(shares.getOrDefault(effect.parameters(), List.of()).stream()
                                .mapToDouble(share -> share)
                                .toArray()))))
                .toList();
        return new Importance(
                Method.COMPLETED_GRID, trials, effects, completed.rest(), completed.noiseShare(), forest.explained());
    }

    /** Every point of the grid, with what was measured there or else what is predicted. */
    private List<Setting> completed(GridSearch grid, ToDoubleFunction<double[]> prediction) {
        Map<List<ParameterValue>, Setting> known = new HashMap<>();
        settings.forEach(setting -> known.put(values(setting.parameters()), setting));
        return grid.points()
                .map(point -> Optional.ofNullable(known.get(values(point.parameters())))
                        .orElseGet(() -> new Setting(
                                point.parameters(),
                                List.of(new Result(
                                        "",
                                        0,
                                        point.parameters(),
                                        BigDecimal.valueOf(prediction.applyAsDouble(forest.point(point.parameters()))),
                                        false)))))
                .toList();
    }

    private List<ParameterValue> values(Map<String, ParameterValue> parameters) {
        return space.keySet().stream()
                .map(name -> TrialTable.value(parameters, name))
                .toList();
    }

    private double predict(double[] point) {
        return forest.trees().stream()
                .mapToDouble(tree -> tree.predict(point))
                .average()
                .orElseThrow();
    }

    private Importance ofTrees() {
        List<Effect> effects = effects();
        double variance = variance(settings.stream().mapToDouble(Setting::mean).toArray());
        double noiseVariance =
                settings.stream().mapToDouble(noise::variance).average().orElse(0);
        return new Importance(
                Method.FOREST,
                trials,
                effects,
                Math.max(0, 1 - effects.stream().mapToDouble(Effect::share).sum()),
                noise.known() ? Math.min(1, noiseVariance / variance) : null,
                forest.explained());
    }

    private List<Effect> effects() {
        List<BoxTree> trees = forest.trees();
        List<Axis> axes = forest.axes();
        List<Effect> effects = new ArrayList<>();
        double[][] main = new double[axes.size()][];
        for (int i = 0; i < axes.size(); i++) {
            int axis = i;
            main[i] = trees.stream()
                    .mapToDouble(tree -> tree.varianceOf(axis) / tree.variance())
                    .toArray();
            effects.add(effect(List.of(axes.get(i).name()), main[i]));
        }
        int[] strongest = IntStream.range(0, axes.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -mean(main[i])))
                .limit(PAIRED)
                .mapToInt(i -> i)
                .sorted()
                .toArray();
        for (int i : strongest) {
            for (int j : strongest) {
                if (i < j) {
                    double[] shares = IntStream.range(0, trees.size())
                            .mapToDouble(tree -> trees.get(tree).varianceOf(i, j)
                                            / trees.get(tree).variance()
                                    - main[i][tree]
                                    - main[j][tree])
                            .toArray();
                    effects.add(effect(List.of(axes.get(i).name(), axes.get(j).name()), shares));
                }
            }
        }
        return effects;
    }

    private static Effect effect(List<String> parameters, double[] shares) {
        return new Effect(parameters, Math.max(0, mean(shares)), null, Math.sqrt(variance(shares)));
    }

    private static double mean(double[] numbers) {
        return Arrays.stream(numbers).average().orElse(0);
    }

    private static double variance(double[] numbers) {
        double mean = mean(numbers);
        return Arrays.stream(numbers)
                .map(number -> (number - mean) * (number - mean))
                .average()
                .orElse(0);
    }
}
