package dev.sweeps.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sweeps.api.v1alpha1.EarlyTerminate;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.Parameter;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.search.Hyperband.BandValues;
import dev.sweeps.search.Hyperband.Progress;
import dev.sweeps.search.Hyperband.Stop;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the code of Weights and Biases answers; {@code reference/sweeps.py} asked it. */
class WeightsAndBiasesTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    static JsonNode read(String name) {
        try (InputStream json = WeightsAndBiasesTest.class.getResourceAsStream("/search/" + name + ".json")) {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<JsonNode> all(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    static Stream<JsonNode> grids() {
        return all(read("grids")).filter(grid -> grid.has("points"));
    }

    static Stream<JsonNode> refusedGrids() {
        // Names with a slash are let in here.
        return all(read("grids"))
                .filter(grid -> grid.has("refused") && !grid.at("/parameters").has("model/name"));
    }

    @ParameterizedTest
    @MethodSource("grids")
    void aGridHasTheSamePointsInTheSameOrder(JsonNode expected) {
        Map<String, Parameter> parameters = parameters(expected.get("parameters"));
        List<Map<String, ParameterValue>> wanted = all(expected.get("points"))
                .map(point -> flat("", point, expected.get("parameters")))
                .toList();
        // There 2 and 2.0 are equal on their own only, here within lists and maps too.
        assertThat(new GridSearch(SearchSpace.of(parameters)).points())
                .extracting(point -> (Map<String, ParameterValue>) point.parameters())
                .containsExactlyElementsOf(new LinkedHashSet<>(wanted));
    }

    @ParameterizedTest
    @MethodSource("refusedGrids")
    void aGridThatIsRefusedThereIsRefusedHere(JsonNode expected) {
        assertThatThrownBy(() -> new GridSearch(SearchSpace.of(parameters(expected.get("parameters")))))
                .isInstanceOf(InvalidParameter.class)
                .hasMessageStartingWith("parameters.a");
    }

    static Stream<JsonNode> distributions() {
        return all(read("distributions").get("distributions"));
    }

    @ParameterizedTest
    @MethodSource("distributions")
    void aDistributionHasTheSameQuantiles(JsonNode expected) {
        Distribution distribution = SearchSpace.of(
                        parameters(JSON.createObjectNode().set("p", expected.get("parameter"))))
                .dimensions()
                .get(0)
                .distribution();
        JsonNode probabilities = read("distributions").get("probabilities");
        for (int i = 0; i < probabilities.size(); i++) {
            double probability = probabilities.get(i).doubleValue();
            ParameterValue value = distribution.quantile(probability);
            JsonNode wanted = expected.get("values").get(i);
            if (wanted.isNumber()) {
                double number = ((BigDecimal) value.raw()).doubleValue();
                assertThat(number)
                        .as("at " + probability)
                        .isCloseTo(wanted.doubleValue(), within(1e-9 * Math.max(1, Math.abs(wanted.doubleValue()))));
            } else {
                assertThat(value.json()).isEqualTo(wanted);
            }
            assertThat(distribution.position(value)).as(value + " is drawn").isPresent();
        }
    }

    static Stream<JsonNode> hyperbands() {
        return all(read("hyperbands").get("hyperbands"));
    }

    @ParameterizedTest
    @MethodSource("hyperbands")
    void theSameTrialsAreStopped(JsonNode expected) throws IOException {
        JsonNode config = expected.get("config");
        Map<String, Object> named = new HashMap<>(Map.of("type", "hyperband"));
        config.properties().forEach(field -> named.put(field.getKey().replace("_iter", "Iter"), field.getValue()));
        Hyperband hyperband = Hyperband.of(JSON.convertValue(named, EarlyTerminate.class));
        // The later ones are more than an int holds.
        List<Integer> bands = all(expected.get("bands"))
                .filter(JsonNode::canConvertToInt)
                .map(JsonNode::intValue)
                .toList();
        assertThat(hyperband.bands().stream().limit(bands.size())).containsExactlyElementsOf(bands);
        Goal goal = expected.get("goal").textValue().equals("maximize") ? Goal.MAXIMIZE : Goal.MINIMIZE;
        List<Progress> trials = all(read("hyperbands").get("trials"))
                .map(trial -> progress(trial, hyperband.bands(), goal))
                .toList();
        BandValues values = new BandValues();
        trials.forEach(values::add);
        assertThat(hyperband.stops(goal, values, trials))
                .extracting(Stop::trial)
                .containsExactlyInAnyOrderElementsOf(
                        all(expected.get("stopped")).map(JsonNode::textValue).toList());
    }

    private static Progress progress(JsonNode trial, List<Integer> bands, Goal goal) {
        List<Double> history =
                all(trial.get("history")).map(JsonNode::doubleValue).toList();
        Map<Integer, Double> atBands = new TreeMap<>();
        bands.stream().filter(band -> band <= history.size()).forEach(band -> atBands.put(band, history.get(band - 1)));
        double best = goal == Goal.MAXIMIZE
                ? history.stream().mapToDouble(value -> value).max().orElseThrow()
                : history.stream().mapToDouble(value -> value).min().orElseThrow();
        return new Progress(trial.get("trial").textValue(), trial.get("running").booleanValue(), atBands, best);
    }

    /** A point as ours, of the nested one there. */
    private static Map<String, ParameterValue> flat(String prefix, JsonNode point, JsonNode declared) {
        Map<String, ParameterValue> flat = new TreeMap<>();
        point.properties().forEach(value -> {
            JsonNode parameter = declared.get(value.getKey());
            if (parameter.has("parameters")) {
                flat.putAll(flat(prefix + value.getKey() + ".", value.getValue(), parameter.get("parameters")));
            } else {
                flat.put(prefix + value.getKey(), exact(value.getValue()));
            }
        });
        return flat;
    }

    /** Their steps are floats, 0.30000000000000004. */
    private static ParameterValue exact(JsonNode value) {
        return value.isFloatingPointNumber()
                ? new ParameterValue(value.decimalValue().setScale(12, java.math.RoundingMode.HALF_EVEN))
                : new ParameterValue(value);
    }

    private static Map<String, Parameter> parameters(JsonNode json) {
        Map<String, Parameter> parameters = new TreeMap<>();
        json.properties()
                .forEach(field -> parameters.put(field.getKey(), JSON.convertValue(field.getValue(), Parameter.class)));
        return parameters;
    }
}
