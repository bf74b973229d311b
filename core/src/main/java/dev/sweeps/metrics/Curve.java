package dev.sweeps.metrics;

import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The watched metric over the steps of one trial: one value for each step, in order of the steps, whatever the order of the lines.
 *
 * <ul>
 *   <li>A step that is reported again has its last value. A program that restarts at an earlier step continues the curve.
 *   <li>If lines name the rank of their process, the lowest rank that reports the metric counts.
 *   <li>A report without a step belongs to the last step; if no report names a step, the reports are numbered from 1.
 *   <li>Steps that begin again in each epoch are added up.
 * </ul>
 */
final class Curve {
    /** Maximum number of points in memory. Beyond it, every second one is dropped. */
    private static final int MAX_POINTS = 4_096;

    private final Goal goal;
    private final List<Integer> bands;
    private final NavigableMap<Long, BigDecimal> points = new TreeMap<>();
    private final Map<Integer, BigDecimal> atBands = new TreeMap<>();
    private final Map<Long, Integer> bandOfStep = new HashMap<>();

    /** Number of steps before each epoch, for programs that count steps within an epoch. */
    private final NavigableMap<Long, Long> stepsBefore = new TreeMap<>();

    private long stepInEpoch;
    private Boolean stepsNamed;
    private Integer rank;
    private int count;
    private Long lastCounted;
    private boolean isOfEarlierLog;
    private long latest = Long.MIN_VALUE;

    /**
     * @param bands of an early termination: numbers of reports
     * @param before what is known already
     * @param isSameLog whether it is known of the same log. A program that was started again continues the curve if it names its steps,
     *     and begins another if it does not
     */
    Curve(Goal goal, List<Integer> bands, Reports before, boolean isSameLog) {
        this.goal = goal;
        this.bands = bands;
        this.count = before.count();
        this.atBands.putAll(before.atBands());
        this.lastCounted = before.lastStep() == null ? (count == 0 ? null : (Long) (long) count) : before.lastStep();
        // Numbered reports end with their own count.
        this.stepsNamed = lastCounted == null || lastCounted == count ? null : Boolean.TRUE;
        this.latest = lastCounted == null ? Long.MIN_VALUE : lastCounted;
        this.isOfEarlierLog = !isSameLog;
    }

    /**
     * Adds a report of the watched metric by a process that {@link #counts}.
     *
     * @param value null if it is not a finite number
     * @return whether it is the latest one
     */
    boolean add(Metrics report, BigDecimal value) {
        long step = step(report);
        boolean isLatest = step >= latest;
        latest = Math.max(latest, step);
        if (value != null) {
            add(step, value);
        }
        return isLatest;
    }

    /** Whether reports of a process count. If the process gives its rank, no lower rank may have reported the metric. */
    boolean counts(Optional<Integer> printedBy) {
        if (printedBy.isEmpty()) {
            return true;
        }
        int number = printedBy.get();
        if (rank != null && number > rank) {
            return false;
        }
        if (rank != null && number < rank) {
            beginAgain();
        }
        rank = number;
        return true;
    }

    private void add(long step, BigDecimal value) {
        boolean isNew = lastCounted == null || step > lastCounted;
        if (isNew) {
            count++;
            lastCounted = step;
            if (bands.contains(count)) {
                bandOfStep.put(step, count);
            }
        }
        Integer band = bandOfStep.get(step);
        if (band != null) {
            atBands.put(band, value);
        }
        points.put(step, value);
        if (points.size() > MAX_POINTS) {
            halve();
        }
    }

    private long step(Metrics report) {
        Optional<Long> named = namedStep(report);
        if (isOfEarlierLog && named.isEmpty()) {
            beginAgain();
        }
        isOfEarlierLog = false;
        if (named.isPresent()) {
            if (Boolean.FALSE.equals(stepsNamed)) {
                beginAgain();
            }
            stepsNamed = true;
            return named.get();
        }
        if (Boolean.TRUE.equals(stepsNamed)) {
            return latest;
        }
        stepsNamed = false;
        return lastCounted == null ? 1 : lastCounted + 1;
    }

    private Optional<Long> namedStep(Metrics report) {
        Optional<Long> step = report.step();
        Optional<Long> epoch = report.epoch();
        if (step.isEmpty() || epoch.isEmpty()) {
            return step.or(() -> epoch);
        }
        long number = step.get();
        if (stepsBefore.isEmpty()) {
            stepsBefore.put(epoch.get(), 0L);
            stepInEpoch = number;
        } else if (epoch.get() > stepsBefore.lastKey()) {
            long before = stepsBefore.lastEntry().getValue();
            stepsBefore.put(epoch.get(), number <= stepInEpoch ? before + stepInEpoch : before);
            stepInEpoch = number;
        } else if (epoch.get().equals(stepsBefore.lastKey())) {
            stepInEpoch = Math.max(stepInEpoch, number);
        }
        Map.Entry<Long, Long> of = stepsBefore.floorEntry(epoch.get());
        return Optional.of(number + (of == null ? 0 : of.getValue()));
    }

    /** Discards the curve so far, because only now steps are named, or a lower rank reports. */
    private void beginAgain() {
        points.clear();
        atBands.clear();
        bandOfStep.clear();
        count = 0;
        lastCounted = null;
        latest = Long.MIN_VALUE;
        stepsNamed = null;
        stepsBefore.clear();
    }

    private void halve() {
        List<Long> steps = new ArrayList<>(points.keySet());
        long best = MetricHistory.best(history(), goal).step();
        for (int i = 1; i < steps.size() - 1; i += 2) {
            if (steps.get(i) != best) {
                points.remove(steps.get(i));
            }
        }
    }

    boolean stepsNamed() {
        return Boolean.TRUE.equals(stepsNamed);
    }

    List<MetricPoint> history() {
        return points.entrySet().stream()
                .map(point -> new MetricPoint(point.getKey(), point.getValue()))
                .toList();
    }

    Reports reports() {
        return new Reports(count, new TreeMap<>(atBands), lastCounted);
    }
}
