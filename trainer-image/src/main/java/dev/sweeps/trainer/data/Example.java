package dev.sweeps.trainer.data;

import java.util.Arrays;

/**
 * One or two sentences as the model reads them: {@code [CLS] a [SEP]} or {@code [CLS] a [SEP] b [SEP]}.
 *
 * @param ids token ids, {@code [length]}
 * @param types 0 for the first sentence and 1 for the second, {@code [length]}
 * @param attended how many of the tokens are no padding
 * @param label index of the class, or the score of a regression
 */
public record Example(long[] ids, long[] types, int attended, float label) {
    public Example(long[] ids, long[] types, float label) {
        this(ids, types, ids.length, label);
    }

    public int length() {
        return ids.length;
    }

    /** The same with padding, of id 0, up to a length. */
    Example padded(int length) {
        return new Example(Arrays.copyOf(ids, length), Arrays.copyOf(types, length), attended, label);
    }
}
