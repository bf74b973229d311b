package dev.sweeps.search;

import dev.sweeps.api.v1alpha1.EarlyTerminate;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    /** The values that all trials of a sweep had at the bands. It is changed one trial at a time, and always in order. */
    public static final class BandValues {
        private final Map<Integer, List<Double>> ascending = new HashMap<>();

        public void add(Progress trial) {
            trial.atBands().forEach((band, value) -> {
                List<Double> values = ascending.computeIfAbsent(band, key -> new ArrayList<>());
                int place = Collections.binarySearch(values, value);
                values.add(place < 0 ? -place - 1 : place, value);
            });
        }

        /** Removes a trial that was added with the same progress. */
        public void remove(Progress trial) {
            trial.atBands().forEach((band, value) -> {
                List<Double> values = ascending.get(band);
                values.remove(Collections.binarySearch(values, value));
            });
        }

        /** The value at a band behind which so many are better. */
        private double worst(int band, Goal goal, int better) {
            List<Double> values = ascending.get(band);
            return values.get(goal == Goal.MAXIMIZE ? values.size() - 1 - better : better);
        }

        private int count(int band) {
            return ascending.getOrDefault(band, List.of()).size();
        }
    }

    /**
     * The trials to stop now.
     *
     * @param all of the sweep, those that are looked at too
     */
    public List<Stop> stops(Goal goal, BandValues all, Collection<Progress> trials) {
        List<Stop> stops = new ArrayList<>();
        for (Progress trial : trials) {
            int band = lastBand(trial);
            if (!trial.running() || band < 0) {
                continue;
            }
            double value = strict ? trial.atBands().get(band) : trial.best();
            double threshold = all.worst(band, goal, (int) (survivors * all.count(band)));
            if (goal == Goal.MAXIMIZE ? value < threshold : value > threshold) {
                stops.add(new Stop(trial.trial(), band, value, threshold));
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
