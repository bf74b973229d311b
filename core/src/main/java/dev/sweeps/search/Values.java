package dev.sweeps.search;

import dev.sweeps.api.v1alpha1.ParameterValue;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Finitely many values of a hyperparameter, in the order in which a grid tries them. */
public sealed interface Values {
    /** How many there are, at least one. */
    long count();

    /** The value with the given index, from 0. */
    ParameterValue get(long index);

    /** The index of a value; empty if it is not among them. */
    OptionalLong indexOf(ParameterValue value);

    /** Values as the user lists them, each once. */
    static Values listed(List<ParameterValue> values) {
        List<ParameterValue> distinct = List.copyOf(new LinkedHashSet<>(values));
        Map<ParameterValue, Integer> index = new HashMap<>();
        distinct.forEach(value -> index.put(value, index.size()));
        return new Listed(distinct, Map.copyOf(index));
    }

    /** See {@link #listed}. */
    record Listed(List<ParameterValue> values, Map<ParameterValue, Integer> index) implements Values {
        @Override
        public long count() {
            return values.size();
        }

        @Override
        public ParameterValue get(long number) {
            return values.get((int) number);
        }

        @Override
        public OptionalLong indexOf(ParameterValue value) {
            Integer found = index.get(value);
            return found == null ? OptionalLong.empty() : OptionalLong.of(found);
        }
    }

    /** {@code first}, {@code first + step} and so on: computed when they are asked for, in exact decimals. */
    record Stepped(BigDecimal first, BigDecimal step, long count) implements Values {
        @Override
        public ParameterValue get(long number) {
            return new ParameterValue(first.add(step.multiply(BigDecimal.valueOf(number))));
        }

        @Override
        public OptionalLong indexOf(ParameterValue value) {
            if (!(value.raw() instanceof BigDecimal number)) {
                return OptionalLong.empty();
            }
            BigDecimal[] steps = number.subtract(first).divideAndRemainder(step);
            boolean among = steps[1].signum() == 0
                    && steps[0].signum() >= 0
                    && steps[0].compareTo(BigDecimal.valueOf(count)) < 0;
            return among ? OptionalLong.of(steps[0].longValueExact()) : OptionalLong.empty();
        }
    }
}
