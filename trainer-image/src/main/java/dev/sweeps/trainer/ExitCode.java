package dev.sweeps.trainer;

/** Exit codes of the trainer; what a Job's {@code podFailurePolicy} can act on. */
public enum ExitCode {
    /** Trained and evaluated. */
    OK(0),
    /** Something that the trainer does not explain: a defect, with its stack trace on stderr. */
    UNEXPECTED(1),
    /** An argument is unknown, missing or wrong. */
    USAGE(2),
    /** The loss became NaN or infinite. */
    DIVERGED(3),
    /** A data or model file is missing, torn or not what it should be. */
    BAD_INPUT(4),
    /** A GPU was given and is not seen. */
    NO_GPU(5);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
