package dev.sweeps.search;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.search.Search.Observation;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * The points of a search that were chosen before, and what is known of them. It is changed one point at a time, so that the next point costs
 * nothing that grows with the number of those before it. Not safe for threads.
 */
public final class Chosen {
    private final Map<Map<String, ParameterValue>, Observation> points = new LinkedHashMap<>();

    /** How many points have a number: those that were removed from the space keep theirs. */
    private final NavigableMap<Long, Integer> numbers = new TreeMap<>();

    /** All points before it in the sequence of {@link #firstNew} are there. */
    private long first;

    public static Chosen of(Collection<Observation> points) {
        Chosen chosen = new Chosen();
        points.forEach(chosen::put);
        return chosen;
    }

    /** Adds a point, or what has become known of it. */
    public void put(Observation point) {
        Observation before = points.put(point.parameters(), point);
        if (before != null) {
            release(before.number());
        }
        take(point.number());
    }

    /** Forgets a point, which may then be chosen again. */
    public void remove(Map<String, ParameterValue> parameters) {
        Observation removed = points.remove(parameters);
        if (removed != null) {
            release(removed.number());
            first = 0;
        }
    }

    /** A number that is in use, although its point is not in the space any more. */
    public void take(long number) {
        numbers.merge(number, 1, Integer::sum);
    }

    /** The opposite of {@link #take}. */
    public void release(long number) {
        numbers.computeIfPresent(number, (key, count) -> count == 1 ? null : count - 1);
    }

    boolean contains(Map<String, ParameterValue> parameters) {
        return points.containsKey(parameters);
    }

    int size() {
        return points.size();
    }

    Collection<Observation> points() {
        return Collections.unmodifiableCollection(points.values());
    }

    boolean isTaken(long number) {
        return numbers.containsKey(number);
    }

    /** A number above all that are in use. */
    long above() {
        return numbers.isEmpty() ? 0 : numbers.lastKey() + 1;
    }

    /**
     * The first of a sequence of points that was not chosen, or its end. Where the last answer was is kept in mind: the sequence is always the
     * same one.
     */
    long firstNew(LongFunction<Point> sequence, long end) {
        while (first < end && contains(sequence.apply(first).parameters())) {
            first++;
        }
        return first;
    }
}
