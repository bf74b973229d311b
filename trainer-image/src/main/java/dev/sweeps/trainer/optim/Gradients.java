package dev.sweeps.trainer.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.sweeps.trainer.torch.OptimizerScript;
import java.util.List;

/** Sums of the gradients of the backward passes of a step, by parameter. */
public final class Gradients {
    private final NDManager manager;
    private final OptimizerScript script;
    private List<NDArray> sums = List.of();

    /**
     * @param manager of the step, which holds them
     */
    public Gradients(NDManager manager, OptimizerScript script) {
        this.manager = manager;
        this.script = script;
    }

    /** Adds those of one backward pass, in the order of the parameters. */
    public void add(NDList more) {
        if (sums.isEmpty()) {
            more.attach(manager);
            sums = List.copyOf(more);
        } else {
            script.add(sums, more);
        }
    }

    List<NDArray> sums() {
        return sums;
    }
}
