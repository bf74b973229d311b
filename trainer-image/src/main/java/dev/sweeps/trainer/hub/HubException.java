package dev.sweeps.trainer.hub;

/** An answer of the Hub that is no file. */
final class HubException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Kinds of errors, by their remedy. */
    enum Kind {
        /** The revision has no such file. */
        NO_FILE,
        /** No answer, or a temporary one. The cache can be used instead. */
        UNREACHABLE,
        /** A permanent answer. */
        REFUSED
    }

    private final Kind kind;

    HubException(Kind kind, String sentence) {
        super(sentence);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
