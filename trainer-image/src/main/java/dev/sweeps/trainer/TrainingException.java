package dev.sweeps.trainer;

import ai.djl.engine.EngineException;
import java.util.Optional;

/** The end of a run for a reason that one sentence tells. */
public final class TrainingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    public TrainingException(ExitCode exitCode, String sentence) {
        super(sentence);
        this.exitCode = exitCode;
    }

    /** A data or model file that cannot be used. */
    public static TrainingException badInput(String sentence) {
        return new TrainingException(ExitCode.BAD_INPUT, sentence);
    }

    /**
     * What to do about a failure of PyTorch's, if it was that there is no memory.
     *
     * @param examples that were computed at a time
     */
    static Optional<TrainingException> outOfMemory(EngineException failure, int examples) {
        String message = String.valueOf(failure.getMessage());
        if (!message.contains("out of memory") && !message.contains("can't allocate memory")) {
            return Optional.empty();
        }
        String wayOut = examples == 1
                ? "use a smaller --max_seq_length or model, or more memory"
                : "use --micro_batch_size " + examples / 2 + ", which gives the same numbers in less memory";
        return Optional.of(new TrainingException(
                ExitCode.OUT_OF_MEMORY,
                "there is no memory for " + examples + (examples == 1 ? " example" : " examples") + " at a time; "
                        + wayOut));
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
