package dev.sweeps.search;

import dev.sweeps.search.GaussianProcess.Hyperparameters;
import dev.sweeps.search.GaussianProcess.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
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
 * How likely length scales and noise of a {@link GaussianProcess} are after some values of the function (Rasmussen and Williams 2006, section
 * 5.4); the variance of the process is the most likely one for them. A place in it, theta, is the logarithms of the length scales, then that of
 * the noise.
 */
final class Posterior {
    /**
     * Standard deviation of the logarithm of a length scale. Its mean grows with the root of the number of dimensions (Hvarfner et al.
     * 2024, arXiv:2402.02229).
     */
    private static final double SCALE_DEVIATION = 1.0;

    private static final double NOISE_MEAN = Math.log(1e-4);
    private static final double NOISE_DEVIATION = 2.5;
    private static final double MIN_NOISE = 1e-9;

    private static final int MAX_EVALUATIONS = 200;
    private static final double CONVERGED = 1e-5;

    /** Tolerance of line searches. The default, 1e-8, spends most evaluations on the first line. */
    private static final double LINE_TOLERANCE = 1e-3;

    private static final double FIRST_STEP = 0.1;

    /** How often a slice grows to each side, and is cut before the sampler stays where it is. */
    private static final int MAX_STEPS_OUT = 6;

    private static final int MAX_CUTS = 60;

    private final Metric metric;
    private final double[][] points;
    private final double[] values;
    private final int dimensions;
    private final double scaleMean;
    private double[] lastTheta;
    private Solved lastSolved;

    /**
     * @param points {@code [n][dimensions]}
     * @param values {@code [n]}, with mean 0
     */
    Posterior(Metric metric, double[][] points, double[] values) {
        this.metric = metric;
        this.points = points;
        this.values = values;
        this.dimensions = metric.categorical().length;
        this.scaleMean = Math.log(0.5 * Math.sqrt(dimensions));
    }

    Hyperparameters hyperparameters(double[] theta) {
        Solved solved = solve(theta);
        return new Hyperparameters(scales(theta), noise(theta), solved == null ? 1 : solved.variance);
    }

    /** The most likely place, as far as climbing finds it. */
    double[] mode() {
        double[] start = new double[dimensions + 1];
        Arrays.fill(start, scaleMean);
        start[dimensions] = NOISE_MEAN;
        double[] best = {Double.POSITIVE_INFINITY};
        double[][] at = {start};
        try {
            new NonLinearConjugateGradientOptimizer(
                            NonLinearConjugateGradientOptimizer.Formula.POLAK_RIBIERE,
                            new SimpleValueChecker(CONVERGED, CONVERGED),
                            LINE_TOLERANCE,
                            LINE_TOLERANCE,
                            FIRST_STEP)
                    .optimize(
                            new MaxEval(MAX_EVALUATIONS),
                            GoalType.MINIMIZE,
                            new InitialGuess(start),
                            new ObjectiveFunction(theta -> {
                                double value = negativeLogarithm(theta);
                                if (value < best[0]) {
                                    best[0] = value;
                                    at[0] = theta.clone();
                                }
                                return value;
                            }),
                            new ObjectiveFunctionGradient(this::gradient));
        } catch (MathRuntimeException e) {
            // Out of evaluations, or a line without a minimum: the best so far is good enough.
        }
        return at[0];
    }

    /** Draws from a start at the mode by slice sampling, one coordinate after the other (Neal 2003, Annals of Statistics 31, figures 3 and 5). */
    List<Hyperparameters> sample(double[] mode, int count, Random randomness) {
        double[] theta = mode.clone();
        List<Hyperparameters> drawn = new ArrayList<>();
        while (drawn.size() < count) {
            for (int d = 0; d < theta.length; d++) {
                theta[d] = slice(theta, d, d == dimensions ? NOISE_DEVIATION : SCALE_DEVIATION, randomness);
            }
            drawn.add(hyperparameters(theta));
        }
        return drawn;
    }

    private double slice(double[] theta, int coordinate, double width, Random randomness) {
        double level = negativeLogarithm(theta) - Math.log(1 - randomness.nextDouble());
        double from = theta[coordinate];
        double low = from - width * randomness.nextDouble();
        double high = low + width;
        for (int i = 0; i < MAX_STEPS_OUT && negativeLogarithm(moved(theta, coordinate, low)) < level; i++) {
            low -= width;
        }
        for (int i = 0; i < MAX_STEPS_OUT && negativeLogarithm(moved(theta, coordinate, high)) < level; i++) {
            high += width;
        }
        for (int i = 0; i < MAX_CUTS; i++) {
            double drawn = low + (high - low) * randomness.nextDouble();
            if (negativeLogarithm(moved(theta, coordinate, drawn)) <= level) {
                return drawn;
            }
            if (drawn < from) {
                low = drawn;
            } else {
                high = drawn;
            }
        }
        return from;
    }

    private static double[] moved(double[] theta, int coordinate, double to) {
        double[] moved = theta.clone();
        moved[coordinate] = to;
        return moved;
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

    private record Solved(CholeskyDecomposition cholesky, double logDeterminant, double[] weights, double variance) {}

    /**
     * Solves for hyperparameters, or returns the last solution if they are the same: a value and its gradient are requested one after the
     * other.
     */
    private Solved solve(double[] theta) {
        if (!Arrays.equals(theta, lastTheta)) {
            lastTheta = theta.clone();
            lastSolved = solved(theta);
        }
        return lastSolved;
    }

    /** Null where the matrix has no decomposition. */
    private Solved solved(double[] theta) {
        double[][] matrix = GaussianProcess.correlations(metric, points, scales(theta));
        for (int i = 0; i < matrix.length; i++) {
            matrix[i][i] += noise(theta);
        }
        CholeskyDecomposition cholesky;
        try {
            cholesky = new CholeskyDecomposition(new Array2DRowRealMatrix(matrix, false), 1e-8, 0);
        } catch (MathRuntimeException e) {
            return null;
        }
        double[] weights =
                cholesky.getSolver().solve(new ArrayRealVector(values, false)).toArray();
        double fit = 0;
        double logDeterminant = 0;
        RealMatrix lower = cholesky.getL();
        for (int i = 0; i < values.length; i++) {
            fit += values[i] * weights[i];
            logDeterminant += 2 * Math.log(lower.getEntry(i, i));
        }
        return new Solved(cholesky, logDeterminant, weights, Math.max(1e-10, fit / values.length));
    }

    double negativeLogarithm(double[] theta) {
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

    /** Returns the gradient of the negative logarithm. */
    private double[] gradient(double[] theta) {
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
        double[][] inverse = solved.cholesky.getSolver().getInverse().getData();
        int n = values.length;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double slope = GaussianProcess.maternSlope(
                        GaussianProcess.squaredDistance(metric, points[i], points[j], scales));
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
