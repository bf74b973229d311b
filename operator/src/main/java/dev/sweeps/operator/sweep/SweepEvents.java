package dev.sweeps.operator.sweep;

import static dev.sweeps.operator.sweep.SweepStatusFactory.ACCEPTED;
import static dev.sweeps.operator.sweep.SweepStatusFactory.NOT_VALIDATED;

import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.SweepStatus.State;
import dev.sweeps.operator.cluster.Events;
import dev.sweeps.operator.status.Conditions;
import org.jboss.logging.Logger;

/** Reports changes of a sweep in its events and in the log of the operator. */
final class SweepEvents {
    private static final Logger LOG = Logger.getLogger(SweepEvents.class);

    private final Events events;

    SweepEvents(Events events) {
        this.events = events;
    }

    /** @param status the one that was written, in place of the one that the sweep has */
    void tell(Sweep sweep, SweepStatus status) {
        SweepStatus before = sweep.getStatus();
        boolean news = before == null
                || before.state() != status.state()
                || (status.state() == State.REJECTED
                        && !status.observedGeneration().equals(before.observedGeneration()));
        if (!news) {
            return;
        }
        LOG.infof(
                "sweep %s/%s: %s",
                sweep.getMetadata().getNamespace(),
                sweep.getMetadata().getName(),
                status.state().word());
        switch (status.state()) {
            case REJECTED ->
                events.warning(sweep, "Rejected", status.conditions().get(0).getMessage());
            case FAILED -> events.warning(sweep, "Failed", "every trial failed");
            case COMPLETE -> events.normal(sweep, "Complete", best(status));
            case SUSPENDED -> events.normal(sweep, "Suspended", status.columns().trials() + " trials have ended");
            case PENDING -> tellOfPending(sweep, status);
            default -> {} // Running: each write counts, and the trials tell.
        }
    }

    private void tellOfPending(Sweep sweep, SweepStatus status) {
        if (Conditions.isTrue(status.conditions(), ACCEPTED)) {
            events.normal(sweep, ACCEPTED, status.trials().total() + " trials to run");
        } else {
            events.warning(sweep, NOT_VALIDATED, status.conditions().get(0).getMessage());
        }
    }

    private static String best(SweepStatus status) {
        return status.best() == null
                ? "no trial has a value"
                : "best " + status.columns().best() + " with "
                        + status.columns().bestParameters() + " (trial "
                        + status.best().trial() + ")";
    }
}
