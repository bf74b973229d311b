package dev.sweeps.search;

import dev.sweeps.search.GaussianProcess.Hyperparameters;
import dev.sweeps.search.GaussianProcess.Metric;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What is believed of a function of which some values are known, smaller being better: Gaussian processes whose hyperparameters are drawn from
 * their posterior, so that a length scale that few points speak for is not taken for certain (Snoek, Larochelle and Adams 2012, section 3.2).
 */
final class Surrogate {
    /** Draws from the posterior. */
    private static final int PROCESSES = 5;

    /** Points that hyperparameters are fitted to. */
    private static final int MAX_FITTED = 50;

    /**
     * @param least the smallest mean of the process at a point whose value is known
     */
    private record Belief(GaussianProcess process, double least) {}

    private final List<Belief> beliefs;

    private Surrogate(List<Belief> beliefs) {
        this.beliefs = beliefs;
    }

    /**
     * @param points in no order, {@code [n][dimensions]}
     * @param values {@code [n]}
     * @param inFlight points whose values are not known yet, {@code [any][dimensions]}
     */
    static Surrogate of(Metric metric, double[][] points, double[] values, double[][] inFlight, Random randomness) {
        int fitted = Math.min(MAX_FITTED, points.length);
        double[][] fittedPoints = Arrays.copyOf(points, fitted);
        double[] fittedValues = Arrays.copyOf(values, fitted);
        Scaled best = Stream.of(PowerTransform.linear(values), PowerTransform.mostLikely(values))
                .distinct()
                .map(transform -> Scaled.of(transform, metric, fittedPoints, fittedValues))
                .max(Comparator.comparingDouble(Scaled::logPosterior))
                .orElseThrow();
        double[] scaled = best.transform.apply(values);
        return new Surrogate(best.posterior.sample(best.mode, PROCESSES, randomness).stream()
                .map(hyper -> belief(metric, points, scaled, hyper, inFlight))
                .toList());
    }

    /** Values in one of two shapes, as they are or bent until they look normal; noise that is the same everywhere tells which is right. */
    private record Scaled(PowerTransform transform, Posterior posterior, double[] mode, double logPosterior) {
        static Scaled of(PowerTransform transform, Metric metric, double[][] points, double[] values) {
            Posterior posterior = new Posterior(metric, points, transform.apply(values));
            double[] mode = posterior.mode();
            return new Scaled(
                    transform, posterior, mode, transform.logJacobian(values) - posterior.negativeLogarithm(mode));
        }
    }

    /** Points in flight are taken to become what is expected of them (the kriging believer of Ginsbourger et al. 2010). */
    private static Belief belief(
            Metric metric, double[][] points, double[] values, Hyperparameters hyper, double[][] inFlight) {
        GaussianProcess process = new GaussianProcess(metric, points, values, hyper);
        double least = Arrays.stream(points).mapToDouble(process::mean).min().orElseThrow();
        if (inFlight.length == 0) {
            return new Belief(process, least);
        }
        double[][] allPoints = Arrays.copyOf(points, points.length + inFlight.length);
        double[] allValues = Arrays.copyOf(values, allPoints.length);
        for (int i = 0; i < inFlight.length; i++) {
            allPoints[points.length + i] = inFlight[i];
            allValues[points.length + i] = process.mean(inFlight[i]);
        }
        return new Belief(new GaussianProcess(metric, allPoints, allValues, hyper), least);
    }

    /** The logarithm of the expected improvement at a point, averaged over the hyperparameters. */
    double logExpectedImprovement(double[] point) {
        double[] each = beliefs.stream()
                .mapToDouble(belief -> ExpectedImprovement.log(belief.process.predict(point), belief.least))
                .toArray();
        double most = Arrays.stream(each).max().orElseThrow();
        double sum = Arrays.stream(each).map(one -> Math.exp(one - most)).sum();
        return most + Math.log(sum / each.length);
    }
}
