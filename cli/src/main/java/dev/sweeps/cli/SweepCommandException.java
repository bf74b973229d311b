package dev.sweeps.cli;

/** What the user can mend; the message is a sentence that says how. */
final class SweepCommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SweepCommandException(String sentence) {
        super(sentence);
    }
}
