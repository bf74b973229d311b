package dev.sweeps.trainer;

import dev.sweeps.trainer.data.BatchOrder;
import dev.sweeps.trainer.report.Report;

/**
 * How long to train, as {@code Trainer.train} of transformers 2.9 has it (trainer.py, lines 280 to 287 and 371): whole epochs are
 * trained, and the learning rate falls as if the broken part of one were trained too.
 *
 * @param steps optimizer steps
 * @param scheduledSteps steps after which the learning rate would be 0
 */
record TrainingLength(int stepsPerEpoch, int steps, int scheduledSteps) {

    /**
     * @throws TrainingException with {@link ExitCode#USAGE} if not even one epoch would be trained
     */
    static TrainingLength of(Arguments arguments, BatchOrder order) {
        int stepsPerEpoch = order.stepsPerEpoch();
        if (arguments.maxSteps() > 0) {
            return new TrainingLength(stepsPerEpoch, arguments.maxSteps(), arguments.maxSteps());
        }
        double scheduled = Math.floor(stepsPerEpoch * arguments.epochs());
        if (arguments.epochs() < 1) {
            throw new TrainingException(
                    ExitCode.USAGE,
                    "--num_train_epochs is " + Report.plain(arguments.epochs())
                            + ", and run_glue trains whole epochs only; use 1 or more, or --max_steps "
                            + (int) Math.max(1, scheduled));
        }
        if (scheduled > Integer.MAX_VALUE) {
            throw new TrainingException(
                    ExitCode.USAGE,
                    "--num_train_epochs is " + Report.plain(arguments.epochs()) + ", which are "
                            + Report.plain(scheduled) + " steps; use fewer");
        }
        return new TrainingLength(stepsPerEpoch, stepsPerEpoch * (int) arguments.epochs(), (int) scheduled);
    }

    /** Passes over the training data after so many steps. */
    double epoch(int stepsDone) {
        return (double) stepsDone / stepsPerEpoch;
    }
}
