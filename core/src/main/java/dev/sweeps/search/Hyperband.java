package dev.sweeps.search;

import dev.sweeps.api.v1alpha1.EarlyTerminate;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which trials are stopped before their end: sweeps/hyperband_stopping.py of wandb/sweeps, after Li et al. 2018 (arXiv:1603.06560). At each
 * band, a number of reports, the best 1/eta of all trials that came so far go on.
 *
 * @param bands numbers of reports, ascending
 * @param survivors share of the trials that go on
 * @param strict whether what was reported at the band counts, and not the best so far
 */
public record Hyperband(List<Integer> bands, double survivors, boolean strict) {
    /** Bands of {@code minIter}, as there. */
    private static final int MAX_BANDS = 100;

    /**
     * What a trial has reported.
     *
     * @param trial its name
     * @param running whether it can be stopped
     * @param atBands the values at those of {@link #bands} that it has reached, by number of reports
     * @param best of all that it has reported
     */
    public record Progress(String trial, boolean running, Map<Integer, Double> atBands, double best) {}

    /**
     * A trial to stop, and why.
     *
     * @param threshold the worst value with which a trial would have gone on
     */
    public record Stop(String trial, int band, double value, double threshold) {}

    public Hyperband {
        bands = List.copyOf(bands);
    }

    /** The bands of a configuration with minIter, or with maxIter and s, which win. */
    public static Hyperband of(EarlyTerminate stopping) {
        double eta = stopping.eta().doubleValue();
        List<Integer> bands = stopping.maxIter() != null && stopping.s() != null
                ? downwards(stopping.maxIter(), stopping.s(), eta)
                : upwards(stopping.minIter(), eta);
        return new Hyperband(bands, 1 / eta, stopping.strict());
    }

    private static List<Integer> downwards(int maxIter, int s, double eta) {
        List<Integer> bands = new ArrayList<>();
        double band = maxIter;
        for (int i = 0; i < s; i++) {
            band /= eta;
            if (band < 1) {
                break;
            }
            bands.add(0, (int) band);
        }
        return bands;
    }

    private static List<Integer> upwards(int minIter, double eta) {
        List<Integer> bands = new ArrayList<>();
        double band = minIter;
        for (int i = 0; i < MAX_BANDS && band <= Integer.MAX_VALUE; i++) {
            bands.add((int) band);
            band *= eta;
        }
        return bands;
    }

    /** The trials to stop now. */
    public List<Stop> stops(Goal goal, Collection<Progress> trials) {
        int sign = goal == Goal.MAXIMIZE ? -1 : 1;
        Map<Integer, Double> thresholds = new TreeMap<>();
        for (int band : bands) {
            double[] values = trials.stream()
                    .filter(trial -> trial.atBands().containsKey(band))
                    .mapToDouble(trial -> sign * trial.atBands().get(band))
                    .sorted()
                    .toArray();
            if (values.length == 0) {
                break; // Nor has anyone come to a later one.
            }
            thresholds.put(band, values[(int) (survivors * values.length)]);
        }
        List<Stop> stops = new ArrayList<>();
        for (Progress trial : trials) {
            int band = lastBand(trial);
            if (!trial.running() || band < 0) {
                continue;
            }
            double value = sign * (strict ? trial.atBands().get(band) : trial.best());
            if (value > thresholds.get(band)) {
                stops.add(new Stop(trial.trial(), band, sign * value, sign * thresholds.get(band)));
            }
        }
        return stops;
    }

    private int lastBand(Progress trial) {
        return bands.stream()
                .filter(band -> trial.atBands().containsKey(band))
                .mapToInt(Integer::intValue)
                .max()
                .orElse(-1);
    }
}
