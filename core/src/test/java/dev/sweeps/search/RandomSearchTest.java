package dev.sweeps.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sweeps.Specs;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.TrialSpec;
import dev.sweeps.search.Search.Numbered;
import dev.sweeps.search.Search.Observation;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomSearchTest {
    private static final String SPACE = "parameters: {lr: {distribution: log_uniform_values, min: 1.0e-5, max: 0.1},"
            + " batch: {values: [8, 16, 32]}, layers: {min: 1, max: 4}}\n";

    private static Search search(String lines) {
        return Search.of(Specs.of("method: random\nmetric: {name: m}\n" + lines));
    }

    private static Observation observation(Numbered point) {
        return new Observation(point.number(), point.point().parameters(), false, OptionalDouble.empty(), null);
    }

    @Test
    void aPointIsAFunctionOfSeedAndNumber() {
        List<Numbered> once = search(SPACE + "runCap: 20").next(List.of(), 20);
        List<Numbered> oneByOne = new java.util.ArrayList<>();
        for (int i = 0; i < 20; i++) {
            // A new search each time, as after a restart.
            oneByOne.addAll(search(SPACE + "runCap: 20")
                    .next(oneByOne.stream().map(RandomSearchTest::observation).toList(), 1));
        }
        assertThat(oneByOne).isEqualTo(once).hasSize(20);
        assertThat(search(SPACE + "runCap: 20\nseed: 1").next(List.of(), 20)).doesNotContainAnyElementsOf(once);
    }

    @Test
    void anotherParameterChangesNothingForTheOthers() {
        String more = SPACE.replace("layers:", "act: {values: [relu, gelu]}, layers:");
        assertThat(search(more + "runCap: 5").next(List.of(), 5))
                .extracting(point -> point.point().parameters().get("lr"))
                .isEqualTo(search(SPACE + "runCap: 5").next(List.of(), 5).stream()
                        .map(point -> point.point().parameters().get("lr"))
                        .toList());
    }

    @Test
    void noPointComesTwiceAndASmallSpaceEnds() {
        Search search = search(
                "runCap: 100\nparameters: {a: {values: [x, y, z], probabilities: [0.998, 0.001, 0.001]}, b: {min: 1, max: 4}}");
        assertThat(search.size()).isEqualTo(12);
        List<Numbered> all = search.next(List.of(), 100);
        assertThat(all).hasSize(12);
        assertThat(all.stream().map(Numbered::point)).doesNotHaveDuplicates();
        assertThat(search.next(all.stream().map(RandomSearchTest::observation).toList(), 5))
                .isEmpty();
    }

    @Test
    void aPointThatWasDeletedIsDrawnAgain() {
        Search search = search(SPACE + "runCap: 5");
        List<Numbered> all = search.next(List.of(), 5);
        List<Observation> left = all.stream()
                .filter(point -> point.number() != 2)
                .map(RandomSearchTest::observation)
                .toList();
        assertThat(search.next(left, 5)).containsExactly(all.get(2));
    }

    @Test
    void valuesFollowTheirDistributions() {
        RandomSearch search = (RandomSearch) search(SPACE + "runCap: 4000");
        double[] exponents = IntStream.range(0, 4000)
                .mapToDouble(i -> Math.log10(number(search.get(i).parameters().get("lr"))))
                .sorted()
                .toArray();
        // Kolmogorov-Smirnov at 0.1 %: 1.95 / sqrt(n).
        double distance = IntStream.range(0, exponents.length)
                .mapToDouble(i -> Math.abs((i + 0.5) / exponents.length - (exponents[i] + 5) / 4))
                .max()
                .orElseThrow();
        assertThat(distance).isLessThan(1.95 / Math.sqrt(exponents.length));
        long eights = IntStream.range(0, 4000)
                .filter(i -> number(search.get(i).parameters().get("batch")) == 8)
                .count();
        assertThat(eights / 4000.0).isCloseTo(1 / 3.0, within(0.03));
    }

    @Test
    void aValueThatIsListedTwiceIsDrawnTwiceAsOften() {
        RandomSearch search = (RandomSearch) search(
                "runCap: 3000\nparameters: {a: {values: [x, y, x]}, u: {distribution: uniform, min: 0, max: 1}}");
        long drawn = IntStream.range(0, 3000)
                .filter(i -> search.get(i).parameters().get("a").raw().equals("x"))
                .count();
        assertThat(drawn / 3000.0).isCloseTo(2 / 3.0, within(0.03));
    }

    @Test
    void afterAnEditNumbersGoOn() {
        List<Numbered> before = search(SPACE + "runCap: 4").next(List.of(), 4);
        Search edited = search(SPACE.replace("[8, 16, 32]", "[16, 32, 64]") + "runCap: 6");
        List<Observation> still = before.stream()
                .filter(point -> edited.numberOf(new TrialSpec(point.point().parameters(), 0, point.number()))
                        .isPresent())
                .map(RandomSearchTest::observation)
                .toList();
        List<Numbered> more = edited.next(still, 10);
        assertThat(more).hasSize(6 - still.size());
        Set<Long> numbers =
                new HashSet<>(still.stream().map(Observation::number).toList());
        assertThat(more)
                .allSatisfy(point -> assertThat(numbers.add(point.number())).isTrue());
    }

    /** The draws of the space as it is now have numbers that points of the space before hold. */
    @Test
    void aSmallSpaceThatWasEditedIsRunToItsEnd() {
        String space = "parameters: {a: {values: [x, y, z]}, b: {values: [1, 2]}}\nrunCap: 100";
        List<Observation> known = new java.util.ArrayList<>(search(space).next(List.of(), 5).stream()
                .map(RandomSearchTest::observation)
                .toList());
        Search edited = search(space.replace("[x, y, z]", "[x, y, z, w]"));
        assertThat(edited.size()).isEqualTo(8);
        for (int i = 0; i < 3; i++) {
            known.add(observation(edited.next(known, 1).get(0)));
        }
        assertThat(known.stream().map(Observation::parameters)).doesNotHaveDuplicates();
        assertThat(known.stream().map(Observation::number)).doesNotHaveDuplicates();
        assertThat(edited.next(known, 1)).isEmpty();
    }

    @Test
    void aFilterHoldsForEveryPointAndOneThatKeepsNothingIsRefused() {
        RandomSearch search = (RandomSearch)
                search(SPACE + "runCap: 50\nwhere: parameters.batch * parameters.layers <= 32 && parameters.lr < 0.01");
        assertThat(IntStream.range(0, 50).mapToObj(search::get))
                .allSatisfy(point -> assertThat(number(point.parameters().get("batch"))
                                * number(point.parameters().get("layers")))
                        .isLessThanOrEqualTo(32));
        assertThatThrownBy(() -> search(SPACE + "runCap: 5\nwhere: parameters.lr > 1.0"))
                .isInstanceOf(InvalidWhere.class)
                .hasMessageStartingWith("where: keeps none of 100000 points");
    }

    private static double number(ParameterValue value) {
        return ((BigDecimal) value.raw()).doubleValue();
    }
}
