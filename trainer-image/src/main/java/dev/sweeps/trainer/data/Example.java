package dev.sweeps.trainer.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * One or two sentences as the model reads them: {@code [CLS] a [SEP]} or {@code [CLS] a [SEP] b [SEP]}. Small, because a task may have half a
 * million.
 *
 * @param ids token ids, {@code [length]}
 * @param second where the second sentence begins; after the last token if there is none
 * @param attended how many of the tokens are no padding
 * @param label index of the class, or the score of a regression
 */
public record Example(int[] ids, int second, int attended, float label) {
    public Example(int[] ids, int second, float label) {
        this(ids, second, ids.length, label);
    }

    public int length() {
        return ids.length;
    }

    /** 0 for a token of the first sentence and 1 for one of the second, {@code [length]}. */
    public long[] types() {
        return IntStream.range(0, ids.length)
                .mapToLong(i -> i >= second && i < attended ? 1 : 0)
                .toArray();
    }

    /** Returns the example with padding, of id 0, up to a length. */
    Example padded(int length) {
        return new Example(Arrays.copyOf(ids, length), second, attended, label);
    }
}
