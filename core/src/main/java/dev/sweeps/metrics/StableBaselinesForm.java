package dev.sweeps.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tables of Stable-Baselines3. The row {@code |    ep_rew_mean     | 22.1     |} below {@code | rollout/           |          |} is the metric
 * {@code rollout/ep_rew_mean}.
 */
final class StableBaselinesForm implements MetricForm {
    private static final Pattern SECTION = Pattern.compile("\\|\\s*([\\w.-]+/)\\s*\\|\\s*\\|");
    private static final Pattern ROW = Pattern.compile("\\|\\s{2,}([\\w./-]+)\\s*\\|\\s*(\\S+)\\s*\\|");

    private final String watched;
    private String section = "";

    StableBaselinesForm(String watched) {
        this.watched = watched;
    }

    @Override
    public List<Metrics> read(String line) {
        if (line.indexOf('|') < 0) {
            section = "";
            return List.of();
        }
        Matcher header = SECTION.matcher(line.strip());
        if (header.matches()) {
            section = header.group(1);
            return List.of();
        }
        Matcher row = ROW.matcher(line.strip());
        if (section.isEmpty() || !row.matches() || !watched.equals(section + row.group(1))) {
            return List.of();
        }
        Optional<NumberText> number = NumberText.of(row.group(2));
        Map<String, NumberText> found = new LinkedHashMap<>();
        number.ifPresent(value -> found.put(watched, value));
        return found.isEmpty() ? List.of() : List.of(Metrics.of(found));
    }
}
