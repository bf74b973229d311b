package dev.sweeps.search;

import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** One combination of hyperparameters, constants included, sorted by name. */
public record Point(SortedMap<String, ParameterValue> parameters) {

    public Point {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    }

    public static Point of(Map<String, ParameterValue> parameters) {
        return new Point(new TreeMap<>(parameters));
    }

    /**
     * A text that two points share exactly when they are the same point: a line per parameter, with the kind of the value, so that
     * the number 1 and the text "1" differ while 8 and 8.0 do not. Lengths come first, so that no value can imitate another line.
     */
    public String canonical() {
        StringBuilder text = new StringBuilder();
        parameters.forEach((name, value) -> {
            String printed = value.toString();
            text.append(name.length()).append(':').append(name);
            text.append(value.kind().name().charAt(0)).append(printed.length()).append(':');
            text.append(printed).append('\n');
        });
        return text.toString();
    }
}
