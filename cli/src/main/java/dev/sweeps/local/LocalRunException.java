package dev.sweeps.local;

/** Why a sweep cannot run on this machine, in a sentence for the user. */
public final class LocalRunException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    LocalRunException(String sentence) {
        super(sentence);
    }
}
