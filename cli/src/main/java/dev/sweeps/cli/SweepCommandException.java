package dev.sweeps.cli;

/** An error that the user can correct. The message is a sentence that says how. */
final class SweepCommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SweepCommandException(String sentence) {
        super(sentence);
    }
}
