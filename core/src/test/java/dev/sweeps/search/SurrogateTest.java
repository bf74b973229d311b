package dev.sweeps.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sweeps.search.GaussianProcess.Hyperparameters;
import dev.sweeps.search.GaussianProcess.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** The model of bayes: process, posterior of its hyperparameters, shape of the values. */
class SurrogateTest {
    private static final Metric TWO_NUMBERS = new Metric(new boolean[] {false, false});

    private record Data(double[][] points, double[] values) {
        static Data of(int count, long seed, ToDoubleFunction<double[]> function) {
            Random random = new Random(seed);
            double[][] points = new double[count][];
            Arrays.setAll(points, i -> new double[] {random.nextDouble(), random.nextDouble()});
            double[] values = Arrays.stream(points).mapToDouble(function).toArray();
            return new Data(points, PowerTransform.linear(values).apply(values));
        }

        Posterior posterior() {
            return new Posterior(TWO_NUMBERS, points, values);
        }
    }

    private static double bowl(double[] point) {
        return Math.pow(point[0] - 0.3, 2) + 4 * Math.pow(point[1] - 0.7, 2);
    }

    private static double wave(double[] point) {
        return Math.sin(6 * point[0]);
    }

    @Test
    void aProcessPassesThroughWhatWasObservedAndIsUncertainElsewhere() {
        double[][] points = {{0}, {0.3}, {0.7}, {1}};
        double[] values = {1, -1, 0.5, -0.5};
        GaussianProcess process = new GaussianProcess(
                new Metric(new boolean[] {false}), points, values, new Hyperparameters(new double[] {0.2}, 1e-8, 1));
        for (int i = 0; i < points.length; i++) {
            assertThat(process.predict(points[i]).mean())
                    .isCloseTo(values[i], within(1e-4))
                    .isEqualTo(process.mean(points[i]));
            assertThat(process.predict(points[i]).variance()).isLessThan(1e-4);
        }
        assertThat(process.predict(new double[] {0.5}).variance()).isGreaterThan(0.1);
        assertThat(process.predict(new double[] {9}).mean()).isCloseTo(0, within(1e-6));
    }

    /** A fit that ends before it has converged takes a smooth function for a noisy one and never finds the last digits. */
    @Test
    void theModeIsAMaximum() {
        for (long seed = 0; seed < 10; seed++) {
            for (ToDoubleFunction<double[]> function :
                    List.<ToDoubleFunction<double[]>>of(SurrogateTest::bowl, SurrogateTest::wave)) {
                Posterior posterior = Data.of(30, seed, function).posterior();
                double[] mode = posterior.mode();
                for (int d = 0; d < mode.length; d++) {
                    for (double step : new double[] {-1, -0.1, 0.1, 1}) {
                        double[] beside = mode.clone();
                        beside[d] += step;
                        assertThat(posterior.negativeLogarithm(beside))
                                .as("seed %d, coordinate %d, %s", seed, d, step)
                                .isGreaterThan(posterior.negativeLogarithm(mode) - 0.5);
                    }
                }
                assertThat(posterior.hyperparameters(mode).noise()).isLessThan(1e-5);
            }
        }
    }

    @Test
    void aDimensionThatMattersHasAShorterLengthScaleInTheModeAndInEveryDraw() {
        Random noise = new Random(1);
        Posterior posterior = Data.of(40, 1, point -> wave(point) + 0.01 * noise.nextGaussian())
                .posterior();
        double[] mode = posterior.mode();
        List<Hyperparameters> drawn = posterior.sample(mode, 20, new Random(2));
        drawn.add(posterior.hyperparameters(mode));
        assertThat(drawn).allSatisfy(hyper -> {
            assertThat(hyper.scales()[0] * 2).isLessThan(hyper.scales()[1]);
            assertThat(hyper.noise()).isLessThan(0.05);
        });
        assertThat(drawn.stream().map(hyper -> hyper.scales()[1])).doesNotHaveDuplicates();
    }

    /** Of few values any length scale will do, and the draws are those of the prior, whose logarithm has the deviation 1. */
    @Test
    void drawsSpreadAsFarAsTheDataLeavesOpen() {
        Posterior posterior = Data.of(2, 3, SurrogateTest::bowl).posterior();
        double[] logarithms = posterior.sample(posterior.mode(), 2000, new Random(4)).stream()
                .mapToDouble(hyper -> Math.log(hyper.scales()[0]))
                .toArray();
        double mean = Arrays.stream(logarithms).average().orElseThrow();
        double variance = Arrays.stream(logarithms)
                .map(one -> (one - mean) * (one - mean))
                .average()
                .orElseThrow();
        assertThat(Math.sqrt(variance)).isBetween(0.85, 1.15);
        assertThat(mean).isCloseTo(Math.log(0.5 * Math.sqrt(2)), within(0.3));
    }

    @Test
    void skewedValuesLookNormalAfterwards() {
        Random random = new Random(5);
        double[] values = DoubleStream.generate(() -> Math.exp(random.nextGaussian()))
                .limit(500)
                .toArray();
        double[] straight = PowerTransform.linear(values).apply(values);
        double[] bent = PowerTransform.mostLikely(values).apply(values);
        assertThat(skewness(straight)).isGreaterThan(2);
        assertThat(skewness(bent)).isCloseTo(0, within(0.2));
        assertThat(skewness(PowerTransform.mostLikely(negated(values)).apply(negated(values))))
                .isCloseTo(0, within(0.2));
        for (int i = 1; i < values.length; i++) {
            assertThat(bent[i] > bent[0]).isEqualTo(values[i] > values[0]);
        }
    }

    private static double[] negated(double[] values) {
        return Arrays.stream(values).map(value -> -value).toArray();
    }

    /** Of values with the mean 0 and variance 1. */
    private static double skewness(double[] values) {
        return Arrays.stream(values)
                .map(value -> value * value * value)
                .average()
                .orElseThrow();
    }

    @Test
    void theJacobianIsThatOfTheTransform() {
        for (double lambda : new double[] {-1, 0, 0.5, 1, 2, 3}) {
            PowerTransform transform = new PowerTransform(lambda, 0.2, 1.7);
            for (double value : new double[] {-2, -0.4, 0.3, 4}) {
                double step = 1e-6;
                double[] around = transform.apply(new double[] {value - step, value + step});
                assertThat(transform.logJacobian(new double[] {value}))
                        .as("lambda %s, value %s", lambda, value)
                        .isCloseTo(Math.log((around[1] - around[0]) / (2 * step)), within(1e-6));
            }
        }
    }

    @Test
    void equalValuesStayEqual() {
        double[] same = {0, 0, 0};
        assertThat(PowerTransform.mostLikely(same)).isEqualTo(PowerTransform.linear(same));
        assertThat(PowerTransform.linear(same).apply(same)).containsExactly(0, 0, 0);
    }

    @Test
    void improvementIsExpectedNearTheMinimumUnlessAPointIsInFlightThere() {
        Data data = Data.of(12, 6, SurrogateTest::bowl);
        double[] minimum = {0.3, 0.7};
        Surrogate surrogate = Surrogate.of(TWO_NUMBERS, data.points, data.values, new double[0][], new Random(7));
        assertThat(surrogate.logExpectedImprovement(minimum))
                .isGreaterThan(surrogate.logExpectedImprovement(new double[] {0.9, 0.1}) + 1)
                .isGreaterThan(surrogate.logExpectedImprovement(data.points[0]) + 1);
        Surrogate inFlight =
                Surrogate.of(TWO_NUMBERS, data.points, data.values, new double[][] {minimum}, new Random(7));
        assertThat(inFlight.logExpectedImprovement(minimum))
                .isLessThan(surrogate.logExpectedImprovement(minimum) - 0.3);
    }
}
