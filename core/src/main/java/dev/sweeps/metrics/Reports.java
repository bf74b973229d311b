package dev.sweeps.metrics;

import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.Band;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often a trial has reported the watched metric, and what it reported at the bands of an early termination.
 *
 * @param count of reports
 * @param atBands the value of the report with that number, from 1, for each band that was reached
 * @param lastStep of the last report; null if it named none
 */
public record Reports(int count, SortedMap<Integer, BigDecimal> atBands, Long lastStep) {
    public static final Reports NONE = new Reports(0, Collections.emptySortedMap(), null);

    public Reports {
        atBands = Collections.unmodifiableSortedMap(new TreeMap<>(atBands));
    }

    /** Those that a status holds. */
    public static Reports of(TrialStatus status) {
        SortedMap<Integer, BigDecimal> atBands = new TreeMap<>();
        if (status.bands() != null) {
            status.bands().forEach(band -> atBands.put(band.report(), band.value()));
        }
        List<MetricPoint> history = status.history() == null ? List.of() : status.history();
        Long lastStep =
                history.isEmpty() ? null : history.get(history.size() - 1).step();
        return new Reports(status.reports() == null ? 0 : status.reports(), atBands, lastStep);
    }

    /** As a status holds them. */
    public List<Band> bands() {
        return atBands.entrySet().stream()
                .map(band -> new Band(band.getKey(), band.getValue()))
                .toList();
    }

    /** With a line's metrics; a step that is reported again counts once, with its last value. */
    public Reports with(Metrics line, Metric metric, Collection<Integer> bands) {
        BigDecimal value = line.values().get(metric.name());
        if (value == null) {
            return this;
        }
        Long step = line.step().orElse(null);
        boolean again = count > 0 && step != null && Objects.equals(step, lastStep);
        int number = again ? count : count + 1;
        if (!bands.contains(number)) {
            return new Reports(number, atBands, step);
        }
        SortedMap<Integer, BigDecimal> reached = new TreeMap<>(atBands);
        reached.put(number, value);
        return new Reports(number, reached, step);
    }

    /** These, read later than others: what was seen before is not unseen. */
    Reports after(Reports earlier) {
        Map<Integer, BigDecimal> all = new TreeMap<>(atBands);
        all.putAll(earlier.atBands);
        return new Reports(Math.max(count, earlier.count), new TreeMap<>(all), lastStep);
    }
}
