package dev.sweeps.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tables that Ultralytics YOLO prints after each validation. Below the names {@code Class Images Instances Box(P R mAP50 mAP50-95): 100%|...|}
 * the row {@code all 128 929 0.577 0.414 0.46 0.279} holds the values over all classes, and counts. The rows of single classes do not.
 */
final class UltralyticsForm implements MetricForm {
    /** The names, up to the colon of the progress bar. */
    private static final Pattern HEADER = Pattern.compile("\\s*((?:Class\\s+Images|classes)\\s.*?):\\s*\\d+%.*");

    private static final Pattern ROW = Pattern.compile("\\s*all((?:\\s+[0-9][0-9.e+-]*)+)\\s*");

    /** Marks of the task to which the names belong: {@code Box(} and {@code )}. */
    private static final Pattern TASK = Pattern.compile("[A-Z][a-z]+\\(|\\)");

    private final String watched;
    private List<String> names = List.of();

    UltralyticsForm(String watched) {
        this.watched = watched;
    }

    @Override
    public List<Metrics> read(String line) {
        Matcher header = HEADER.matcher(line);
        if (header.matches()) {
            List<String> words =
                    List.of(TASK.matcher(header.group(1)).replaceAll("").strip().split("\\s+"));
            names = words.subList(1, words.size());
            return List.of();
        }
        Matcher row = ROW.matcher(line);
        // A model for boxes and masks prints each name twice.
        if (Collections.frequency(names, watched) != 1 || !row.matches()) {
            return List.of();
        }
        String[] cells = row.group(1).strip().split("\\s+");
        if (cells.length != names.size()) {
            return List.of();
        }
        Map<String, NumberText> found = new LinkedHashMap<>();
        NumberText.of(cells[names.indexOf(watched)]).ifPresent(value -> found.put(watched, value));
        return List.of(Metrics.of(found));
    }
}
