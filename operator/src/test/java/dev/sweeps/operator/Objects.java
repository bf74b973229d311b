package dev.sweeps.operator;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialSpec;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.search.Point;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.math.BigDecimal;

/** Objects for tests. */
public final class Objects {
    /** Two learning rates, two models, a constant. */
    public static final String SWEEP =
            """
            apiVersion: sweeps.dev/v1alpha1
            kind: Sweep
            metadata: {name: rte, namespace: default, uid: sweep-uid, generation: 1}
            spec:
              method: grid
              metric: {name: eval_acc, goal: maximize}
              command: ["${env}", "${interpreter}", "${program}", --do_train, "${args}"]
              program: run_glue.py
              parameters:
                lr: {values: [0.0003, 0.00003]}
                model: {values: [bert, distil]}
                task: {value: RTE}
              groupBy: [model]
              parallelism: 2
            """;

    private Objects() {}

    public static Sweep sweep(String yaml) {
        return Serialization.unmarshal(yaml, Sweep.class);
    }

    public static Trial trial(String name, Point point) {
        Trial trial = new Trial();
        trial.getMetadata().setName(name);
        trial.getMetadata().setNamespace("default");
        trial.getMetadata().setUid(name + "-uid");
        trial.getMetadata().setLabels(java.util.Map.of(Api.SWEEP_LABEL, "rte"));
        trial.setSpec(new TrialSpec(point.parameters(), 0, null));
        return trial;
    }

    public static Trial in(Trial trial, TrialStatus.State state, String value) {
        trial.setStatus(TrialStatus.builder(state)
                .value(value == null ? null : new BigDecimal(value))
                .attempts(1)
                .times(null, state.ended() ? "2026-01-01T00:00:00Z" : null)
                .build());
        return trial;
    }
}
