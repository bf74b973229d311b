package dev.sweeps.search;

import java.util.Arrays;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.SimpleValueChecker;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunctionGradient;
import org.hipparchus.optim.nonlinear.scalar.gradient.NonLinearConjugateGradientOptimizer;
import org.hipparchus.util.FastMath;

/**
 * A Gaussian process with a Matern 5/2 kernel and a length scale for each dimension (Rasmussen and Williams 2006, sections 2.2, 4.2 and 5.4).
 * Values are expected with mean 0 and variance about 1.
 */
final class GaussianProcess {
    private static final double SQRT5 = Math.sqrt(5);

    /** Evaluations of the likelihood in one fit. */
    private static final int MAX_EVALUATIONS = 40;

    /** Of the logarithm of a length scale, whose mean grows with the root of the number of dimensions (Hvarfner et al. 2024, arXiv:2402.02229). */
    private static final double SCALE_DEVIATION = 1.0;

    private static final double NOISE_MEAN = Math.log(1e-4);
    private static final double NOISE_DEVIATION = 2.5;
    private static final double MIN_NOISE = 1e-7;

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

    Prediction predict(double[] point) {
        int n = points.length;
        double[] near = new double[n];
        double mean = 0;
        for (int i = 0; i < n; i++) {
            near[i] = matern(squaredDistance(metric, point, points[i], hyper.scales()));
            mean += near[i] * weights[i];
        }
        double known = 0;
        for (int i = 0; i < n; i++) {
            double[] row = inverse[i];
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += row[j] * near[j];
            }
            known += near[i] * sum;
        }
        return new Prediction(mean, hyper.variance() * Math.max(1e-12, 1 - known));
    }

    /** The hyperparameters that are most likely for these values. */
    static Hyperparameters fit(Metric metric, double[][] points, double[] values) {
        Likelihood likelihood = new Likelihood(metric, points, values);
        double[] best = null;
        double least = Double.POSITIVE_INFINITY;
        for (double shift : new double[] {0, -1.2}) {
            double[] start = likelihood.start(shift);
            double[] found = minimum(likelihood, start);
            double reached = likelihood.value(found);
            if (best == null || reached < least) {
                best = found;
                least = reached;
            }
        }
        return likelihood.hyperparameters(best);
    }

    private static double[] minimum(Likelihood likelihood, double[] start) {
        double[] best = {Double.POSITIVE_INFINITY};
        double[][] at = {start};
        try {
            new NonLinearConjugateGradientOptimizer(
                            NonLinearConjugateGradientOptimizer.Formula.POLAK_RIBIERE,
                            new SimpleValueChecker(1e-4, 1e-4))
                    .optimize(
                            new MaxEval(MAX_EVALUATIONS),
                            GoalType.MINIMIZE,
                            new InitialGuess(start),
                            new ObjectiveFunction(theta -> {
                                double value = likelihood.value(theta);
                                if (value < best[0]) {
                                    best[0] = value;
                                    at[0] = theta.clone();
                                }
                                return value;
                            }),
                            new ObjectiveFunctionGradient(likelihood::gradient));
        } catch (MathRuntimeException e) {
            // Out of evaluations, or a line without a minimum: the best so far is good enough.
        }
        return at[0];
    }

    private static double matern(double squared) {
        double r = SQRT5 * Math.sqrt(squared);
        return (1 + r + r * r / 3) * FastMath.exp(-r);
    }

    private static double squaredDistance(Metric metric, double[] one, double[] other, double[] scales) {
        double sum = 0;
        for (int d = 0; d < scales.length; d++) {
            sum += metric.along(d, one[d], other[d]) / (scales[d] * scales[d]);
        }
        return sum;
    }

    private static double[][] correlations(Metric metric, double[][] points, double[] scales) {
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

    /** The negative logarithm of the posterior of length scales and noise; the variance of the process is the most likely one for them. */
    private static final class Likelihood {
        private final Metric metric;
        private final double[][] points;
        private final double[] values;
        private final int dimensions;
        private final double scaleMean;
        private double[] lastTheta;
        private Solved lastSolved;

        Likelihood(Metric metric, double[][] points, double[] values) {
            this.metric = metric;
            this.points = points;
            this.values = values;
            this.dimensions = metric.categorical().length;
            this.scaleMean = Math.log(0.5 * Math.sqrt(dimensions));
        }

        /** Logarithms of the length scales, then that of the noise. */
        double[] start(double shift) {
            double[] start = new double[dimensions + 1];
            Arrays.fill(start, scaleMean + shift);
            start[dimensions] = NOISE_MEAN;
            return start;
        }

        Hyperparameters hyperparameters(double[] theta) {
            Solved solved = solve(theta);
            return new Hyperparameters(scales(theta), noise(theta), solved == null ? 1 : solved.variance);
        }

        private double[] scales(double[] theta) {
            double[] scales = new double[dimensions];
            for (int d = 0; d < dimensions; d++) {
                scales[d] = Math.exp(Math.max(-7, Math.min(7, theta[d])));
            }
            return scales;
        }

        private static double noise(double[] theta) {
            return MIN_NOISE + Math.exp(Math.min(3, theta[theta.length - 1]));
        }

        private record Solved(RealMatrix inverse, double logDeterminant, double[] weights, double variance) {}

        /** Of the last question once more: a value and its gradient are asked for one after the other. */
        private Solved solve(double[] theta) {
            if (!Arrays.equals(theta, lastTheta)) {
                lastTheta = theta.clone();
                lastSolved = solved(theta);
            }
            return lastSolved;
        }

        /** Null where the matrix has no decomposition. */
        private Solved solved(double[] theta) {
            double[][] matrix = correlations(metric, points, scales(theta));
            for (int i = 0; i < matrix.length; i++) {
                matrix[i][i] += noise(theta);
            }
            CholeskyDecomposition cholesky;
            try {
                cholesky = new CholeskyDecomposition(new Array2DRowRealMatrix(matrix, false), 1e-8, 0);
            } catch (MathRuntimeException e) {
                return null;
            }
            RealMatrix inverse = cholesky.getSolver().getInverse();
            double[] weights = inverse.operate(values);
            double fit = 0;
            double logDeterminant = 0;
            RealMatrix l = cholesky.getL();
            for (int i = 0; i < values.length; i++) {
                fit += values[i] * weights[i];
                logDeterminant += 2 * Math.log(l.getEntry(i, i));
            }
            return new Solved(inverse, logDeterminant, weights, Math.max(1e-10, fit / values.length));
        }

        double value(double[] theta) {
            Solved solved = solve(theta);
            if (solved == null) {
                return 1e10;
            }
            double prior = 0;
            for (int d = 0; d < dimensions; d++) {
                prior += FastMath.pow((theta[d] - scaleMean) / SCALE_DEVIATION, 2) / 2;
            }
            prior += FastMath.pow((theta[dimensions] - NOISE_MEAN) / NOISE_DEVIATION, 2) / 2;
            return values.length * Math.log(solved.variance) / 2 + solved.logDeterminant / 2 + prior;
        }

        double[] gradient(double[] theta) {
            double[] gradient = new double[dimensions + 1];
            for (int d = 0; d < dimensions; d++) {
                gradient[d] = (theta[d] - scaleMean) / (SCALE_DEVIATION * SCALE_DEVIATION);
            }
            gradient[dimensions] = (theta[dimensions] - NOISE_MEAN) / (NOISE_DEVIATION * NOISE_DEVIATION);
            Solved solved = solve(theta);
            if (solved == null) {
                return gradient;
            }
            double[] scales = scales(theta);
            double[][] inverse = solved.inverse.getData();
            int n = values.length;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    double squared = squaredDistance(metric, points[i], points[j], scales);
                    double r = SQRT5 * Math.sqrt(squared);
                    double slope = 5.0 / 3 * (1 + r) * FastMath.exp(-r);
                    // Twice, for the matrix is symmetric.
                    double factor = (inverse[i][j] - solved.weights[i] * solved.weights[j] / solved.variance) * slope;
                    for (int d = 0; d < dimensions; d++) {
                        gradient[d] += factor * metric.along(d, points[i][d], points[j][d]) / (scales[d] * scales[d]);
                    }
                }
                gradient[dimensions] += (inverse[i][i] - solved.weights[i] * solved.weights[i] / solved.variance)
                        * Math.exp(Math.min(3, theta[dimensions]))
                        / 2;
            }
            return gradient;
        }
    }
}
