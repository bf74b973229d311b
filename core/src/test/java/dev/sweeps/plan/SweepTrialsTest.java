package dev.sweeps.plan;

import static dev.sweeps.plan.Trials.in;
import static dev.sweeps.plan.Trials.trial;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.Specs;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialSpec;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.Band;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.plan.SweepPlan.NewTrial;
import dev.sweeps.search.Search;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SweepTrialsTest {
    /** What is kept one trial at a time leads to the plans that are made of all trials anew, whatever becomes of them. */
    @ParameterizedTest
    @ValueSource(strings = {"grid", "random", "bayes"})
    void keptOneByOneTheyPlanAsWhenReadAnew(String method) {
        SweepSpec spec = spec(method, "[1, 2, 3, 4, 5, 6]");
        Search search = Search.of(spec);
        Random random = new Random(7);
        Map<String, Trial> all = new LinkedHashMap<>();
        // Those of another space: some of its points are not in this one.
        SweepSpec before = spec(method, "[4, 5, 6, 7, 8]");
        plan(before, Search.of(before), List.of()).start().forEach(planned -> put(all, trial(planned)));
        SweepTrials kept = SweepTrials.of(spec, search, all.values());
        int stopped = 0;
        for (int step = 0; step < 400; step++) {
            SweepPlan plan = SweepPlan.of("s", spec, search, kept);
            SweepPlan anew = plan(spec, search, List.copyOf(all.values()));
            assertThat(plan.start()).isEqualTo(anew.start());
            assertThat(plan.stop()).containsExactlyInAnyOrderElementsOf(anew.stop());
            assertThat(plan.end()).isEqualTo(anew.end());
            stopped += plan.stop().size();
            for (NewTrial planned : plan.start()) {
                Trial trial = trial(planned);
                put(all, trial);
                kept.put(trial);
            }
            change(new ArrayList<>(all.values()).get(random.nextInt(all.size())), all, kept, random);
        }
        assertThat(stopped).isPositive();
        assertThat(kept.inSpace()).hasSizeGreaterThan(20);
    }

    /** Values are taken away, run without, and put back: no number is given twice. */
    @Test
    void numbersAreUniqueAfterAnEditThatIsTakenBack() {
        SweepSpec before = spec("random", "[1, 2, 3, 4, 5, 6]");
        Map<String, Trial> all = new LinkedHashMap<>();
        for (SweepSpec now : List.of(before, spec("random", "[4, 5]"), before)) {
            for (int pass = 0; pass < 2; pass++) {
                plan(now, Search.of(now), List.copyOf(all.values()))
                        .start()
                        .forEach(planned -> put(all, trial(planned)));
                all.replaceAll((name, trial) -> in(trial, State.SUCCEEDED, "0.1"));
            }
        }
        Map<Long, List<Map<String, ParameterValue>>> points = all.values().stream()
                .map(Trial::getSpec)
                .collect(Collectors.groupingBy(
                        TrialSpec::number, Collectors.mapping(TrialSpec::parameters, Collectors.toList())));
        assertThat(points).hasSizeGreaterThan(12);
        assertThat(points.values()).allSatisfy(of -> assertThat(Set.copyOf(of)).hasSize(1));
    }

    private static void change(Trial chosen, Map<String, Trial> all, SweepTrials kept, Random random) {
        String name = chosen.getMetadata().getName();
        if (random.nextInt(12) == 0) {
            all.remove(name);
            kept.remove(name);
            return;
        }
        Trial changed = new Trial();
        changed.setMetadata(chosen.getMetadata());
        changed.setSpec(chosen.getSpec());
        State state = List.of(State.RUNNING, State.RUNNING, State.SUCCEEDED, State.STOPPED, State.FAILED)
                .get(random.nextInt(5));
        int reports = 1 + random.nextInt(4);
        List<Band> bands = new ArrayList<>();
        for (int band = 1; band <= reports; band *= 2) {
            bands.add(new Band(band, new BigDecimal(random.nextInt(10)).movePointLeft(1)));
        }
        changed.setStatus(TrialStatus.builder(state)
                .value(bands.get(bands.size() - 1).value())
                .bands(reports, bands)
                .times(null, state.ended() ? "2026-01-01T00:%02d:00Z".formatted(random.nextInt(60)) : null)
                .build());
        all.put(name, changed);
        kept.put(changed);
    }

    private static SweepPlan plan(SweepSpec spec, Search search, List<Trial> trials) {
        return SweepPlan.of("s", spec, search, SweepTrials.of(spec, search, trials));
    }

    private static void put(Map<String, Trial> all, Trial trial) {
        all.put(trial.getMetadata().getName(), trial);
    }

    private static SweepSpec spec(String method, String values) {
        return Specs.of(
                """
                method: %s
                runCap: 30
                replicates: 2
                parallelism: 7
                maxFailedTrials: 50
                metric: {name: acc, goal: maximize}
                program: train.py
                earlyTerminate: {type: hyperband, minIter: 1, eta: 2}
                parameters:
                  a: {values: %s}
                  b: {values: [x, y, z]}
                """
                        .formatted(method, values));
    }
}
