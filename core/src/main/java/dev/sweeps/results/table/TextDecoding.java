package dev.sweeps.results.table;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Text of a file in the encoding that it is in: UTF-8, UTF-16 (Excel's "Unicode text", PowerShell's {@code >}), or else Windows-1252, which
 * is Latin-1 with the signs that Excel writes on Western machines.
 *
 * @param charset that the text was read in
 */
record TextDecoding(String text, Charset charset) {
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    /** Bytes from which an encoding without a byte order mark is guessed. */
    private static final int SAMPLE = 4_096;

    /** @throws InvalidTable if the bytes are no text */
    static TextDecoding of(byte[] bytes) {
        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            byte[] mark = "\uFEFF".getBytes(charset);
            if (startsWith(bytes, mark)) {
                return new TextDecoding(new String(bytes, mark.length, bytes.length - mark.length, charset), charset);
            }
        }
        Charset byZeros = byZeros(bytes);
        if (byZeros != null) {
            return new TextDecoding(new String(bytes, byZeros), byZeros);
        }
        return strict(bytes, StandardCharsets.UTF_8)
                .or(() -> strict(bytes, WINDOWS))
                .orElseThrow(() -> new InvalidTable("is neither UTF-8 nor UTF-16 nor Windows-1252; save it as UTF-8"));
    }

    private static boolean startsWith(byte[] bytes, byte[] mark) {
        return bytes.length >= mark.length
                && ByteBuffer.wrap(bytes, 0, mark.length).equals(ByteBuffer.wrap(mark));
    }

    /** Recognises UTF-16 by its zero bytes: in Latin text every other byte is zero. Any other file with zero bytes is no text. */
    private static Charset byZeros(byte[] bytes) {
        int[] zeros = new int[2];
        int length = Math.min(bytes.length, SAMPLE);
        for (int i = 0; i < length; i++) {
            zeros[i % 2] += bytes[i] == 0 ? 1 : 0;
        }
        if (zeros[0] + zeros[1] == 0) {
            return null;
        }
        if (zeros[1] > length / 4 && zeros[0] <= length / 64) {
            return StandardCharsets.UTF_16LE;
        }
        if (zeros[0] > length / 4 && zeros[1] <= length / 64) {
            return StandardCharsets.UTF_16BE;
        }
        throw new InvalidTable("is not a text file; export the runs as CSV");
    }

    private static Optional<TextDecoding> strict(byte[] bytes, Charset charset) {
        try {
            return Optional.of(new TextDecoding(
                    charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(), charset));
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
