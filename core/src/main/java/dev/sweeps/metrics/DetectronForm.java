package dev.sweeps.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Detectron2's {@code print_csv_format} logs after an evaluation: {@code copypaste: Task: bbox}, {@code copypaste: AP,AP50,AP75} and
 * {@code copypaste: 40.1,60.2,43.3}. The first value is the metric {@code bbox/AP}, as Detectron2 names it for W&amp;B and TensorBoard.
 */
final class DetectronForm implements MetricForm {
    private static final Pattern LINE = Pattern.compile(".*\\bcopypaste: (?:Task: (?<task>\\w+)|(?<cells>\\S+))\\s*");

    private final String watched;
    private String task = "";
    private List<String> names = List.of();

    DetectronForm(String watched) {
        this.watched = watched;
    }

    @Override
    public List<Metrics> read(String line) {
        Matcher copied = LINE.matcher(line);
        if (!copied.matches()) {
            return List.of();
        }
        if (copied.group("task") != null) {
            task = copied.group("task");
            names = List.of();
            return List.of();
        }
        List<String> cells = List.of(copied.group("cells").split(","));
        if (names.isEmpty()) {
            names = cells;
            return List.of();
        }
        Map<String, NumberText> found = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(cells.size(), names.size()); i++) {
            if (watched.equals(task + "/" + names.get(i))) {
                NumberText.of(cells.get(i)).ifPresent(value -> found.put(watched, value));
            }
        }
        names = List.of();
        return found.isEmpty() ? List.of() : List.of(Metrics.of(found));
    }
}
