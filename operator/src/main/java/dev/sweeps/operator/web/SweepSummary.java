package dev.sweeps.operator.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sweeps.api.v1alpha1.Metric;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.SweepStatus.TrialCounts;
import java.math.BigDecimal;
import java.util.Optional;

/** A sweep in a list, from its status. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SweepSummary(
        String namespace,
        String name,
        String state,
        String metric,
        TrialCounts trials,
        BigDecimal best,
        String bestParameters,
        String summary,
        String created) {

    static SweepSummary of(Sweep sweep) {
        Optional<SweepStatus> status = Optional.ofNullable(sweep.getStatus());
        return new SweepSummary(
                sweep.getMetadata().getNamespace(),
                sweep.getMetadata().getName(),
                status.map(SweepStatus::state).map(SweepStatus.State::word).orElse("Pending"),
                Optional.ofNullable(sweep.getSpec())
                        .map(SweepSpec::metric)
                        .map(Metric::name)
                        .orElse(null),
                status.map(SweepStatus::trials).orElse(null),
                status.map(SweepStatus::best).map(SweepStatus.Best::value).orElse(null),
                status.map(SweepStatus::columns)
                        .map(SweepStatus.Columns::bestParameters)
                        .orElse(null),
                status.map(SweepStatus::summary).orElse(null),
                sweep.getMetadata().getCreationTimestamp());
    }
}
