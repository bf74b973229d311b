package dev.sweeps.plan;

import static dev.sweeps.plan.Trials.in;
import static dev.sweeps.plan.Trials.trial;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.Specs;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.plan.SweepPlan.NewTrial;
import dev.sweeps.search.Search;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SweepPlanTest {
    private static final String TWO_BY_TWO =
            """
            parameters:
              lr: {values: [0.0003, 0.00003]}
              model: {values: [bert, distil]}
            parallelism: 2
            """;

    private final SweepSpec spec = Specs.with(TWO_BY_TWO);

    @Test
    void asManyTrialsAreStartedAsMayBeInFlight() {
        SweepPlan plan = plan(spec, List.of());
        assertThat(plan.search().size()).isEqualTo(4);
        assertThat(plan.start())
                .extracting(trial -> trial.spec().parameters().get("lr") + " "
                        + trial.spec().parameters().get("model"))
                .containsExactly("0.0003 bert", "0.0003 distil");
    }

    @Test
    void aTrialThatEndsMakesRoomForTheNextPoint() {
        List<Trial> existing = new ArrayList<>(started(List.of()));
        in(existing.get(0), State.FAILED, null);
        assertThat(plan(spec, existing).start())
                .extracting(trial -> trial.spec().parameters().get("lr").toString())
                .containsExactly("0.00003");
    }

    @Test
    void aCacheThatIsBehindPicksTheSamePointAgain() {
        List<NewTrial> first = plan(spec, List.of()).start();
        Trial seen = trial(first.get(1));
        assertThat(plan(spec, List.of(seen)).start()).containsExactly(first.get(0));
    }

    @Test
    void whenEveryPointExistsNothingIsStarted() {
        List<Trial> all = new ArrayList<>();
        for (int pass = 0; pass < 2; pass++) {
            all.addAll(started(all));
            all.forEach(trial -> in(trial, State.SUCCEEDED, "0.5"));
        }
        assertThat(all).hasSize(4);
        assertThat(plan(spec, all).start()).isEmpty();
    }

    @Test
    void aSuspendedSweepStartsNothing() {
        SweepSpec suspended = Specs.with(TWO_BY_TWO + "suspend: true\n");
        assertThat(plan(suspended, List.of()).start()).isEmpty();
    }

    @Test
    void aDeletedTrialIsStartedAgain() {
        List<Trial> both = started(List.of());
        both.forEach(trial -> in(trial, State.SUCCEEDED, "0.5"));
        List<Trial> one = List.of(both.get(1));
        assertThat(plan(spec, one).start().get(0).name())
                .isEqualTo(both.get(0).getMetadata().getName());
    }

    private static SweepPlan plan(SweepSpec spec, List<Trial> existing) {
        Search search = Search.of(spec);
        return SweepPlan.of("rte", spec, search, SweepTrials.of(spec, search, existing));
    }

    private List<Trial> started(List<Trial> existing) {
        return plan(spec, existing).start().stream().map(Trials::trial).toList();
    }
}
