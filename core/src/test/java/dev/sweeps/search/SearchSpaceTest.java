package dev.sweeps.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeps.Specs;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchSpaceTest {
    @Test
    void aValueThatIsListedTwiceIsTriedOnce() {
        assertThat(space("{values: [8, 16, 8.0]}").values().get("p")).hasToString("[8, 16]");
    }

    @Test
    void trueIsNotOne() {
        assertThat(space("{values: [true, false]}").values().get("p")).hasToString("[true, false]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{values: [8, big]}      | parameters.p.values: [8, \"big\"] mixes numbers and text; use one kind",
                "{values: [1, true]}     | parameters.p.values: [1, true] mixes numbers and booleans; use one kind",
                "{values: [[1], [2]]}    | parameters.p.values[0]: [1] is not a number, a text or a boolean; put text in quotes",
                "{values: []}            | parameters.p.values: is empty; list at least one value",
                "{value: 1, values: [1]} | parameters.p: has both value and values; keep one of them",
                "{}                      | parameters.p: has neither value nor values; write value for a constant or values for a list to try"
            })
    void whatCannotBeSearchedIsSaidInASentence(String parameter, String sentence) {
        assertThatThrownBy(() -> space(parameter)).hasMessage(sentence);
    }

    @Test
    void aPointOfAnotherSpaceIsNotContained() {
        GridSearch grid = new GridSearch(space("{values: [8, 16]}"));
        assertThat(grid.numberOf(grid.get(1).parameters())).hasValue(1);
        assertThat(grid.numberOf(new GridSearch(space("{values: [32]}")).get(0).parameters()))
                .isEmpty();
        assertThat(grid.numberOf(Map.of())).isEmpty();
    }

    private static SearchSpace space(String parameter) {
        return SearchSpace.of(Specs.with("parameters: {p: " + parameter + "}").parameters());
    }
}
