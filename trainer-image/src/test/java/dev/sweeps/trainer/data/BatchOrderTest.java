package dev.sweeps.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchOrderTest {
    private static final List<Example> EXAMPLES = IntStream.range(0, 37)
            .mapToObj(number -> new Example(new int[0], 0, number))
            .toList();

    /** {@code src/test/python/batch_order.py}. */
    @Test
    void examplesComeInTheOrderOfPyTorch() throws Exception {
        Map<String, List<List<Integer>>> orders;
        try (Reader json = new InputStreamReader(
                getClass().getResourceAsStream("/reference/batch_order.json"), StandardCharsets.UTF_8)) {
            orders = new Gson().fromJson(json, new TypeToken<Map<String, List<List<Integer>>>>() {}.getType());
        }
        assertThat(orders).containsOnlyKeys("42", "1");
        orders.forEach((seed, epochs) -> {
            BatchOrder order = new BatchOrder(EXAMPLES, 8, 1, Integer.parseInt(seed));
            assertThat(order.stepsPerEpoch()).isEqualTo(5);
            for (int epoch = 0; epoch < 3; epoch++) {
                assertThat(numbers(order, 5 * epoch, 5 * epoch + 5)).isEqualTo(epochs.get(epoch));
            }
        });
    }

    @Test
    void aStepsBatchesFollowFromItsNumberAlone() {
        assertThat(numbers(new BatchOrder(EXAMPLES, 8, 1, 42), 5, 6))
                .isEqualTo(numbers(new BatchOrder(EXAMPLES, 8, 1, 42), 0, 6).subList(37, 45));
    }

    /** transformers 2.9 does not set the gradients to zero at the end of an epoch. */
    @Test
    void batchesLeftOverCountForTheNextEpoch() {
        BatchOrder order = new BatchOrder(EXAMPLES, 8, 2, 42);
        assertThat(order.stepsPerEpoch()).isEqualTo(2);
        assertThat(order.batches(0)).extracting(List::size).containsExactly(8, 8);
        assertThat(order.batches(1)).extracting(List::size).containsExactly(8, 8);
        assertThat(order.batches(2)).extracting(List::size).containsExactly(5, 8, 8);
        assertThat(numbers(order, 0, 2))
                .doesNotContainAnyElementsOf(numbers(order, 2, 3).subList(0, 5));
    }

    @Test
    void anEpochThatIsShorterThanAStepIsOne() {
        BatchOrder order = new BatchOrder(EXAMPLES, 16, 8, 42);
        assertThat(order.stepsPerEpoch()).isEqualTo(1);
        assertThat(order.batches(1)).extracting(List::size).containsExactly(16, 16, 5);
    }

    private static List<Integer> numbers(BatchOrder order, int from, int to) {
        return IntStream.range(from, to)
                .boxed()
                .flatMap(step -> order.batches(step).stream())
                .flatMap(List::stream)
                .map(example -> (int) example.label())
                .toList();
    }
}
