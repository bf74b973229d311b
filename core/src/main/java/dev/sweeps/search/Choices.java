package dev.sweeps.search;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sweeps.api.v1alpha1.Parameter;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.search.Distribution.Categorical;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a parameter whose values are written down. */
final class Choices {
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+(\\.[0-9]*)?[eE][+]?[0-9]{1,9}");

    /** Tolerance of the sum of probabilities, that of numpy.isclose. */
    private static final double SUM_TOLERANCE = 1e-5;

    private Choices() {}

    static Categorical of(String field, Parameter parameter) {
        if (parameter.value() != null) {
            return Categorical.of(Values.listed(List.of(value(field + ".value", parameter.value()))));
        }
        if (parameter.values().isEmpty()) {
            throw new InvalidParameter(field + ".values: is empty; list at least one value");
        }
        List<ParameterValue> listed = new ArrayList<>();
        for (int i = 0; i < parameter.values().size(); i++) {
            listed.add(value(field + ".values[" + i + "]", parameter.values().get(i)));
        }
        return parameter.probabilities() == null
                ? unweighted(listed)
                : weighted(field, listed, parameter.probabilities());
    }

    /** A value that is listed twice is drawn twice as often. */
    private static Categorical unweighted(List<ParameterValue> listed) {
        Map<ParameterValue, Double> each = new LinkedHashMap<>();
        listed.forEach(value -> each.merge(value, 1.0 / listed.size(), Double::sum));
        return each.size() == listed.size() ? Categorical.of(Values.listed(listed)) : categorical(each, false);
    }

    /** Adds up the probabilities of a value that is listed twice, and leaves out values that are never drawn. */
    private static Categorical weighted(String field, List<ParameterValue> listed, List<BigDecimal> probabilities) {
        if (probabilities.size() != listed.size()) {
            throw new InvalidParameter(field + ".probabilities: are " + probabilities.size() + ", and values are "
                    + listed.size() + "; give one for each value");
        }
        Map<ParameterValue, Double> each = new LinkedHashMap<>();
        double sum = 0;
        for (int i = 0; i < listed.size(); i++) {
            BigDecimal probability = probabilities.get(i);
            if (probability == null || probability.signum() < 0) {
                throw new InvalidParameter(field + ".probabilities[" + i + "]: "
                        + (probability == null ? "is empty" : probability.toPlainString() + " is below 0")
                        + "; write a number from 0 to 1");
            }
            if (probability.signum() > 0) {
                each.merge(listed.get(i), probability.doubleValue(), Double::sum);
                sum += probability.doubleValue();
            }
        }
        if (Math.abs(sum - 1) > SUM_TOLERANCE) {
            throw new InvalidParameter(
                    field + ".probabilities: add up to " + sum + "; correct them, their sum must be 1");
        }
        return categorical(each, true);
    }

    /** @param each probability of each value */
    private static Categorical categorical(Map<ParameterValue, Double> each, boolean isWeighted) {
        double[] cumulative =
                each.values().stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.parallelPrefix(cumulative, Double::sum);
        return new Categorical(Values.listed(List.copyOf(each.keySet())), Optional.of(cumulative), isWeighted);
    }

    private static ParameterValue value(String field, JsonNode node) {
        if (node.isTextual() && isTooLargeForANumber(node.textValue())) {
            throw new InvalidParameter(field + ": " + node.textValue()
                    + " is too large for a number, and YAML makes a text of it; write a number up to 1.7e308");
        }
        return new ParameterValue(node);
    }

    private static boolean isTooLargeForANumber(String text) {
        return NUMBER.matcher(text).matches() && Double.isInfinite(Double.parseDouble(text));
    }
}
