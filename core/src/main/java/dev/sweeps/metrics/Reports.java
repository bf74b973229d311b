package dev.sweeps.metrics;

import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.Band;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * At how many steps a trial has reported the watched metric, and its values at the bands of an early termination. Made by {@link Curve}.
 *
 * @param count of steps
 * @param atBands the value of the step with that number, from 1, for each band that was reached
 * @param lastStep the highest step; null if there is none
 */
public record Reports(int count, SortedMap<Integer, BigDecimal> atBands, Long lastStep) {
    public static final Reports NONE = new Reports(0, Collections.emptySortedMap(), null);

    public Reports {
        atBands = Collections.unmodifiableSortedMap(new TreeMap<>(atBands));
    }

    /** Returns the reports in a status. */
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

    /** Returns the values at the bands in the form of a status. */
    public List<Band> bands() {
        return atBands.entrySet().stream()
                .map(band -> new Band(band.getKey(), band.getValue()))
                .toList();
    }

    /** Combines these later reports with earlier ones. A band that was reached before keeps its value. */
    Reports after(Reports earlier) {
        Map<Integer, BigDecimal> all = new TreeMap<>(atBands);
        all.putAll(earlier.atBands);
        return new Reports(
                Math.max(count, earlier.count), new TreeMap<>(all), lastStep == null ? earlier.lastStep : lastStep);
    }
}
