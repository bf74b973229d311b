package dev.sweeps.trainer.model;

/**
 * A tensor of a checkpoint.
 *
 * @param shape lengths of its dimensions
 * @param values row by row
 */
public record Tensor(long[] shape, float[] values) {}
