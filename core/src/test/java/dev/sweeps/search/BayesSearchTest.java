package dev.sweeps.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sweeps.Specs;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.search.Search.Numbered;
import dev.sweeps.search.Search.Observation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class BayesSearchTest {
    private static final String BRANIN =
            "parameters: {x: {min: -5, max: 10, distribution: uniform}, y: {min: 0, max: 15, distribution: uniform}}\n";

    private static Search search(String lines) {
        String metric = lines.contains("goal:") ? "" : "metric: {name: m}\n";
        return Search.of(Specs.of("method: bayes\n" + metric + lines));
    }

    private static double number(Map<String, ParameterValue> point, String name) {
        return ((BigDecimal) point.get(name).raw()).doubleValue();
    }

    private static double branin(Map<String, ParameterValue> point) {
        double x = number(point, "x");
        double y = number(point, "y");
        return Math.pow(y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6, 2)
                + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x)
                + 10;
    }

    private static Observation observed(Numbered point, OptionalDouble value) {
        return new Observation(
                point.number(),
                point.point().parameters(),
                true,
                value,
                "2026-01-01T00:%02d:%02dZ".formatted(point.number() / 60, point.number() % 60));
    }

    /** Runs a search to its end, one point after the other; a new search each time, as after a restart. */
    private static List<Observation> run(
            String lines, int count, ToDoubleFunction<Map<String, ParameterValue>> function) {
        List<Observation> observations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Numbered point = search(lines).next(observations, 1).get(0);
            double value = function.applyAsDouble(point.point().parameters());
            observations.add(observed(point, Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value)));
        }
        return observations;
    }

    private static double best(List<Observation> observations) {
        return observations.stream()
                .flatMapToDouble(point -> point.value().stream())
                .min()
                .orElseThrow();
    }

    @Test
    void theMinimumOfAFunctionIsFound() {
        assertThat(best(run(BRANIN + "runCap: 35", 35, BayesSearchTest::branin)))
                .isCloseTo(0.397887, within(0.02));
    }

    @Test
    void theMaximumIsFoundWhereMoreIsBetter() {
        List<Observation> observations =
                run("metric: {name: m, goal: maximize}\n" + BRANIN + "runCap: 30", 30, point -> -branin(point));
        assertThat(observations.stream()
                        .mapToDouble(point -> point.value().orElseThrow())
                        .max()
                        .orElseThrow())
                .isGreaterThan(-0.6);
    }

    @Test
    void theSamePointsComeWhoeverAsksAndWhenever() {
        List<Observation> one = run(BRANIN + "runCap: 20", 20, BayesSearchTest::branin);
        assertThat(run(BRANIN + "runCap: 20", 20, BayesSearchTest::branin)).isEqualTo(one);
        assertThat(run(BRANIN + "runCap: 20\nseed: 5", 20, BayesSearchTest::branin))
                .doesNotContainAnyElementsOf(one);
    }

    /** With two in flight, the operator may be gone while both end: what it then chooses is what it would have chosen. */
    @Test
    void aResultThatCameWhileNobodyLookedChangesNothing() {
        String lines = BRANIN + "runCap: 20\nparallelism: 2";
        List<Observation> ended = run(BRANIN + "runCap: 20", 12, BayesSearchTest::branin);
        List<Observation> quiet = new ArrayList<>(ended.subList(0, 10));
        Observation eleventh = ended.get(10);
        quiet.add(new Observation(10, eleventh.parameters(), false, OptionalDouble.empty(), null));
        Numbered next = search(lines).next(quiet, 1).get(0);
        List<Observation> late = new ArrayList<>(ended.subList(0, 11));
        assertThat(search(lines).next(late, 2).get(0)).isEqualTo(next);
    }

    @Test
    void whatFailedIsKeptAwayFrom() {
        List<Observation> observations =
                run(BRANIN + "runCap: 40", 40, point -> number(point, "x") < 2 ? Double.NaN : branin(point));
        assertThat(observations.subList(15, 40).stream()
                        .filter(point -> point.value().isEmpty()))
                .hasSizeLessThan(12);
        assertThat(best(observations)).isLessThan(0.6);
    }

    @Test
    void whenEverythingFailsPointsStillComeAndAreNew() {
        List<Observation> observations = run(BRANIN + "runCap: 15", 15, point -> Double.NaN);
        assertThat(observations.stream().map(Observation::parameters))
                .doesNotHaveDuplicates()
                .hasSize(15);
    }

    @Test
    void everyKindOfParameterIsSearchedAndASmallSpaceEnds() {
        String lines =
                """
                runCap: 100
                parameters:
                  act: {values: [relu, gelu, null]}
                  layers: {min: 1, max: 3}
                  batch: {values: [8, 16, 32]}
                  task: {value: RTE}
                """;
        List<Observation> observations = run(
                lines,
                27,
                point -> Math.abs(number(point, "layers") - 2)
                        + Math.abs(number(point, "batch") - 16) / 8
                        + (point.get("act").toString().equals("gelu") ? 0 : 1));
        assertThat(search(lines).size()).isEqualTo(27);
        assertThat(observations.stream().map(Observation::parameters))
                .doesNotHaveDuplicates()
                .hasSize(27);
        assertThat(search(lines).next(observations, 3)).isEmpty();
        assertThat(observations.stream()
                        .filter(point -> point.value().orElseThrow() == 0)
                        .mapToLong(Observation::number)
                        .findFirst()
                        .orElseThrow())
                .isLessThan(18);
    }

    @Test
    void pointsInFlightAreNotChosenAgain() {
        List<Observation> ended = run(BRANIN + "runCap: 60", 12, BayesSearchTest::branin);
        List<Numbered> next = search(BRANIN + "runCap: 60\nparallelism: 8").next(ended, 8);
        assertThat(next).hasSize(8);
        for (Numbered one : next) {
            for (Numbered other : next) {
                if (one != other) {
                    double distance = Math.hypot(
                            number(one.point().parameters(), "x")
                                    - number(other.point().parameters(), "x"),
                            number(one.point().parameters(), "y")
                                    - number(other.point().parameters(), "y"));
                    assertThat(distance).isGreaterThan(1e-3);
                }
            }
        }
    }

    @Test
    void howBadAnythingIsMattersLittle() {
        List<Observation> observations = run(
                BRANIN + "runCap: 40", 40, point -> number(point, "x") < 2 ? 1e30 * number(point, "y") : branin(point));
        assertThat(best(observations)).isLessThan(0.45);
    }

    @Test
    void fiveHundredObservationsAreModelled() {
        RandomSearch random =
                (RandomSearch) Search.of(Specs.of("method: random\nmetric: {name: m}\nrunCap: 500\n" + BRANIN));
        List<Observation> many = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            many.add(observed(
                    new Numbered(i, random.get(i)),
                    OptionalDouble.of(branin(random.get(i).parameters()))));
        }
        Search search = search(BRANIN + "runCap: 600");
        Numbered next = search.next(many, 1).get(0);
        double best = many.stream()
                .map(point -> point.value().orElseThrow())
                .min(Comparator.naturalOrder())
                .orElseThrow();
        assertThat(branin(next.point().parameters())).isLessThan(best + 5);
        for (int round = 0; round < 5; round++) {
            long start = System.nanoTime();
            search(BRANIN + "runCap: 600\nseed: " + round).next(many, 1);
            System.out.println("a suggestion at 500 observations: " + (System.nanoTime() - start) / 1_000_000 + " ms");
        }
    }
}
