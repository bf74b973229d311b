package dev.sweeps.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import dev.sweeps.trainer.data.GlueTask.Score;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against scikit-learn and scipy: {@code src/test/python/glue_metrics.py}. */
class GlueMetricsTest {
    private record Case(Score score, double[] predictions, double[] labels, Map<String, Double> metrics) {}

    @Test
    void figuresAreThoseOfScikitLearnAndScipy() throws Exception {
        Case[] cases;
        try (Reader json = new InputStreamReader(
                getClass().getResourceAsStream("/reference/glue_metrics.json"), StandardCharsets.UTF_8)) {
            cases = new Gson().fromJson(json, Case[].class);
        }
        assertThat(Arrays.stream(cases).map(Case::score).distinct()).hasSize(Score.values().length);
        for (Case one : cases) {
            Map<String, Double> metrics = GlueMetrics.of(one.score, one.predictions, one.labels);
            assertThat(metrics.keySet()).containsExactlyElementsOf(one.metrics.keySet());
            metrics.forEach(
                    (name, value) -> assertThat(value).as(name).isCloseTo(one.metrics.get(name), within(1e-12)));
        }
    }

    @Test
    void whatIsConstantHasNoCorrelation() {
        assertThat(GlueMetrics.of(Score.CORRELATION, new double[] {1, 1, 1}, new double[] {1, 2, 3})
                        .values())
                .allMatch(value -> value.isNaN());
    }
}
