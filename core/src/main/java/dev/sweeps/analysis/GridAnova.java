package dev.sweeps.analysis;

import dev.sweeps.analysis.Importance.Effect;
import dev.sweeps.analysis.Importance.Method;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The exact functional ANOVA of a complete grid, each of its points weighing the same (Hooker, JCGS 16, 2007; for hyperparameters Hutter,
 * Hoos and Leyton-Brown, ICML 2014). On such a grid it is the classical analysis of variance: the variance of the means over each value is
 * a main effect, that of the means over each pair of values less both main effects is their interaction.
 */
final class GridAnova {
    private final List<String> names;
    private final int[] levels;
    /** The mean of each point, the last parameter varying fastest. */
    private final double[] cells;

    private final double grandMean;

    private GridAnova(List<String> names, int[] levels, double[] cells) {
        this.names = names;
        this.levels = levels;
        this.cells = cells;
        this.grandMean = Arrays.stream(cells).average().orElse(0);
    }

    /** Empty if a point has no result. */
    static Optional<Importance> of(SortedMap<String, List<ParameterValue>> space, List<Setting> settings, Noise noise) {
        long points = 1;
        for (List<ParameterValue> values : space.values()) {
            points *= values.size();
            if (points > settings.size()) {
                return Optional.empty();
            }
        }
        if (points != settings.size()) {
            return Optional.empty();
        }
        GridAnova grid = new GridAnova(
                List.copyOf(space.keySet()),
                space.values().stream().mapToInt(List::size).toArray(),
                cells(space, settings));
        double noiseOfCell =
                settings.stream().mapToDouble(noise::variance).average().orElse(Double.NaN);
        return Optional.of(grid.importance(settings, noise.known() ? noiseOfCell : Double.NaN));
    }

    private static double[] cells(SortedMap<String, List<ParameterValue>> space, List<Setting> settings) {
        List<Map<ParameterValue, Integer>> positions = new ArrayList<>();
        space.values().forEach(values -> {
            Map<ParameterValue, Integer> position = new HashMap<>();
            values.forEach(value -> position.put(value, position.size()));
            positions.add(position);
        });
        double[] cells = new double[settings.size()];
        for (Setting setting : settings) {
            int cell = 0;
            int parameter = 0;
            for (String name : space.keySet()) {
                Map<ParameterValue, Integer> position = positions.get(parameter++);
                cell = cell * position.size() + position.get(TrialTable.value(setting.parameters(), name));
            }
            cells[cell] = setting.mean();
        }
        return cells;
    }

    private Importance importance(List<Setting> settings, double noiseOfCell) {
        int trials = settings.stream().mapToInt(Setting::count).sum();
        double total = Arrays.stream(cells)
                .map(cell -> (cell - grandMean) * (cell - grandMean))
                .average()
                .orElse(0);
        if (total == 0) {
            return new Importance(Method.EXACT, trials, List.of(), 0, null, null);
        }
        double[] main = new double[names.size()];
        List<Effect> effects = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            main[i] = varianceOfMeans(i, -1);
            int freedom = levels[i] - 1;
            effects.add(effect(List.of(names.get(i)), main[i] / total, freedom, noiseOfCell / total));
        }
        for (int i = 0; i < names.size(); i++) {
            for (int j = i + 1; j < names.size(); j++) {
                double pair = varianceOfMeans(i, j) - main[i] - main[j];
                int freedom = (levels[i] - 1) * (levels[j] - 1);
                effects.add(effect(List.of(names.get(i), names.get(j)), pair / total, freedom, noiseOfCell / total));
            }
        }
        double explained = effects.stream().mapToDouble(Effect::share).sum();
        return new Importance(
                Method.EXACT,
                trials,
                effects,
                names.size() > 2 ? atLeastZero(1 - explained) : 0,
                noiseShare(cells.length - 1, noiseOfCell / total),
                null);
    }

    private Effect effect(List<String> parameters, double share, int freedom, double noise) {
        return new Effect(parameters, atLeastZero(share), noiseShare(freedom, noise), null);
    }

    /** A sum of squares of pure noise is its degrees of freedom times the variance; the variance of the cells is a sum over their number. */
    private Double noiseShare(int freedom, double noise) {
        return Double.isNaN(noise) ? null : Math.min(1, freedom * noise / cells.length);
    }

    /** Variance of the means over the values of parameter {@code i}, or over the pairs of values of {@code i} and {@code j}. */
    private double varianceOfMeans(int i, int j) {
        int width = j < 0 ? 1 : levels[j];
        double[] sums = new double[levels[i] * width];
        for (int cell = 0; cell < cells.length; cell++) {
            sums[level(cell, i) * width + (j < 0 ? 0 : level(cell, j))] += cells[cell];
        }
        double cellsPerMean = (double) cells.length / sums.length;
        return Arrays.stream(sums)
                .map(sum -> sum / cellsPerMean - grandMean)
                .map(deviation -> deviation * deviation)
                .average()
                .orElse(0);
    }

    private int level(int cell, int parameter) {
        int rest = cell;
        for (int later = levels.length - 1; later > parameter; later--) {
            rest /= levels[later];
        }
        return rest % levels[parameter];
    }

    /** A difference of equal sums is not always exactly zero. */
    private static double atLeastZero(double share) {
        return share < 1e-12 ? 0 : share;
    }
}
