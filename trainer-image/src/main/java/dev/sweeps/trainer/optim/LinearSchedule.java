package dev.sweeps.trainer.optim;

/**
 * The learning rate over the steps: up from 0 over the warm-up, then down to 0 on a line
 * ({@code get_linear_schedule_with_warmup} of transformers; steps count from 0, as in PyTorch's LambdaLR).
 */
public record LinearSchedule(double learningRate, int warmupSteps, int totalSteps) {

    /** The learning rate of a step, from 0. */
    public double at(int step) {
        double factor = step < warmupSteps
                ? (double) step / Math.max(1, warmupSteps)
                : Math.max(0, (double) (totalSteps - step) / Math.max(1, totalSteps - warmupSteps));
        return learningRate * factor;
    }
}
