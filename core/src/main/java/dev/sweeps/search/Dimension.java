package dev.sweeps.search;

/**
 * One hyperparameter of a search space.
 *
 * @param name of a nested one with the names around it before it, joined by dots: {@code optimizer.lr}
 */
public record Dimension(String name, Distribution distribution) {}
