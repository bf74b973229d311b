package dev.sweeps.metrics;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often a trial has reported the watched metric, and what it reported at the bands of an early termination.
 *
 * @param count of reports, as far as they were read: a log of more than some thousand lines is read from its end
 * @param atBands the value of the report with that number, from 1, for each band that was reached
 */
public record Reports(int count, SortedMap<Integer, BigDecimal> atBands) {
    public static final Reports NONE = new Reports(0, new TreeMap<>());

    public Reports {
        atBands = Collections.unmodifiableSortedMap(new TreeMap<>(atBands));
    }

    /** Of all values in their order. */
    static Reports of(List<BigDecimal> values, List<Integer> bands) {
        SortedMap<Integer, BigDecimal> atBands = new TreeMap<>();
        bands.stream().filter(band -> band <= values.size()).forEach(band -> atBands.put(band, values.get(band - 1)));
        return new Reports(values.size(), atBands);
    }

    /** These, read later than others: what was seen before is not unseen. */
    Reports after(Reports earlier) {
        Map<Integer, BigDecimal> all = new TreeMap<>(atBands);
        all.putAll(earlier.atBands);
        return new Reports(Math.max(count, earlier.count), new TreeMap<>(all));
    }
}
