package dev.sweeps.analysis;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.List;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.interval.BinomialProportion;
import org.hipparchus.stat.interval.ConfidenceInterval;

/**
 * How far a value moves when nothing changes: an accuracy because the evaluation set is one of many that could have been drawn, any metric
 * because of the seed. Where both are known the larger counts, since neither contains the other.
 *
 * @param source where it is known from
 * @param replicateVariance pooled variance of one value within its setting
 * @param degreesOfFreedom of that variance
 * @param examples in the evaluation set
 */
public record Noise(Source source, double replicateVariance, int degreesOfFreedom, long examples) {
    /** Confidence level, two-sided, of all intervals and margins. */
    public static final double CONFIDENCE = 0.95;

    public static final Noise UNKNOWN = new Noise(Source.UNKNOWN, Double.NaN, 0, 0);

    /** Where the size of the noise comes from. */
    public enum Source {
        /** The size of the evaluation set. */
        @JsonProperty("examples")
        EXAMPLES,
        /** Replicates: results with equal parameters. */
        @JsonProperty("replicates")
        REPLICATES,
        @JsonProperty("unknown")
        UNKNOWN
    }

    /** Returns the noise of the values of a table. */
    public static Noise of(TrialTable table) {
        Noise replicates = ofReplicates(table.settings());
        if (table.examples().isEmpty()
                || !isProportion(table.results(), table.examples().getAsLong())) {
            return replicates;
        }
        Noise binomial =
                new Noise(Source.EXAMPLES, Double.NaN, 0, table.examples().getAsLong());
        double typical = table.results().stream()
                .mapToDouble(result -> binomial.variance(result.value().doubleValue()))
                .average()
                .orElse(0);
        return replicates.known() && replicates.replicateVariance > typical ? replicates : binomial;
    }

    private static Noise ofReplicates(List<Setting> settings) {
        double squares = 0;
        int degrees = 0;
        for (Setting setting : settings) {
            double mean = setting.mean();
            for (Result result : setting.replicates()) {
                squares += Math.pow(result.value().doubleValue() - mean, 2);
            }
            degrees += setting.count() - 1;
        }
        return degrees == 0 ? UNKNOWN : new Noise(Source.REPLICATES, squares / degrees, degrees, 0);
    }

    /** Whether every value can be a whole number of examples divided by their number, rounded to the digits that it has. */
    private static boolean isProportion(List<Result> results, long examples) {
        return examples > 0
                && !results.isEmpty()
                && results.stream().map(Result::value).allMatch(value -> {
                    double hits = value.doubleValue() * examples;
                    double rounding = 0.5 * Math.pow(10, -value.scale()) * examples + 1e-9;
                    return value.signum() >= 0
                            && value.compareTo(BigDecimal.ONE) <= 0
                            && Math.abs(hits - Math.rint(hits)) <= rounding;
                });
    }

    public boolean known() {
        return source != Source.UNKNOWN;
    }

    /**
     * Variance of one trial's value. Of an accuracy that of a binomial proportion with one success and one failure added, so that 0 and 1
     * have an error too (Agresti and Caffo, The American Statistician 54, 2000).
     */
    public double variance(double value) {
        if (source != Source.EXAMPLES) {
            return replicateVariance;
        }
        double proportion = (value * examples + 1) / (examples + 2);
        return proportion * (1 - proportion) / (examples + 2);
    }

    /** Variance of the mean of the replicates of a setting. */
    public double variance(Setting setting) {
        return variance(setting.mean()) / setting.count();
    }

    /**
     * Half the width of the interval of a difference.
     *
     * @param variance of the difference
     * @param comparisons how many differences are looked at, of which the largest is reported (Bonferroni)
     */
    public double margin(double variance, int comparisons) {
        double upper = 1 - (1 - CONFIDENCE) / 2 / Math.max(1, comparisons);
        double quantile = source == Source.REPLICATES
                ? new TDistribution(degreesOfFreedom).inverseCumulativeProbability(upper)
                : new NormalDistribution().inverseCumulativeProbability(upper);
        return quantile * Math.sqrt(variance);
    }

    /** Returns the margin; null if the noise is not known. */
    Double knownMargin(double variance, int comparisons) {
        return known() ? margin(variance, comparisons) : null;
    }

    /** Returns the interval of the true value of a setting: Wilson's (1927) for an accuracy, Student's for a mean of replicates. */
    public Interval interval(Setting setting) {
        double mean = setting.mean();
        if (source == Source.EXAMPLES && setting.count() == 1) {
            ConfidenceInterval wilson =
                    BinomialProportion.getWilsonScoreInterval(Math.toIntExact(examples), mean, CONFIDENCE);
            return new Interval(wilson.getLowerBound(), wilson.getUpperBound());
        }
        double margin = margin(variance(setting), 1);
        return new Interval(mean - margin, mean + margin);
    }

    /** An interval. */
    public record Interval(double low, double high) {}
}
