package dev.sweeps.analysis;

import dev.sweeps.api.v1alpha1.ParameterValue;
import java.math.BigDecimal;
import java.util.Map;

/** A trial that ended with the metric. */
public record Result(String trial, Map<String, ParameterValue> parameters, BigDecimal value) {}
