package dev.sweeps.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.hipparchus.distribution.continuous.FDistribution;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.correlation.PearsonsCorrelation;
import org.hipparchus.stat.correlation.SpearmansCorrelation;

/**
 * How the metric goes with one parameter. Numbers have the first four, taken on a log scale where the parameter spans decades; categories
 * have the correlation ratio.
 *
 * @param pearson Pearson's r, from -1 to 1
 * @param pearsonP probability of such an r, or one further from 0, without any relation (t test)
 * @param spearman Spearman's rank correlation, from -1 to 1
 * @param spearmanP likewise
 * @param ratio correlation ratio (eta): the square root of the share of the variance that lies between the categories, from 0 to 1
 * @param ratioP probability of such a ratio, or a larger one, without any relation (F test)
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Correlation(
        Double pearson, Double pearsonP, Double spearman, Double spearmanP, Double ratio, Double ratioP) {

    /** Too few rows, or a metric that never changes, have no correlation. */
    public static final Correlation NONE = new Correlation(null, null, null, null, null, null);

    static Correlation of(String name, Scale scale, List<Result> results) {
        double[] metric = results.stream()
                .mapToDouble(result -> result.value().doubleValue())
                .toArray();
        if (metric.length < 3 || isConstant(metric)) {
            return NONE;
        }
        if (scale == Scale.CATEGORY) {
            return ratio(name, results, metric);
        }
        double[] positions = results.stream()
                .mapToDouble(result -> scale.position(result.parameters().get(name)))
                .toArray();
        if (isConstant(positions)) {
            return NONE;
        }
        double pearson = new PearsonsCorrelation().correlation(positions, metric);
        double spearman = new SpearmansCorrelation().correlation(positions, metric);
        return new Correlation(
                pearson,
                probability(pearson, metric.length),
                spearman,
                probability(spearman, metric.length),
                null,
                null);
    }

    private static Correlation ratio(String name, List<Result> results, double[] metric) {
        Map<ParameterValue, List<Result>> byCategory =
                results.stream().collect(Collectors.groupingBy(result -> TrialTable.value(result.parameters(), name)));
        double mean = Arrays.stream(metric).average().orElseThrow();
        double total = Arrays.stream(metric)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        double between = byCategory.values().stream()
                .mapToDouble(members -> members.size()
                        * Math.pow(
                                members.stream()
                                                .mapToDouble(
                                                        result -> result.value().doubleValue())
                                                .average()
                                                .orElseThrow()
                                        - mean,
                                2))
                .sum();
        int groups = byCategory.size() - 1;
        int within = metric.length - byCategory.size();
        if (groups == 0) {
            return NONE;
        }
        double share = Math.min(1, between / total);
        Double p = within == 0 ? null : fTest(share / groups / ((1 - share) / within), groups, within);
        return new Correlation(null, null, null, null, Math.sqrt(share), p);
    }

    private static Double fTest(double ratio, int groups, int within) {
        return Double.isInfinite(ratio) ? 0 : 1 - new FDistribution(groups, within).cumulativeProbability(ratio);
    }

    private static double probability(double correlation, int rows) {
        double rest = 1 - correlation * correlation;
        if (rest <= 0) {
            return 0;
        }
        double t = Math.abs(correlation) * Math.sqrt((rows - 2) / rest);
        return 2 * new TDistribution(rows - 2.0).cumulativeProbability(-t);
    }

    private static boolean isConstant(double[] numbers) {
        return Arrays.stream(numbers).distinct().count() < 2;
    }
}
