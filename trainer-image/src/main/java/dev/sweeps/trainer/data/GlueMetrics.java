package dev.sweeps.trainer.data;

import dev.sweeps.trainer.data.GlueTask.Score;
import java.util.LinkedHashMap;
import java.util.Map;
import org.hipparchus.stat.correlation.PearsonsCorrelation;
import org.hipparchus.stat.correlation.SpearmansCorrelation;

/** The metrics of the GLUE tasks, named as in {@code glue_compute_metrics} of transformers 2.9, which computes them with scikit-learn and scipy. */
public final class GlueMetrics {
    private GlueMetrics() {}

    /**
     * @param predictions class indices, or scores of a regression
     * @param labels the truth, as many
     * @return by name, in run_glue's order; NaN where a correlation is not defined because one side is constant
     */
    public static Map<String, Double> of(Score score, double[] predictions, double[] labels) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        switch (score) {
            case ACCURACY -> metrics.put("acc", accuracy(predictions, labels));
            case ACCURACY_AND_F1 -> {
                double accuracy = accuracy(predictions, labels);
                double f1 = f1(predictions, labels);
                metrics.put("acc", accuracy);
                metrics.put("f1", f1);
                metrics.put("acc_and_f1", (accuracy + f1) / 2);
            }
            case MATTHEWS -> metrics.put("mcc", matthews(predictions, labels));
            case CORRELATION -> {
                double pearson =
                        labels.length < 2 ? Double.NaN : new PearsonsCorrelation().correlation(predictions, labels);
                double spearman =
                        labels.length < 2 ? Double.NaN : new SpearmansCorrelation().correlation(predictions, labels);
                metrics.put("pearson", pearson);
                metrics.put("spearmanr", spearman);
                metrics.put("corr", (pearson + spearman) / 2);
            }
        }
        return metrics;
    }

    private static double accuracy(double[] predictions, double[] labels) {
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            right += predictions[i] == labels[i] ? 1 : 0;
        }
        return (double) right / labels.length;
    }

    /** Returns F1 of class 1; 0 if it occurs on neither side. */
    private static double f1(double[] predictions, double[] labels) {
        int right = count(predictions, labels, 1, 1);
        int wrong = count(predictions, labels, 1, 0) + count(predictions, labels, 0, 1);
        return right == 0 ? 0 : 2.0 * right / (2.0 * right + wrong);
    }

    /** Returns Matthews correlation of two classes; 0 if one side has only one class. */
    private static double matthews(double[] predictions, double[] labels) {
        double tp = count(predictions, labels, 1, 1);
        double tn = count(predictions, labels, 0, 0);
        double fp = count(predictions, labels, 1, 0);
        double fn = count(predictions, labels, 0, 1);
        double norm = Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn));
        return norm == 0 ? 0 : (tp * tn - fp * fn) / norm;
    }

    private static int count(double[] predictions, double[] labels, double prediction, double label) {
        int count = 0;
        for (int i = 0; i < labels.length; i++) {
            count += predictions[i] == prediction && labels[i] == label ? 1 : 0;
        }
        return count;
    }
}
