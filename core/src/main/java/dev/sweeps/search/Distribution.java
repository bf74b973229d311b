package dev.sweeps.search;

import dev.sweeps.api.v1alpha1.ParameterValue;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalDouble;
import org.hipparchus.distribution.RealDistribution;

/** The values that a hyperparameter may have, and how likely each is. Quantiles are those of sweeps/params.py of wandb/sweeps. */
public sealed interface Distribution {
    /**
     * The value that a share {@code probability} of all draws does not exceed, in the order of the values.
     *
     * @param probability above 0 and below 1, or these themselves where the values {@link #isBounded are bounded}
     */
    ParameterValue quantile(double probability);

    /** The quantile with the digits that a person would write, where these make no difference. */
    default ParameterValue draw(double probability) {
        return quantile(probability);
    }

    /** Returns the position of a value between 0 and 1, the inverse of {@link #quantile}; empty for a value that is never drawn. */
    OptionalDouble position(ParameterValue value);

    /** Whether there is a smallest and a largest value. */
    default boolean isBounded() {
        return true;
    }

    /** The values that a grid runs; empty where they have no end. */
    Optional<Values> values();

    /**
     * Values to choose from, all as likely or each with its probability.
     *
     * @param cumulative the sum of the probabilities up to each value; empty if all are as likely
     * @param isWeighted whether the user gave the probabilities; if not, they come from values that are listed more than once
     */
    record Categorical(Values choices, Optional<double[]> cumulative, boolean isWeighted) implements Distribution {
        /** All as likely. */
        static Categorical of(Values choices) {
            return new Categorical(choices, Optional.empty(), false);
        }

        @Override
        public ParameterValue quantile(double probability) {
            int count = (int) choices.count();
            if (cumulative.isEmpty()) {
                return choices.get(Math.min(count - 1, (int) (probability * count)));
            }
            int index = 0;
            while (index < count - 1 && probability >= cumulative.get()[index]) {
                index++;
            }
            return choices.get(index);
        }

        /** The middle of the share that the value has. */
        @Override
        public OptionalDouble position(ParameterValue value) {
            return choices.indexOf(value).stream().mapToDouble(this::middle).findFirst();
        }

        private double middle(long index) {
            if (cumulative.isEmpty()) {
                return (index + 0.5) / choices.count();
            }
            double[] ends = cumulative.get();
            return ((index == 0 ? 0 : ends[(int) index - 1]) + ends[(int) index]) / 2;
        }

        @Override
        public Optional<Values> values() {
            return Optional.of(choices);
        }
    }

    /** Whole numbers, both ends included. */
    record IntUniform(Values.Stepped numbers) implements Distribution {
        @Override
        public ParameterValue quantile(double probability) {
            return numbers.get(Math.min(numbers.count() - 1, (long) (probability * numbers.count())));
        }

        @Override
        public OptionalDouble position(ParameterValue value) {
            return numbers.indexOf(value).stream()
                    .mapToDouble(index -> (index + 0.5) / numbers.count())
                    .findFirst();
        }

        @Override
        public Optional<Values> values() {
            return Optional.of(numbers);
        }
    }

    /**
     * Numbers of a range.
     *
     * @param shape of the number, or of its logarithm
     * @param logarithmic whether {@code shape} speaks of the natural logarithm
     * @param min the smallest number, null where the shape has none or it is not written down
     * @param max the largest number
     * @param q numbers are rounded to multiples of it, half to even; null for no rounding
     * @param steps what a grid runs, null if it cannot
     */
    record Continuous(
            RealDistribution shape,
            boolean logarithmic,
            BigDecimal min,
            BigDecimal max,
            BigDecimal q,
            Values.Stepped steps)
            implements Distribution {
        private static final MathContext DRAWN = new MathContext(6, RoundingMode.HALF_EVEN);

        /** Maximum share of all draws that may lie between a number and its written form. */
        private static final double SAME = 1e-5;

        @Override
        public ParameterValue draw(double probability) {
            ParameterValue exact = quantile(probability);
            ParameterValue written = new ParameterValue(((BigDecimal) exact.raw()).round(DRAWN));
            OptionalDouble position = position(written);
            return position.isPresent() && Math.abs(position.getAsDouble() - probability) < SAME ? written : exact;
        }

        @Override
        public ParameterValue quantile(double probability) {
            return new ParameterValue(rounded(
                    value(Math.max(lowest(), Math.min(highest(), shape.inverseCumulativeProbability(probability))))));
        }

        @Override
        public boolean isBounded() {
            return Double.isFinite(lowest()) && Double.isFinite(highest());
        }

        /** Returns the position of a rounded number as that of the number itself. */
        @Override
        public OptionalDouble position(ParameterValue value) {
            if (!(value.raw() instanceof BigDecimal number)) {
                return OptionalDouble.empty();
            }
            boolean drawn = q == null
                    ? number.compareTo(rounded(value(lowest()))) >= 0
                            && number.compareTo(rounded(value(highest()))) <= 0
                    : number.remainder(q).signum() == 0
                            && number.compareTo(rounded(value(lowest()))) >= 0
                            && number.compareTo(rounded(value(highest()))) <= 0;
            if (!drawn) {
                return OptionalDouble.empty();
            }
            double at = number.doubleValue();
            return OptionalDouble.of(
                    !logarithmic
                            ? shape.cumulativeProbability(at)
                            : at <= 0 ? 0 : shape.cumulativeProbability(Math.log(at)));
        }

        @Override
        public Optional<Values> values() {
            return Optional.ofNullable(steps);
        }

        private double lowest() {
            return shape.getSupportLowerBound();
        }

        private double highest() {
            return shape.getSupportUpperBound();
        }

        private double value(double at) {
            return logarithmic ? Math.exp(at) : at;
        }

        private BigDecimal rounded(double number) {
            double finite = Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, number));
            BigDecimal exact = new BigDecimal(Double.toString(finite));
            return q == null
                    ? exact
                    : exact.divide(q, 0, RoundingMode.HALF_EVEN).multiply(q);
        }
    }
}
