package dev.sweeps.search;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Numbers that look random and follow from a text. */
final class Uniform {
    private static final int BITS = 52;

    private Uniform() {}

    /** Above 0 and below 1, of 52 bits of the SHA-256 of the text. */
    static double of(String text) {
        return ((bits(text) >>> (Long.SIZE - BITS)) + 0.5) / (1L << BITS);
    }

    /** The first 64 bits of the SHA-256 of the text. */
    static long bits(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
