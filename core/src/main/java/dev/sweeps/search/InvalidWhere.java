package dev.sweeps.search;

/** A filter that cannot be run, or that keeps nothing; the message is a sentence for the user. */
public final class InvalidWhere extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidWhere(String sentence) {
        super(sentence);
    }
}
