package dev.sweeps.operator.status;

import dev.sweeps.api.v1alpha1.Parameter;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.SweepSpec;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Values as {@code kubectl get} prints them in a column. */
public final class Columnar {
    private static final int DIGITS = 4;

    private Columnar() {}

    /** Those of the parameters that differ between the trials of the sweep, sorted by name. */
    public static Map<String, ParameterValue> varying(SweepSpec spec, Map<String, ParameterValue> parameters) {
        Map<String, ParameterValue> varying = new TreeMap<>(parameters);
        varying.keySet().removeIf(name -> {
            Parameter parameter = spec.parameters().get(name);
            return parameter != null
                    && (parameter.values() == null || parameter.values().size() < 2);
        });
        return varying;
    }

    /** {@code batch=16 learning_rate=0.00003}, shortened; null for none. */
    public static String line(Map<String, ParameterValue> parameters) {
        return parameters.isEmpty()
                ? null
                : Shortened.beginning(
                        parameters.entrySet().stream()
                                .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                                .collect(Collectors.joining(" ")),
                        Shortened.COLUMN);
    }

    /** To four digits after the point, or four significant ones where that would leave too few: 0.6931, 0.00001234, 12345.6789. */
    public static String rounded(BigDecimal value) {
        BigDecimal fixed = value.setScale(DIGITS, RoundingMode.HALF_EVEN);
        BigDecimal shown = value.abs().compareTo(new BigDecimal("0.1")) >= 0 || value.signum() == 0
                ? fixed
                : value.round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
        return shown.scale() > DIGITS || shown.compareTo(value) != 0 ? shown.toPlainString() : trimmed(shown);
    }

    private static String trimmed(BigDecimal exact) {
        return exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString();
    }
}
