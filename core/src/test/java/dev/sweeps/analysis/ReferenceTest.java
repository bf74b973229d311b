package dev.sweeps.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sweeps.analysis.Importance.Effect;
import dev.sweeps.analysis.Importance.Method;
import dev.sweeps.analysis.ParameterEffect.Level;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The figures of numpy, scipy, statsmodels and Optuna; {@code reference/analysis.py} made them. */
class ReferenceTest {
    private static final Offset<Double> EXACT = within(1e-9);

    private final Analysis grid =
            Analysis.of(Tables.read("grid", Goal.MAXIMIZE, OptionalLong.of(277)), List.of("model"));
    private final JsonNode expected = Tables.expected("grid");

    @Test
    void sharesOfAGridAreThoseOfTheAnalysisOfVariance() {
        assertThat(grid.importance().method()).isEqualTo(Method.EXACT);
        expected.get("shares").properties().forEach(share -> assertThat(
                        effect(grid.importance(), share.getKey()).share())
                .as(share.getKey())
                .isCloseTo(share.getValue().asDouble(), EXACT));
        double sum =
                grid.importance().effects().stream().mapToDouble(Effect::share).sum();
        assertThat(sum + grid.importance().rest()).isCloseTo(1, EXACT);
    }

    @Test
    void noiseOfAnAccuracyIsThatOfItsExamples() {
        assertThat(grid.noise().source()).isEqualTo(Noise.Source.EXAMPLES);
        assertThat(grid.importance().noiseShare())
                .isCloseTo(expected.get("noise_share").asDouble(), EXACT);
        assertThat(effect(grid.importance(), "lr").noise())
                .isCloseTo(expected.get("noise_lr").asDouble(), EXACT);
    }

    @Test
    void theBestHasWilsonsIntervalAndThoseWithinNoiseAreCounted() {
        JsonNode best = expected.get("best");
        assertThat(grid.best().value()).isCloseTo(best.get("value").asDouble(), EXACT);
        assertThat(grid.best().low()).isCloseTo(best.get("low").asDouble(), EXACT);
        assertThat(grid.best().high()).isCloseTo(best.get("high").asDouble(), EXACT);
        assertThat(grid.best().withinNoise()).isEqualTo(best.get("within_noise").asInt());
    }

    @Test
    void eachValueHasItsMeanAndStandardDeviation() {
        ParameterEffect lr = parameter(grid, "lr");
        for (Level level : lr.values()) {
            String value = Double.toString(Double.parseDouble(level.value().toString()))
                    .replace("1.0E-4", "0.0001")
                    .replace("3.0E-4", "0.0003")
                    .replace("5.0E-5", "5e-05")
                    .replace("3.0E-5", "3e-05");
            assertThat(level.mean()).isCloseTo(expected.get("means").get(value).asDouble(), EXACT);
            assertThat(level.sd()).isCloseTo(expected.get("sds").get(value).asDouble(), EXACT);
        }
        assertThat(lr.values()).hasSize(4);
    }

    @Test
    void correlationsAreThoseOfScipy() {
        correlations(grid, expected.get("correlations"));
        correlations(
                Analysis.of(Tables.read("random", Goal.MAXIMIZE, OptionalLong.empty()), List.of()),
                Tables.expected("random").get("correlations"));
    }

    private static void correlations(Analysis analysis, JsonNode expected) {
        expected.properties().forEach(field -> {
            Correlation correlation = parameter(analysis, field.getKey()).correlation();
            JsonNode values = field.getValue();
            if (values.has("ratio")) {
                assertThat(correlation.ratio()).isCloseTo(values.get("ratio").asDouble(), EXACT);
                assertThat(correlation.ratioP()).isCloseTo(values.get("ratio_p").asDouble(), EXACT);
            } else {
                assertThat(correlation.pearson())
                        .isCloseTo(values.get("pearson").asDouble(), EXACT);
                assertThat(correlation.pearsonP())
                        .isCloseTo(values.get("pearson_p").asDouble(), EXACT);
                assertThat(correlation.spearman())
                        .isCloseTo(values.get("spearman").asDouble(), EXACT);
                assertThat(correlation.spearmanP())
                        .isCloseTo(values.get("spearman_p").asDouble(), EXACT);
            }
        });
    }

    @Test
    void twoGroupsAreSetSideBySideWithTheirMargins() {
        Contrast contrast = grid.contrasts().get(0);
        JsonNode figures = expected.get("contrast");
        assertThat(contrast.difference()).isCloseTo(figures.get("difference").asDouble(), EXACT);
        assertThat(contrast.margin()).isCloseTo(figures.get("margin").asDouble(), EXACT);
        assertThat(contrast.matched().settings()).isEqualTo(20);
        assertThat(Math.abs(contrast.matched().difference()))
                .isCloseTo(figures.get("matched").asDouble(), EXACT);
        assertThat(contrast.matched().margin())
                .isCloseTo(figures.get("matched_margin").asDouble(), EXACT);
    }

    @Test
    void replicatesTellTheirOwnNoise() {
        Analysis analysis =
                Analysis.of(Tables.read("replicates", Goal.MINIMIZE, OptionalLong.empty(), "seed"), List.of());
        JsonNode figures = Tables.expected("replicates");
        assertThat(analysis.noise().source()).isEqualTo(Noise.Source.REPLICATES);
        assertThat(analysis.noise().replicateVariance())
                .isCloseTo(figures.get("variance").asDouble(), EXACT);
        assertThat(analysis.noise().degreesOfFreedom())
                .isEqualTo(figures.get("degrees").asInt());
        assertThat(analysis.best().value()).isCloseTo(figures.get("best").asDouble(), EXACT);
        assertThat(analysis.best().low()).isCloseTo(figures.get("low").asDouble(), EXACT);
        assertThat(analysis.best().high()).isCloseTo(figures.get("high").asDouble(), EXACT);
        assertThat(analysis.importance().noiseShare())
                .isCloseTo(figures.get("noise_share").asDouble(), EXACT);
    }

    @Test
    void twoThousandRandomPointsAreCloserToTheTruthThanOptunaIs() {
        Importance importance =
                Importance.of(Tables.read("random", Goal.MAXIMIZE, OptionalLong.empty()), Noise.UNKNOWN);
        assertThat(importance.method()).isEqualTo(Method.FOREST);
        closerThanOptuna(importance, Tables.expected("random"));
        assertThat(importance.explained()).isBetween(0.9, 1.0);
    }

    @Test
    void aGridWithMissingPointsIsCloserToTheTruthThanOptunaIs() {
        Importance importance =
                Importance.of(Tables.read("missing", Goal.MAXIMIZE, OptionalLong.empty()), Noise.UNKNOWN);
        assertThat(importance.method()).isEqualTo(Method.COMPLETED_GRID);
        closerThanOptuna(importance, Tables.expected("missing"));
    }

    private static void closerThanOptuna(Importance importance, JsonNode expected) {
        JsonNode truth = expected.get("truth");
        truth.properties().forEach(share -> {
            Effect effect = effect(importance, share.getKey());
            assertThat(effect.share())
                    .as(share.getKey())
                    .isCloseTo(share.getValue().asDouble(), within(Math.max(0.02, 2 * effect.error())));
        });
        double ours = 0;
        double optunas = 0;
        for (Map.Entry<String, JsonNode> share : expected.get("optuna").properties()) {
            double exact = truth.get(share.getKey()).asDouble();
            ours += Math.abs(effect(importance, share.getKey()).share() - exact);
            optunas += Math.abs(share.getValue().asDouble() - exact);
        }
        assertThat(ours).as("sum of errors, Optuna's beside").isLessThan(optunas);
    }

    private static Effect effect(Importance importance, String names) {
        return importance.effects().stream()
                .filter(effect -> String.join(",", effect.parameters()).equals(names))
                .findFirst()
                .orElseThrow(() -> new AssertionError(names + " not in " + importance));
    }

    private static ParameterEffect parameter(Analysis analysis, String name) {
        return analysis.parameters().stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
