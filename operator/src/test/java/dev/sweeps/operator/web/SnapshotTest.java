package dev.sweeps.operator.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.operator.Objects;
import dev.sweeps.results.SweepResults;
import dev.sweeps.results.TrialRow;
import dev.sweeps.search.GridSearch;
import dev.sweeps.search.SearchSpace;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    private final Sweep sweep = Objects.sweep(Objects.SWEEP);
    private final GridSearch grid =
            new GridSearch(SearchSpace.of(sweep.getSpec().parameters()));
    private final Snapshot first =
            Snapshot.first("a", sweep, SweepResults.of(sweep, List.of(trial(0, null), trial(1, null))));

    @Test
    void whoKnowsNothingIsToldEverything() {
        Changes all = first.since(null);
        assertThat(all.complete()).isTrue();
        assertThat(names(all)).containsExactly("t0", "t1");
        assertThat(first.since("of another time").complete()).isTrue();
        assertThat(first.since(first.version() + "x").complete()).isTrue();
    }

    @Test
    void whoKnowsSomethingIsToldWhatIsNew() {
        Snapshot second = first.next(
                "b", sweep, SweepResults.of(sweep, List.of(trial(0, "0.5"), trial(1, null), trial(2, null))));
        Snapshot third = second.next("c", sweep, SweepResults.of(sweep, List.of(trial(0, "0.5"), trial(2, "0.6"))));
        assertThat(names(second.since(first.version()))).containsExactly("t0", "t2");
        assertThat(names(third.since(first.version()))).containsExactly("t0", "t2");
        assertThat(third.since(first.version()).removed()).containsExactly("t1");
        assertThat(names(third.since(second.version()))).containsExactly("t2");
        assertThat(third.since(second.version()).complete()).isFalse();
        assertThat(names(third.since(third.version()))).isEmpty();
        assertThat(third.since(third.version()).removed()).isEmpty();
    }

    @Test
    void aTrialThatIsMadeAgainIsNotGone() {
        Snapshot second = first.next("b", sweep, SweepResults.of(sweep, List.of(trial(0, null))));
        Snapshot third = second.next("c", sweep, SweepResults.of(sweep, List.of(trial(0, null), trial(1, null))));
        Changes changes = third.since(first.version());
        assertThat(names(changes)).containsExactly("t1");
        assertThat(changes.removed()).isEmpty();
    }

    private static List<String> names(Changes changes) {
        return changes.trials().stream().map(TrialRow::trial).toList();
    }

    private Trial trial(int point, String value) {
        Trial trial = Objects.trial("t" + point, grid.get(point));
        return value == null ? trial : Objects.in(trial, State.SUCCEEDED, value);
    }
}
