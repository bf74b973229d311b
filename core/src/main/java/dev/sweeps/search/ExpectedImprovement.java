package dev.sweeps.search;

import dev.sweeps.search.GaussianProcess.Prediction;
import org.hipparchus.special.Erf;

/** How much better than the best so far a point is expected to be; smaller is better (Jones, Schonlau and Welch 1998). */
final class ExpectedImprovement {
    private static final double LOG_SQRT_2_PI = Math.log(2 * Math.PI) / 2;

    private ExpectedImprovement() {}

    /** Its logarithm, which still tells points apart where the improvement itself is 0 in floating point (Ament et al. 2023, arXiv:2310.20708). */
    static double log(Prediction prediction, double best) {
        double deviation = Math.sqrt(prediction.variance());
        double z = (best - prediction.mean()) / deviation;
        return Math.log(deviation) + logOfUnit(z);
    }

    /** log(phi(z) + z Phi(z)). */
    private static double logOfUnit(double z) {
        double logDensity = -z * z / 2 - LOG_SQRT_2_PI;
        if (z < -5) {
            return logDensity - 2 * Math.log(-z); // phi(z) / z^2 to the leading order.
        }
        return Math.log(Math.exp(logDensity) + z * Erf.erfc(-z / Math.sqrt(2)) / 2);
    }
}
