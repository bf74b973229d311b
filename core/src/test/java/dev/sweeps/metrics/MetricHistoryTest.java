package dev.sweeps.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricHistoryTest {
    @Test
    void firstLastAndBestOfManyPointsAreKept() {
        List<MetricPoint> points = IntStream.range(0, 1000)
                .mapToObj(i -> new MetricPoint(i, new BigDecimal(i == 501 ? 9 : i % 7)))
                .toList();
        List<MetricPoint> thin = MetricHistory.thin(points, Goal.MAXIMIZE);
        assertThat(thin).hasSizeBetween(60, 64).contains(points.get(0), points.get(501), points.get(999));
        assertThat(thin).isSortedAccordingTo(Comparator.comparing(MetricPoint::step));
    }

    @Test
    void fewPointsAreAllKept() {
        List<MetricPoint> points = List.of(new MetricPoint(1, BigDecimal.ONE), new MetricPoint(2, BigDecimal.TEN));
        assertThat(MetricHistory.thin(points, Goal.MINIMIZE)).isEqualTo(points);
    }
}
