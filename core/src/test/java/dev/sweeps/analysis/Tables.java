package dev.sweeps.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The tables of {@code resources/analysis}, and what {@code reference/analysis.py} says of them. */
final class Tables {
    private Tables() {}

    /** The last column is the metric; the others but {@code ignored} are parameters. */
    static TrialTable read(String name, Goal goal, OptionalLong examples, String... ignored) {
        String[] lines = text(name + ".csv").split("\n");
        String[] header = lines[0].split(",");
        List<Result> results = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            String[] cells = lines[i].split(",");
            Map<String, ParameterValue> parameters = new HashMap<>();
            for (int column = 0; column < cells.length - 1; column++) {
                if (!List.of(ignored).contains(header[column])) {
                    parameters.put(header[column], value(cells[column]));
                }
            }
            results.add(new Result("t" + i, i, parameters, new BigDecimal(cells[cells.length - 1]), false));
        }
        return new TrialTable(header[header.length - 1], goal, results, List.of(), examples);
    }

    static JsonNode expected(String name) {
        try {
            return new JsonMapper().readTree(text(name + ".json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ParameterValue value(String text) {
        return text.matches("-?[0-9.]+(e-?[0-9]+)?") ? ParameterValue.number(text) : ParameterValue.text(text);
    }

    private static String text(String resource) {
        try (InputStream in = Tables.class.getResourceAsStream("/analysis/" + resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
