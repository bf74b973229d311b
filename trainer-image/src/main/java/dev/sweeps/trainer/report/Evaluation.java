package dev.sweeps.trainer.report;

/**
 * How a classifier does on the dev set.
 *
 * @param accuracy share of right answers
 * @param loss mean cross entropy
 * @param examples in the dev set
 * @param collapsed whether it gives the same answer to every example
 */
public record Evaluation(double accuracy, double loss, int examples, boolean collapsed) {}
