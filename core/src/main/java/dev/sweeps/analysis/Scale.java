package dev.sweeps.analysis;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.ParameterValue.Kind;
import java.math.BigDecimal;
import java.util.List;

/** Scale on which the values of a parameter are spread. */
public enum Scale {
    @JsonProperty("linear")
    LINEAR,
    /** For positive numbers that span a decade or more, such as learning rates. */
    @JsonProperty("log")
    LOG,
    /** For values that are not numbers. */
    @JsonProperty("category")
    CATEGORY;

    /** Returns the scale of sorted values. For positive numbers that span a decade, it is the one on which they are spread more evenly. */
    public static Scale of(List<ParameterValue> values) {
        if (values.stream().anyMatch(value -> value.kind() != Kind.NUMBER)) {
            return CATEGORY;
        }
        BigDecimal first = (BigDecimal) values.get(0).raw();
        BigDecimal last = (BigDecimal) values.get(values.size() - 1).raw();
        return first.signum() > 0
                        && last.compareTo(first.multiply(BigDecimal.TEN)) >= 0
                        && LOG.lopsidedness(values) <= LINEAR.lopsidedness(values) + 1e-9
                ? LOG
                : LINEAR;
    }

    /** Returns the distance of the mean from the middle, as a share of the range. */
    private double lopsidedness(List<ParameterValue> values) {
        double low = position(values.get(0));
        double high = position(values.get(values.size() - 1));
        double mean = values.stream().mapToDouble(this::position).average().orElseThrow();
        return Math.abs(mean - (low + high) / 2) / (high - low);
    }

    /** Returns the position of a number on the scale: the number itself, or its decimal logarithm. */
    public double position(ParameterValue number) {
        double value = ((BigDecimal) number.raw()).doubleValue();
        return this == LOG ? Math.log10(value) : value;
    }
}
