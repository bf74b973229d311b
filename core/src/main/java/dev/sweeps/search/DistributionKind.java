package dev.sweeps.search;

import dev.sweeps.api.v1alpha1.Parameter;
import dev.sweeps.search.Distribution.Continuous;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hipparchus.distribution.RealDistribution;
import org.hipparchus.distribution.continuous.BetaDistribution;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.UniformRealDistribution;

/** The words for {@code distribution} in Weights and Biases, each with the fields that it takes (sweeps/config/schema.json of wandb/sweeps). */
enum DistributionKind {
    CONSTANT("constant", List.of("value")),
    CATEGORICAL("categorical", List.of("values"), "probabilities"),
    CATEGORICAL_W_PROBABILITIES("categorical_w_probabilities", List.of("values", "probabilities")),
    INT_UNIFORM("int_uniform", List.of("min", "max")),
    UNIFORM("uniform", List.of("min", "max")),
    Q_UNIFORM("q_uniform", List.of("min", "max"), "q"),
    LOG_UNIFORM("log_uniform", List.of("min", "max")),
    LOG_UNIFORM_VALUES("log_uniform_values", List.of("min", "max")),
    Q_LOG_UNIFORM("q_log_uniform", List.of("min", "max"), "q"),
    Q_LOG_UNIFORM_VALUES("q_log_uniform_values", List.of("min", "max"), "q"),
    INV_LOG_UNIFORM("inv_log_uniform", List.of("min", "max")),
    INV_LOG_UNIFORM_VALUES("inv_log_uniform_values", List.of("min", "max")),
    NORMAL("normal", List.of(), "mu", "sigma"),
    Q_NORMAL("q_normal", List.of(), "mu", "sigma", "q"),
    LOG_NORMAL("log_normal", List.of(), "mu", "sigma"),
    Q_LOG_NORMAL("q_log_normal", List.of(), "mu", "sigma", "q"),
    BETA("beta", List.of(), "a", "b"),
    Q_BETA("q_beta", List.of(), "a", "b", "q");

    private final String word;
    private final List<String> required;
    private final List<String> optional;

    DistributionKind(String word, List<String> required, String... optional) {
        this.word = word;
        this.required = required;
        this.optional = List.of(optional);
    }

    /**
     * The one that a parameter names, or whose fields it has. As in Weights and Biases whole numbers in {@code min} and {@code max} without a
     * distribution mean whole numbers only.
     *
     * @throws InvalidParameter if there is none, or a field is missing or not for it
     */
    static DistributionKind of(String field, Parameter parameter) {
        Map<String, Object> given = given(parameter);
        DistributionKind family = parameter.distribution() == null
                ? guessed(field, given)
                : named(parameter.distribution())
                        .orElseThrow(() -> new InvalidParameter(
                                field + ".distribution: " + parameter.distribution() + " is none; use one of "
                                        + Arrays.stream(values())
                                                .map(known -> known.word)
                                                .collect(Collectors.joining(", "))));
        family.checkFields(field, given.keySet().stream().toList());
        return family;
    }

    private static Optional<DistributionKind> named(String word) {
        return Arrays.stream(values())
                .filter(family -> family.word.equals(word))
                .findFirst();
    }

    private static DistributionKind guessed(String field, Map<String, Object> given) {
        if (given.containsKey("value") && given.containsKey("values")) {
            throw new InvalidParameter(field + ": has both value and values; keep one of them");
        }
        if (given.containsKey("value")) {
            return CONSTANT;
        }
        if (given.containsKey("values")) {
            return CATEGORICAL;
        }
        if (given.containsKey("min") && given.containsKey("max")) {
            return isWhole(given.get("min")) && isWhole(given.get("max")) ? INT_UNIFORM : UNIFORM;
        }
        if (given.isEmpty()) {
            throw new InvalidParameter(field
                    + ": has neither value nor values; write value for a constant, values for a list to try, or min and"
                    + " max for a range (kubectl apply leaves value: null out; write values: [null])");
        }
        if (given.containsKey("min") || given.containsKey("max")) {
            String there = given.containsKey("min") ? "min" : "max";
            String missing = there.equals("min") ? "max" : "min";
            throw new InvalidParameter(
                    field + ": has " + there + " and no " + missing + "; give both ends of the range");
        }
        throw new InvalidParameter(field + ": has " + String.join(" and ", given.keySet())
                + " and names no distribution; name one, or list the values to try in values");
    }

    private static boolean isWhole(Object number) {
        return ((BigDecimal) number).stripTrailingZeros().scale() <= 0;
    }

    /** The fields that say what the values are, as far as they are given. */
    private static Map<String, Object> given(Parameter parameter) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("value", parameter.value());
        fields.put("values", parameter.values());
        fields.put("probabilities", parameter.probabilities());
        fields.put("min", parameter.min());
        fields.put("max", parameter.max());
        fields.put("mu", parameter.mu());
        fields.put("sigma", parameter.sigma());
        fields.put("a", parameter.a());
        fields.put("b", parameter.b());
        fields.put("q", parameter.q());
        fields.values().removeIf(Objects::isNull);
        return fields;
    }

    private void checkFields(String field, List<String> given) {
        List<String> missing =
                required.stream().filter(name -> !given.contains(name)).toList();
        if (!missing.isEmpty()) {
            throw new InvalidParameter(field + ": " + word + " needs " + String.join(" and ", missing) + "; give "
                    + (missing.size() == 1 ? "it" : "them") + ", or name another distribution");
        }
        List<String> strange = given.stream()
                .filter(name -> !required.contains(name) && !optional.contains(name))
                .toList();
        if (!strange.isEmpty()) {
            String takes = Stream.concat(required.stream(), optional.stream()).collect(Collectors.joining(", "));
            throw new InvalidParameter(field + ": " + String.join(" and ", strange)
                    + (strange.size() == 1 ? " is" : " are") + " not for " + word + ", which takes " + takes
                    + "; remove "
                    + (strange.size() == 1 ? "it" : "them") + ", or name another distribution");
        }
    }

    /** The distribution of a parameter of this family. */
    Distribution distribution(String field, Parameter parameter) {
        return switch (this) {
            case CONSTANT, CATEGORICAL, CATEGORICAL_W_PROBABILITIES -> Choices.of(field, parameter);
            case INT_UNIFORM -> intUniform(field, parameter);
            case UNIFORM -> between(parameter, uniform(field, parameter), false);
            case Q_UNIFORM -> qUniform(field, parameter);
            case LOG_UNIFORM -> continuous(uniform(field, parameter), true, null);
            case LOG_UNIFORM_VALUES, INV_LOG_UNIFORM_VALUES -> between(parameter, logOfUniform(field, parameter), true);
            case Q_LOG_UNIFORM -> continuous(uniform(field, parameter), true, q(field, parameter));
            case Q_LOG_UNIFORM_VALUES -> continuous(logOfUniform(field, parameter), true, q(field, parameter));
            case INV_LOG_UNIFORM -> continuous(ofInverse(field, parameter), true, null);
            case NORMAL -> continuous(normal(field, parameter), false, null);
            case Q_NORMAL -> continuous(normal(field, parameter), false, q(field, parameter));
            case LOG_NORMAL -> continuous(normal(field, parameter), true, null);
            case Q_LOG_NORMAL -> continuous(normal(field, parameter), true, q(field, parameter));
            case BETA -> continuous(beta(field, parameter), false, null);
            case Q_BETA -> continuous(beta(field, parameter), false, q(field, parameter));
        };
    }

    private static Continuous continuous(RealDistribution shape, boolean logarithmic, BigDecimal q) {
        return new Continuous(shape, logarithmic, null, null, q, null);
    }

    /** One whose ends are written down. */
    private static Continuous between(Parameter parameter, RealDistribution shape, boolean logarithmic) {
        return new Continuous(shape, logarithmic, parameter.min(), parameter.max(), null, null);
    }

    private static Distribution intUniform(String field, Parameter parameter) {
        checkEnds(field, parameter);
        for (BigDecimal end : List.of(parameter.min(), parameter.max())) {
            if (!isWhole(end)) {
                throw new InvalidParameter(field + ": int_uniform takes whole numbers, and " + end.toPlainString()
                        + " is none; round it, or use uniform");
            }
        }
        BigDecimal count = parameter.max().subtract(parameter.min()).add(BigDecimal.ONE);
        if (count.compareTo(BigDecimal.valueOf(1L << 53)) > 0) {
            throw new InvalidParameter(field + ": from " + parameter.min().toPlainString() + " to "
                    + parameter.max().toPlainString()
                    + " are more than 2^53 whole numbers; narrow the range, or use uniform");
        }
        return new Distribution.IntUniform(new Values.Stepped(parameter.min(), BigDecimal.ONE, count.longValueExact()));
    }

    /** A grid of it excludes the end, as there, but in exact decimals. */
    private static Continuous qUniform(String field, Parameter parameter) {
        RealDistribution shape = uniform(field, parameter);
        BigDecimal q = q(field, parameter);
        BigDecimal count = parameter.max().subtract(parameter.min()).divide(q, 0, RoundingMode.CEILING);
        return new Continuous(
                shape,
                false,
                null,
                null,
                q,
                count.compareTo(BigDecimal.valueOf(1L << 53)) > 0
                        ? null
                        : new Values.Stepped(parameter.min(), q, count.longValueExact()));
    }

    private static RealDistribution uniform(String field, Parameter parameter) {
        checkEnds(field, parameter);
        return between(field, parameter.min().doubleValue(), parameter.max().doubleValue());
    }

    private static RealDistribution logOfUniform(String field, Parameter parameter) {
        checkEnds(field, parameter);
        if (parameter.min().signum() <= 0) {
            throw new InvalidParameter(
                    field + ".min: " + parameter.min().toPlainString() + " has no logarithm; write a number above 0");
        }
        return between(
                field,
                Math.log(parameter.min().doubleValue()),
                Math.log(parameter.max().doubleValue()));
    }

    /** 1/x is log_uniform between the exponents min and max. */
    private static RealDistribution ofInverse(String field, Parameter parameter) {
        checkEnds(field, parameter);
        return between(field, -parameter.max().doubleValue(), -parameter.min().doubleValue());
    }

    private static RealDistribution between(String field, double min, double max) {
        if (!(min < max)) {
            throw new InvalidParameter(
                    field + ": min and max are too close to be told apart; widen the range, or write value");
        }
        return new UniformRealDistribution(min, max);
    }

    private static void checkEnds(String field, Parameter parameter) {
        if (parameter.min().compareTo(parameter.max()) >= 0) {
            throw new InvalidParameter(field + ": min " + parameter.min().toPlainString() + " is not below max "
                    + parameter.max().toPlainString() + "; correct one of them");
        }
    }

    private static RealDistribution normal(String field, Parameter parameter) {
        return new NormalDistribution(
                or(parameter.mu(), BigDecimal.ZERO).doubleValue(),
                positive(field + ".sigma", or(parameter.sigma(), BigDecimal.ONE))
                        .doubleValue());
    }

    private static RealDistribution beta(String field, Parameter parameter) {
        return new BetaDistribution(
                positive(field + ".a", or(parameter.a(), BigDecimal.ONE)).doubleValue(),
                positive(field + ".b", or(parameter.b(), BigDecimal.ONE)).doubleValue());
    }

    private static BigDecimal q(String field, Parameter parameter) {
        return positive(field + ".q", or(parameter.q(), BigDecimal.ONE));
    }

    private static BigDecimal or(BigDecimal given, BigDecimal otherwise) {
        return given == null ? otherwise : given;
    }

    private static BigDecimal positive(String field, BigDecimal number) {
        if (number.signum() <= 0) {
            throw new InvalidParameter(field + ": " + number.toPlainString() + " must be greater than 0");
        }
        return number;
    }
}
