package dev.sweeps.trainer.report;

import java.util.Map;

/**
 * How a model does on a dev set.
 *
 * @param metrics by run_glue's name, without {@code eval_}: {@code acc}, {@code f1}, {@code mcc} ...
 * @param loss as run_glue has it: the mean of the batches' means
 * @param examples in the dev set
 * @param collapsed whether it gives the same answer to every example
 */
public record Evaluation(Map<String, Double> metrics, double loss, int examples, boolean collapsed) {}
