package dev.sweeps.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.sweeps.trainer.model.EncoderConfig;
import dev.sweeps.trainer.model.EncoderConfig.ActivationFunction;
import dev.sweeps.trainer.model.EncoderConfig.Type;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MicroBatchesTest {
    private static final EncoderConfig BERT_BASE = new EncoderConfig(
            Type.BERT, 30_522, 512, 2, 12, 768, 12, 3_072, ActivationFunction.GELU, 0.1f, 0.1f, 0.1f, 1e-12f, 0.02f);

    @Test
    void aBatchIsComputedInPartsOfAGigabyteWithTheLongestExamplesFirst() {
        List<Example> batch = examples(128, 128);
        List<List<Example>> parts = MicroBatches.of(batch, BERT_BASE, OptionalInt.empty(), Device.cpu());
        assertThat(parts).hasSizeGreaterThan(5).allSatisfy(part -> assertThat(bytes(part))
                .isLessThanOrEqualTo(1L << 30));
        assertThat(MicroBatches.of(batch, BERT_BASE, OptionalInt.empty(), Device.gpu()))
                .as("four times as large ones on a GPU")
                .hasSizeBetween(parts.size() / 5, parts.size() / 3);
        assertThat(parts.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(batch);
        assertThat(parts.stream().flatMap(List::stream).map(Example::length)).isSortedAccordingTo((a, b) -> b - a);
        assertThat(MicroBatches.of(examples(8, 64), BERT_BASE, OptionalInt.empty(), Device.cpu()))
                .hasSize(1);
    }

    @Test
    void aSizeThatIsGivenIsTaken() {
        assertThat(MicroBatches.of(examples(10, 128), BERT_BASE, OptionalInt.of(4), Device.cpu()))
                .extracting(List::size)
                .containsExactly(4, 4, 2);
    }

    @Test
    void anExampleThatIsTooLargeIsAPartOfItsOwn() {
        assertThat(MicroBatches.of(examples(2, 4_000), BERT_BASE, OptionalInt.empty(), Device.cpu()))
                .extracting(List::size)
                .containsExactly(1, 1);
    }

    private static long bytes(List<Example> part) {
        return part.stream()
                .mapToLong(example -> BERT_BASE.activationBytes(example.length()))
                .sum();
    }

    /** Of different lengths up to this one. */
    private static List<Example> examples(int count, int longest) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Example(new int[longest - i % 5], 1, i))
                .toList();
    }
}
