package dev.sweeps.search;

/** A parameter that cannot be searched; the message is a sentence for the user. */
public final class InvalidParameter extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidParameter(String sentence) {
        super(sentence);
    }
}
