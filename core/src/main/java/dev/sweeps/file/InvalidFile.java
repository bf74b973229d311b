package dev.sweeps.file;

/** A file that contains no sweep. The message is a sentence for the user. */
public final class InvalidFile extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidFile(String sentence) {
        super(sentence);
    }
}
