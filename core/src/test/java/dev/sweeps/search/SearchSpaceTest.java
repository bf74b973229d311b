package dev.sweeps.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeps.Specs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchSpaceTest {
    @Test
    void aValueThatIsListedTwiceIsTriedOnce() {
        assertThat(values("{values: [8, 16, 8.0]}")).containsExactly("8", "16");
    }

    @Test
    void trueIsNotOne() {
        assertThat(values("{values: [true, 1, 'true', '1']}")).containsExactly("true", "1", "true", "1");
    }

    @Test
    void kindsMayBeMixed() {
        assertThat(values("{values: [sqrt, 0.5, null, [64, 64.0], {b: 3.0e-4, a: {}}]}"))
                .containsExactly("sqrt", "0.5", "null", "[64,64]", "{\"a\":{},\"b\":0.0003}");
    }

    @Test
    void stepsAreExact() {
        assertThat(values("{distribution: q_uniform, min: 0, max: 0.5, q: 0.1}"))
                .containsExactly("0", "0.1", "0.2", "0.3", "0.4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{values: []}            | parameters.p.values: is empty; list at least one value",
                "{value: 1, values: [1]} | parameters.p: has both value and values; keep one of them",
                "{}                      | parameters.p: has neither value nor values; write value for a constant, values for a list to try, or min and max for a range (kubectl apply leaves value: null out; write values: [null])",
                "{min: 1}                | parameters.p: has min and no max; give both ends of the range",
                "{max: 1}                | parameters.p: has max and no min; give both ends of the range",
                "{sigma: 1}              | parameters.p: has sigma and names no distribution; name one, or list the values to try in values",
                "{min: 5, max: 2}        | parameters.p: min 5 is not below max 2; correct one of them",
                "{min: 1, max: 2, q: 1}  | parameters.p: q is not for int_uniform, which takes min, max; remove it, or name another distribution",
                "{distribution: uniform, min: 1} | parameters.p: uniform needs max; give it, or name another distribution",
                "{distribution: int_uniform, min: 1, max: 2.5} | parameters.p: int_uniform takes whole numbers, and 2.5 is none; round it, or use uniform",
                "{distribution: log_uniform_values, min: 0, max: 1} | parameters.p.min: 0 has no logarithm; write a number above 0",
                "{distribution: normal, sigma: 0} | parameters.p.sigma: 0 must be greater than 0",
                "{distribution: q_beta, q: -1} | parameters.p.q: -1 must be greater than 0",
                "{values: [a, b], probabilities: [1]} | parameters.p.probabilities: are 1, and values are 2; give one for each value",
                "{values: [a, b], probabilities: [0.5, 0.6]} | parameters.p.probabilities: add up to 1.1; correct them, their sum must be 1",
                "{values: [a, b], probabilities: [-0.5, 1.5]} | parameters.p.probabilities[0]: -0.5 is below 0; write a number from 0 to 1",
                "{value: 1, parameters: {a: {value: 1}}} | parameters.p: has nested parameters and values of its own; keep one of them",
                "{parameters: {}}        | parameters.p.parameters: is empty; name at least one parameter",
                "{parameters: {a: 1}}    | parameters.p.parameters.a: 1 is not a parameter; write value, values or a range there",
                "{parameters: {a: {values: [1], x: 1}}} | parameters.p.parameters.a: cannot be read (Unrecognized field \"x\" (class dev.sweeps.api.v1alpha1.Parameter), not marked as ignorable); write it like a parameter of the sweep",
                "{parameters: {a: {parameters: {b: {min: 1}}}}} | parameters.p.a.b: has min and no max; give both ends of the range"
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

    private static List<String> values(String parameter) {
        return new GridSearch(space(parameter))
                .points()
                .map(point -> point.parameters().get("p").toString())
                .toList();
    }

    private static SearchSpace space(String parameter) {
        return SearchSpace.of(Specs.with("parameters: {p: " + parameter + "}").parameters());
    }
}
