package dev.sweeps.search;

/**
 * The name of the trial of a point: {@code <sweep>-<hash>}. A grid point is its parameters, so the same point has the same name
 * whoever computes it and whenever; this is what makes creating a trial idempotent.
 */
public final class TrialName {
    /**
     * Characters of the hash: 10 of 32 symbols are 50 bits, so that two of 10,000 points collide with a probability of 4e-8 (birthday
     * bound n^2 / 2^51).
     */
    public static final int HASH_LENGTH = 10;

    private TrialName() {}

    /** The name of the trial that runs {@code point} for the {@code replicate}-th time (from 0) in the named sweep. */
    public static String of(String sweep, Point point, int replicate) {
        return sweep + "-" + hash(point.canonical() + "replicate " + replicate);
    }

    private static String hash(String text) {
        long bits = Uniform.bits(text) >>> (Long.SIZE - 5 * HASH_LENGTH);
        String digits = Long.toString(bits, 32);
        return "0".repeat(HASH_LENGTH - digits.length()) + digits;
    }
}
