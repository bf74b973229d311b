package dev.sweeps.trainer;

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

    public ExitCode exitCode() {
        return exitCode;
    }
}
