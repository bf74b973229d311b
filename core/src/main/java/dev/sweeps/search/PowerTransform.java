package dev.sweeps.search;

import java.util.Arrays;
import org.hipparchus.stat.StatUtils;

/**
 * Makes skewed values look normal (Yeo and Johnson 2000, Biometrika 87, 954-959), with mean 0 and variance 1 afterwards.
 *
 * @param lambda 1 leaves the shape as it is, less draws large values together, more draws small values together
 */
record PowerTransform(double lambda, double mean, double deviation) {
    private static final double MIN_LAMBDA = -1;
    private static final double MAX_LAMBDA = 3;
    private static final double LAMBDA_STEP = 0.1;

    /** The shape stays as it is. */
    static PowerTransform linear(double[] values) {
        return scaled(1, values);
    }

    /** The most likely one if the values were normal before they were bent. */
    static PowerTransform mostLikely(double[] values) {
        PowerTransform best = linear(values);
        double most = Double.NEGATIVE_INFINITY;
        for (int step = 0; step <= Math.round((MAX_LAMBDA - MIN_LAMBDA) / LAMBDA_STEP); step++) {
            PowerTransform transform = scaled(MIN_LAMBDA + step * LAMBDA_STEP, values);
            double likelihood = transform.logJacobian(values);
            if (transform.deviation > 0 && likelihood > most) {
                most = likelihood;
                best = transform;
            }
        }
        return best;
    }

    private static PowerTransform scaled(double lambda, double[] values) {
        double[] bent = Arrays.stream(values).map(value -> bend(value, lambda)).toArray();
        double mean = StatUtils.mean(bent);
        return new PowerTransform(lambda, mean, Math.sqrt(StatUtils.populationVariance(bent, mean)));
    }

    /** Continuous in lambda at 0 and 2, where the powers have logarithms as their limits. */
    private static double bend(double value, double lambda) {
        double power = value >= 0 ? lambda : 2 - lambda;
        double size = Math.log1p(Math.abs(value));
        return Math.signum(value) * (Math.abs(power) < 1e-9 ? size : Math.expm1(power * size) / power);
    }

    double[] apply(double[] values) {
        return Arrays.stream(values)
                .map(value -> deviation == 0 ? 0 : (bend(value, lambda) - mean) / deviation)
                .toArray();
    }

    /** Logarithm of how much a volume around the values grows: a likelihood of what was made of them plus this is one of the values. */
    double logJacobian(double[] values) {
        return Arrays.stream(values)
                .map(value -> (lambda - 1) * Math.signum(value) * Math.log1p(Math.abs(value)) - Math.log(deviation))
                .sum();
    }
}
