package dev.sweeps.operator.sweep;

import static dev.sweeps.operator.sweep.SweepStatusFactory.ACCEPTED;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.SweepStatus.State;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialSpec;
import dev.sweeps.operator.cluster.Conditions;
import dev.sweeps.operator.cluster.Creation;
import dev.sweeps.operator.cluster.Creation.NameTaken;
import dev.sweeps.operator.cluster.Creation.NamespaceGoing;
import dev.sweeps.operator.cluster.Events;
import dev.sweeps.operator.cluster.Owned;
import dev.sweeps.operator.cluster.ServerDryRun;
import dev.sweeps.operator.cluster.StatusWrites;
import dev.sweeps.operator.sweep.SweepPlan.NewTrial;
import dev.sweeps.operator.trial.JobFactory;
import dev.sweeps.search.GridSearch;
import dev.sweeps.search.SearchSpace;
import dev.sweeps.validation.SweepValidator;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Keeps as many trials of a sweep in flight as it may have, and sums up what came of them. */
@ControllerConfiguration(
        // comparableResourceVersions: java-operator-sdk 5.3 can lose a change that comes while we patch (its issue
        // 3398).
        informer = @Informer(comparableResourceVersions = false, informerListLimit = 500),
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, initialInterval = 500, maxInterval = 30_000)
public class SweepReconciler implements Reconciler<Sweep> {
    /**
     * Counts wait so long for others to be written with them: when a trial ends, the next one's Pod is running two to four seconds later.
     * A change of state is written at once.
     */
    private static final Duration COUNTS = Duration.ofSeconds(5);

    private static final String BY_SWEEP = "sweep";
    private static final Logger LOG = Logger.getLogger(SweepReconciler.class);

    private final KubernetesClient client;
    private final JobFactory jobFactory;
    private final ServerDryRun dryRun;
    private final Events events;
    private final Clock clock;
    private final StatusWrites<SweepStatus> writes;

    private InformerEventSource<Trial, Sweep> trials;

    public SweepReconciler(
            KubernetesClient client, JobFactory jobFactory, ServerDryRun dryRun, Events events, Clock clock) {
        this.client = client;
        this.jobFactory = jobFactory;
        this.dryRun = dryRun;
        this.events = events;
        this.clock = clock;
        this.writes = new StatusWrites<>(client, clock, COUNTS);
    }

    @Override
    public List<EventSource<?, Sweep>> prepareEventSources(EventSourceContext<Sweep> context) {
        trials = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Trial.class, Sweep.class)
                        .withLabelSelector(Api.SWEEP_LABEL)
                        .withSecondaryToPrimaryMapper(trial -> Set.of(sweepOf(trial)))
                        .withInformerListLimit(500L)
                        .build(),
                context);
        // getSecondaryResources(..) would copy and hash every trial on each call.
        trials.addIndexers(Map.of(BY_SWEEP, trial -> List.of(sweepOf(trial).toString())));
        return List.of(trials);
    }

    @Override
    public UpdateControl<Sweep> reconcile(Sweep sweep, Context<Sweep> context) {
        if (sweep.isMarkedForDeletion()) {
            return UpdateControl
                    .noUpdate(); // What it made goes with it: the garbage collector follows the owner references.
        }
        sweep.setStatus(writes.current(sweep));
        List<Trial> known = trials
                .byIndex(BY_SWEEP, ResourceID.fromResource(sweep).toString())
                .stream()
                .filter(trial -> Owned.isBy(sweep, trial) && !trial.isMarkedForDeletion())
                .toList();
        Optional<String> problem = problem(sweep);
        if (problem.isPresent()) {
            return write(sweep, SweepStatusFactory.rejected(sweep, "Invalid", problem.get(), clock.instant()));
        }
        SweepPlan plan = SweepPlan.of(sweep.getMetadata().getName(), sweep.getSpec(), known);
        List<Trial> all = new ArrayList<>(known);
        try {
            plan.start().forEach(trial -> all.add(create(sweep, trial)));
        } catch (NamespaceGoing e) {
            return UpdateControl.noUpdate();
        } catch (NameTaken e) {
            return write(sweep, SweepStatusFactory.rejected(sweep, "NameTaken", e.getMessage(), clock.instant()));
        }
        return write(sweep, SweepStatusFactory.status(sweep, plan, all, clock.instant()));
    }

    /** What keeps the spec from being run. The API server is asked once for each version of the spec. */
    private Optional<String> problem(Sweep sweep) {
        List<String> problems = SweepValidator.problems(sweep.getSpec());
        if (!problems.isEmpty()) {
            return Optional.of(String.join("; ", problems));
        }
        return isAccepted(sweep)
                ? Optional.empty()
                : dryRun.problem(firstJob(sweep)).map("template: "::concat);
    }

    private static boolean isAccepted(Sweep sweep) {
        return sweep.getStatus() != null
                && Conditions.find(sweep.getStatus().conditions(), ACCEPTED)
                        .filter(accepted -> Conditions.TRUE.equals(accepted.getStatus())
                                && sweep.getMetadata().getGeneration().equals(accepted.getObservedGeneration()))
                        .isPresent();
    }

    /** The Job of the first point under a name that no trial has, so that a Job that runs already is not in the way. */
    private GenericKubernetesResource firstJob(Sweep sweep) {
        GridSearch grid = new GridSearch(SearchSpace.of(sweep.getSpec().parameters()));
        String name = sweep.getMetadata().getName() + "-dry-run";
        return jobFactory.job(sweep, trial(sweep, new NewTrial(name, grid.get(0))));
    }

    private Trial create(Sweep sweep, NewTrial planned) {
        Trial trial = trial(sweep, planned);
        trial.getMetadata().setOwnerReferences(List.of(Owned.by(sweep)));
        return Creation.createOrFind(sweep, client.resource(trial));
    }

    private static Trial trial(Sweep sweep, NewTrial planned) {
        Trial trial = new Trial();
        trial.setMetadata(new ObjectMetaBuilder()
                .withName(planned.name())
                .withNamespace(sweep.getMetadata().getNamespace())
                .addToLabels(Api.SWEEP_LABEL, sweep.getMetadata().getName())
                .build());
        trial.setSpec(new TrialSpec(planned.point().parameters(), 0));
        return trial;
    }

    private UpdateControl<Sweep> write(Sweep sweep, SweepStatus status) {
        SweepStatus before = sweep.getStatus();
        if (status.equals(before)) {
            return UpdateControl.noUpdate();
        }
        boolean onlyCounts = before != null
                && before.state() == status.state()
                && status.observedGeneration().equals(before.observedGeneration());
        Optional<Duration> wait = onlyCounts ? writes.wait(sweep) : Optional.empty();
        if (wait.isPresent()) {
            return UpdateControl.<Sweep>noUpdate().rescheduleAfter(wait.get());
        }
        writes.write(sweep, statusOnly(sweep, status));
        tell(sweep, status);
        return UpdateControl.noUpdate();
    }

    private void tell(Sweep sweep, SweepStatus status) {
        State before = sweep.getStatus() == null ? null : sweep.getStatus().state();
        boolean sameRejection = status.state() == State.REJECTED
                && status.observedGeneration()
                        .equals(
                                sweep.getStatus() == null
                                        ? null
                                        : sweep.getStatus().observedGeneration());
        if (before == status.state() && (status.state() != State.REJECTED || sameRejection)) {
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
            case PENDING -> events.normal(sweep, ACCEPTED, status.trials().total() + " trials to run");
            default -> {} // Running: each write counts, and the trials tell.
        }
    }

    private static String best(SweepStatus status) {
        return status.best() == null
                ? "no trial has a value"
                : "best " + status.columns().best() + " with "
                        + status.columns().bestParameters() + " (trial "
                        + status.best().trial() + ")";
    }

    /** For a server-side apply of the status alone: what is not sent is not touched. */
    private static Sweep statusOnly(Sweep sweep, SweepStatus status) {
        Sweep patch = new Sweep();
        patch.getMetadata().setName(sweep.getMetadata().getName());
        patch.getMetadata().setNamespace(sweep.getMetadata().getNamespace());
        patch.setStatus(status);
        return patch;
    }

    private static ResourceID sweepOf(Trial trial) {
        return new ResourceID(
                trial.getMetadata().getLabels().get(Api.SWEEP_LABEL),
                trial.getMetadata().getNamespace());
    }
}
