package dev.sweeps.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeps.Specs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhereTest {
    private static Search search(String where) {
        return Search.of(Specs.with(
                """
                parameters:
                  model: {values: [bert, distilbert]}
                  batch: {values: [8, 16, 32]}
                  lr: {values: [0.1, 0.01]}
                  layers: {values: [null, [64, 64], [128]]}
                  drop-out: {values: [0, 0.5]}
                  flag: {values: [true, false]}
                  opt: {parameters: {name: {values: [adam, sgd]}}}
                  mixed: {values: [1]}
                where: "%s"
                """
                        .formatted(where.replace("\"", "\\\""))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "parameters.batch <= 16 ; 192",
                "parameters.model == 'bert' || parameters.batch < 32 ; 240",
                "parameters.model != 'bert' ? parameters.lr > 0.05 : true ; 216",
                "parameters.lr <= 1 ; 288",
                "parameters.lr == 0.1 ; 144",
                "parameters.flag ; 144",
                "parameters['drop-out'] > 0 && parameters.flag ; 72",
                "parameters.opt.name == 'adam' ; 144",
                "parameters.layers == null ; 96",
                "parameters.layers != null && size(parameters.layers) == 2 ; 96",
                "parameters.batch in [8, 32] ; 192",
                "double(parameters.batch) * parameters.lr < 1.0 ; 192"
            })
    void onlyWhatItIsTrueForIsRun(String where, int points) {
        assertThat(search(where).size()).isEqualTo(points);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "parameters.batch > 'x' | found no matching overload for '_>_' applied to '(int, string)'",
                "parameters.batch * parameters.lr < 1.0 | write numbers that are not whole with a point (2.0) on both sides of + - * /",
                "parameters.nothing > 1 | with one of the names batch, drop-out, flag, layers, lr, mixed, model, opt.name",
                "batch > 1 | write parameters.NAME",
                "parameters.batch | it must be true or false for each combination",
                "parameters.batch > | where: parameters.batch > cannot be run",
                "parameters.batch > 1000 | where: keeps none of the 288 combinations; correct it",
                "parameters['nothing'] > 1 | has no answer for"
            })
    void whatCannotBeRunIsSaidInASentence(String where, String sentence) {
        assertThatThrownBy(() -> search(where)).isInstanceOf(InvalidWhere.class).hasMessageContaining(sentence);
    }

    @Test
    void pointsThatAreLeftKeepTheirOrder() {
        GridSearch grid = (GridSearch) search("parameters.batch == 16 && parameters.flag");
        for (long number = 0; number < grid.size(); number++) {
            assertThat(grid.numberOf(grid.get(number).parameters())).hasValue(number);
        }
        GridSearch all = (GridSearch) search("true");
        assertThat(grid.numberOf(all.get(0).parameters())).isEmpty();
        assertThat(grid.points().map(point -> all.numberOf(point.parameters()).orElseThrow()))
                .isSorted();
    }

    /** A million evaluations of a long expression would take minutes. */
    @Test
    void theCostOfAllEvaluationsTogetherIsLimited() {
        String spec =
                """
                parameters:
                  a: {values: %s}
                  b: {values: %s}
                where: "%s"
                """;
        String many =
                java.util.stream.IntStream.range(0, 1_000).boxed().toList().toString();
        String expensive = "parameters.a + parameters.b >= 0 && ".repeat(6) + "true";
        assertThat(Search.of(Specs.with(spec.formatted("[1, 2]", "[1]", expensive)))
                        .size())
                .isEqualTo(2);
        assertThatThrownBy(() -> Search.of(Specs.with(spec.formatted(many, many, expensive))))
                .hasMessage(
                        "where: has 220 characters and would be asked about each of 1000000 combinations, which takes too long;"
                                + " shorten it, or list fewer values");
    }
}
