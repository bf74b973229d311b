package dev.sweeps.trainer;

import ai.djl.ndarray.NDArray;
import dev.sweeps.trainer.data.GlueTask;

/** Loss functions. */
final class Losses {
    private Losses() {}

    /**
     * Cross entropy, or the squared error of a regression.
     *
     * @param logits {@code [batch, outputs]}
     * @param labels {@code [batch]}
     * @return {@code [batch]}
     */
    static NDArray of(GlueTask task, NDArray logits, NDArray labels) {
        return task.isRegression()
                ? logits.squeeze(1).sub(labels).square()
                : logits.logSoftmax(-1)
                        .gather(labels.expandDims(1), 1)
                        .squeeze(1)
                        .neg();
    }
}
