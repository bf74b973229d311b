package dev.sweeps.analysis;

import dev.sweeps.api.v1alpha1.ParameterValue;
import java.math.BigDecimal;
import java.util.Map;

/**
 * A trial that ended with the metric.
 *
 * @param number of its point in running order, from 0
 * @param collapsed whether its classifier gives every example the same answer
 */
public record Result(
        String trial, long number, Map<String, ParameterValue> parameters, BigDecimal value, boolean collapsed) {}
