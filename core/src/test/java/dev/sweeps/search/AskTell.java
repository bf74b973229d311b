package dev.sweeps.search;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.search.Search.Numbered;
import dev.sweeps.search.Search.Observation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A search for bench/search: reads specs and values, a JSON line each, and prints points. A line with {@code method} begins a new search, any
 * other line is {@code {"value": ...}} of the point that was printed last.
 */
public final class AskTell {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private AskTell() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Search search = null;
        List<Observation> known = new ArrayList<>();
        Numbered last = null;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonNode read = JSON.readTree(line);
            if (read.has("method")) {
                search = Search.of(JSON.treeToValue(read, SweepSpec.class));
                known.clear();
            } else {
                known.add(new Observation(
                        last.number(),
                        last.point().parameters(),
                        true,
                        OptionalDouble.of(read.get("value").doubleValue()),
                        "%09d".formatted(known.size())));
            }
            last = search.next(known, 1).get(0);
            System.out.println(JSON.writeValueAsString(last.point().parameters()));
        }
    }
}
