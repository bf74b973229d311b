package dev.sweeps.operator.status;

import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.Map;
import java.util.TreeMap;

/** Limits of what a status holds, so that it stays far below what etcd takes, whatever users and trials write. */
public final class Shortened {
    /** Characters of a message. */
    public static final int MESSAGE = 2_048;

    /** Characters of what is printed in a column. */
    public static final int COLUMN = 512;

    /** Characters of the hyperparameters of one trial. */
    public static final int PARAMETERS = 4_096;

    private static final String CUT = "…";

    private Shortened() {}

    /** The beginning of a long text; null stays null. */
    public static String beginning(String text, int limit) {
        if (text == null || text.length() <= limit) {
            return text;
        }
        int end = limit - CUT.length();
        return text.substring(0, splitsACharacter(text, end) ? end - 1 : end) + CUT;
    }

    /** The end of a long text, which is the most useful part of the last lines of a log; null stays null. */
    public static String end(String text, int limit) {
        if (text == null || text.length() <= limit) {
            return text;
        }
        int start = text.length() - limit + CUT.length();
        return CUT + text.substring(splitsACharacter(text, start) ? start + 1 : start);
    }

    /** Half of an emoji is no character: it would be read back as another one, and be written again at each pass. */
    private static boolean splitsACharacter(String text, int index) {
        return Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index));
    }

    /** As many of the parameters, by name, as fit into {@link #PARAMETERS}. */
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

    /** Characters that the parameters take in JSON, about. */
    public static int size(Map<String, ParameterValue> parameters) {
        return parameters.entrySet().stream().mapToInt(Shortened::size).sum();
    }

    private static int size(Map.Entry<String, ParameterValue> parameter) {
        return parameter.getKey().length() + parameter.getValue().toString().length() + 8;
    }
}
