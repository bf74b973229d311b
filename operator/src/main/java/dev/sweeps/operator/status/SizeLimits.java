package dev.sweeps.operator.status;

import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.Map;
import java.util.TreeMap;

/**
 * Limits of what a status holds, so that it stays far below what etcd takes, whatever users and trials write. They are bytes of the text in
 * JSON: a Latin letter is one, a Chinese one three, a line end two.
 */
public final class SizeLimits {
    /** Maximum bytes of a message. */
    public static final int MESSAGE = 2_048;

    /** Maximum bytes of a column. */
    public static final int COLUMN = 512;

    /** Maximum bytes of the hyperparameters of one trial. */
    public static final int PARAMETERS = 4_096;

    private static final String CUT = "…";
    private static final int CUT_SIZE = 3;

    private SizeLimits() {}

    /** Returns the beginning of a long text; null stays null. */
    public static String beginning(String text, int limit) {
        if (text == null || size(text) <= limit) {
            return text;
        }
        int end = 0;
        int left = limit - CUT_SIZE;
        while ((left -= size(text.codePointAt(end))) >= 0) {
            end += Character.charCount(text.codePointAt(end));
        }
        return text.substring(0, end) + CUT;
    }

    /** Returns the end of a long text, which is the most useful part of a log; null stays null. */
    public static String end(String text, int limit) {
        if (text == null || size(text) <= limit) {
            return text;
        }
        int start = text.length();
        int left = limit - CUT_SIZE;
        while ((left -= size(text.codePointBefore(start))) >= 0) {
            start -= Character.charCount(text.codePointBefore(start));
        }
        return CUT + text.substring(start);
    }

    /** Returns as many of the parameters, by name, as fit into {@link #PARAMETERS}. */
    public static Map<String, ParameterValue> parameters(Map<String, ParameterValue> all) {
        Map<String, ParameterValue> kept = new TreeMap<>();
        int size = 0;
        for (Map.Entry<String, ParameterValue> parameter : new TreeMap<>(all).entrySet()) {
            size += size(parameter);
            if (size <= PARAMETERS) {
                kept.put(parameter.getKey(), parameter.getValue());
            }
        }
        return kept;
    }

    /** Returns the approximate bytes of the parameters in JSON. */
    public static int size(Map<String, ParameterValue> parameters) {
        return parameters.entrySet().stream().mapToInt(SizeLimits::size).sum();
    }

    /** Returns the bytes of a text in JSON. */
    public static int size(String text) {
        return text.codePoints().map(SizeLimits::size).sum();
    }

    private static int size(Map.Entry<String, ParameterValue> parameter) {
        return size(parameter.getKey()) + size(parameter.getValue().toString()) + 8;
    }

    private static int size(int character) {
        if (character < ' ') {
            return character == '\n' || character == '\t' || character == '\r' ? 2 : 6;
        }
        if (character < 0x80) {
            return character == '"' || character == '\\' ? 2 : 1;
        }
        if (character < 0x800) {
            return 2;
        }
        return character < 0x10000 ? 3 : 4;
    }
}
