package dev.sweeps.search;

import java.util.Arrays;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.util.FastMath;

/**
 * A Gaussian process with a Matern 5/2 kernel and a length scale for each dimension (Rasmussen and Williams 2006, sections 2.2, 4.2 and 5.4).
 * Values are expected with mean 0 and variance about 1.
 */
final class GaussianProcess {
    private static final double SQRT5 = Math.sqrt(5);

    /**
     * @param categorical for each dimension whether values are either equal or not, instead of near or far
     */
    record Metric(boolean[] categorical) {
        /** Squared distance along one dimension. */
        double along(int dimension, double one, double other) {
            double difference = one - other;
            return categorical[dimension] ? (difference == 0 ? 0 : 1) : difference * difference;
        }
    }

    /**
     * @param scales length scale of each dimension, in units of the dimension
     * @param noise variance of the noise as a share of the variance of the process
     * @param variance of the process
     */
    record Hyperparameters(double[] scales, double noise, double variance) {}

    /** Mean and variance of the function at a point, without the noise. */
    record Prediction(double mean, double variance) {}

    private final Metric metric;
    private final double[][] points;
    private final Hyperparameters hyper;
    private final double[] weights;
    private final double[][] inverse;

    /**
     * @param points {@code [n][dimensions]}
     * @param values {@code [n]}
     */
    GaussianProcess(Metric metric, double[][] points, double[] values, Hyperparameters hyper) {
        this.metric = metric;
        this.points = points;
        this.hyper = hyper;
        RealMatrix matrix = MatrixUtils.createRealMatrix(correlations(metric, points, hyper.scales()));
        for (int i = 0; i < points.length; i++) {
            matrix.addToEntry(i, i, hyper.noise());
        }
        RealMatrix inverted =
                new CholeskyDecomposition(matrix, 1e-8, 0).getSolver().getInverse();
        this.inverse = inverted.getData();
        this.weights = inverted.operate(values);
    }

    /** The mean of the function at a point. */
    double mean(double[] point) {
        return weighted(near(point));
    }

    Prediction predict(double[] point) {
        double[] near = near(point);
        double known = 0;
        for (int i = 0; i < near.length; i++) {
            double[] row = inverse[i];
            double before = 0;
            for (int j = 0; j < i; j++) {
                before += row[j] * near[j];
            }
            known += near[i] * (2 * before + row[i] * near[i]); // Twice, for the matrix is symmetric.
        }
        return new Prediction(weighted(near), hyper.variance() * Math.max(1e-12, 1 - known));
    }

    private double weighted(double[] near) {
        double mean = 0;
        for (int i = 0; i < near.length; i++) {
            mean += near[i] * weights[i];
        }
        return mean;
    }

    /** Correlation of a point with each observed one. */
    private double[] near(double[] point) {
        return Arrays.stream(points)
                .mapToDouble(other -> matern(squaredDistance(metric, point, other, hyper.scales())))
                .toArray();
    }

    /** The kernel, of a squared distance in length scales. */
    private static double matern(double squared) {
        double r = SQRT5 * Math.sqrt(squared);
        return (1 + r + r * r / 3) * FastMath.exp(-r);
    }

    /** Derivative of the kernel for the logarithm of one length scale, divided by the squared distance along its dimension in length scales. */
    static double maternSlope(double squared) {
        double r = SQRT5 * Math.sqrt(squared);
        return 5.0 / 3 * (1 + r) * FastMath.exp(-r);
    }

    static double squaredDistance(Metric metric, double[] one, double[] other, double[] scales) {
        double sum = 0;
        for (int d = 0; d < scales.length; d++) {
            sum += metric.along(d, one[d], other[d]) / (scales[d] * scales[d]);
        }
        return sum;
    }

    static double[][] correlations(Metric metric, double[][] points, double[] scales) {
        int n = points.length;
        double[][] all = new double[n][n];
        for (int i = 0; i < n; i++) {
            all[i][i] = 1;
            for (int j = 0; j < i; j++) {
                all[i][j] = all[j][i] = matern(squaredDistance(metric, points[i], points[j], scales));
            }
        }
        return all;
    }
}
