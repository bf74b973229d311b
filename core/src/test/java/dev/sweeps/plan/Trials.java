package dev.sweeps.plan;

import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.plan.SweepPlan.NewTrial;
import java.math.BigDecimal;

/** Trials for tests. */
final class Trials {
    private Trials() {}

    static Trial trial(NewTrial planned) {
        Trial trial = new Trial();
        trial.getMetadata().setName(planned.name());
        trial.setSpec(planned.spec());
        return trial;
    }

    static Trial in(Trial trial, State state, String value) {
        trial.setStatus(TrialStatus.builder(state)
                .value(value == null ? null : new BigDecimal(value))
                .times(null, state.ended() ? "2026-01-01T00:00:00Z" : null)
                .build());
        return trial;
    }
}
