package dev.sweeps.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.Specs;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GridSearchTest {
    private final GridSearch tutorial =
            new GridSearch(SearchSpace.of(Specs.of(Specs.TUTORIAL).parameters()));

    @Test
    void theTutorialHasFortyPoints() {
        assertThat(tutorial.size()).isEqualTo(40);
    }

    @Test
    void everyPointComesOnce() {
        assertThat(tutorial.points().map(Point::canonical).collect(Collectors.toSet()))
                .hasSize(40);
    }

    @Test
    void parametersAreSortedByNameAndTheLastVariesFastest() {
        assertThat(tutorial.points().limit(6).map(GridSearchTest::varying))
                .containsExactly(
                        "0.0003 distilbert-base-uncased 8",
                        "0.0003 distilbert-base-uncased 16",
                        "0.0003 distilbert-base-uncased 32",
                        "0.0003 distilbert-base-uncased 64",
                        "0.0003 distilbert-base-uncased 128",
                        "0.0003 bert-base-uncased 8");
    }

    @Test
    void theLastPointHasTheLastValues() {
        assertThat(varying(tutorial.get(39))).isEqualTo("0.00003 bert-base-uncased 128");
    }

    @Test
    void constantsArePartOfThePoint() {
        assertThat(tutorial.get(0).parameters()).containsEntry("task_name", ParameterValue.text("RTE"));
    }

    @Test
    void aHugeGridIsNotBuilt() {
        List<ParameterValue> thousand = java.util.stream.IntStream.range(0, 1000)
                .mapToObj(i -> ParameterValue.of(i))
                .toList();
        SearchSpace space = SearchSpace.ofLists(new TreeMap<>(Map.of("a", thousand, "b", thousand, "c", thousand)));
        assertThat(space.size()).hasValue(BigInteger.TEN.pow(9));
        assertThat(new GridSearch(space).get(999_999_999).parameters())
                .containsOnly(
                        Map.entry("a", ParameterValue.of(999)),
                        Map.entry("b", ParameterValue.of(999)),
                        Map.entry("c", ParameterValue.of(999)));
    }

    @Test
    void aPointKnowsItsNumber() {
        for (long number = 0; number < tutorial.size(); number++) {
            assertThat(tutorial.numberOf(tutorial.get(number).parameters())).hasValue(number);
        }
        assertThat(tutorial.numberOf(java.util.Map.of())).isEmpty();
    }

    private static String varying(Point point) {
        return point.parameters().get("learning_rate") + " "
                + point.parameters().get("model_name_or_path") + " "
                + point.parameters().get("per_gpu_train_batch_size");
    }
}
