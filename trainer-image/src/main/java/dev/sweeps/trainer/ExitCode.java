package dev.sweeps.trainer;

import java.util.Optional;

/** How a run ended. The codes are a contract: a Job's {@code podFailurePolicy} acts on them. */
public enum ExitCode {
    /** Trained and evaluated. */
    OK(0, null),
    /** Something that the trainer does not explain: a defect, with its stack trace on stderr. */
    UNEXPECTED(1, null),
    /** An argument is unknown, missing or wrong. */
    USAGE(2, "InvalidArgument"),
    /** The loss became NaN or infinite. */
    DIVERGED(3, "Diverged"),
    /** A data or model file is missing, torn or not what it should be. */
    BAD_INPUT(4, "BadInput"),
    /** A GPU was given and is not seen. */
    NO_GPU(5, "NoGpu"),
    /** A checkpoint cannot be written. */
    CHECKPOINT(6, "CheckpointFailed"),
    /** PyTorch got no memory, of the GPU or of the machine. What the kernel kills says nothing: that is 137. */
    OUT_OF_MEMORY(7, "OutOfMemory"),
    /** Stopped by SIGTERM after a checkpoint was written; 128 + 15, as a shell has it. */
    TERMINATED(143, "Terminated");

    private final int code;
    private final String reason;

    ExitCode(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    public int code() {
        return code;
    }

    /** One word for the status of a trial; empty where the runtime's own word says as much. */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }
}
