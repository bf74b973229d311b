package dev.sweeps.trainer.data;

/**
 * A pair of sentences as the model reads it: {@code [CLS] a [SEP] b [SEP]}.
 *
 * @param ids token ids, {@code [length]}
 * @param types 0 for the first sentence and 1 for the second, {@code [length]}
 * @param label index of the class
 */
public record Example(long[] ids, long[] types, int label) {
    public int length() {
        return ids.length;
    }
}
