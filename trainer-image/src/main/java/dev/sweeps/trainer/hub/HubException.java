package dev.sweeps.trainer.hub;

/** An answer of the Hub that is no file. */
final class HubException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Kinds of errors, by their remedy. */
    enum Kind {
        /** There is no such file in this revision. */
        NO_FILE,
        /** No answer, or one that may be another one later: what is in the cache can be used instead. */
        UNREACHABLE,
        /** It will not be another one later. */
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
