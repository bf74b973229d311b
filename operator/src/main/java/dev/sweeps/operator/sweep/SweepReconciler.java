package dev.sweeps.operator.sweep;

import static dev.sweeps.operator.sweep.SweepStatusFactory.ACCEPTED;
import static dev.sweeps.operator.sweep.SweepStatusFactory.NOT_VALIDATED;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialSpec;
import dev.sweeps.operator.cluster.Backoff;
import dev.sweeps.operator.cluster.Caches;
import dev.sweeps.operator.cluster.Creation;
import dev.sweeps.operator.cluster.Creation.NameTaken;
import dev.sweeps.operator.cluster.Creation.NamespaceGoing;
import dev.sweeps.operator.cluster.Errors;
import dev.sweeps.operator.cluster.Events;
import dev.sweeps.operator.cluster.Labels;
import dev.sweeps.operator.cluster.Owned;
import dev.sweeps.operator.cluster.Refusal;
import dev.sweeps.operator.cluster.ServerDryRun;
import dev.sweeps.operator.cluster.StatusWrites;
import dev.sweeps.operator.cluster.TrimmingItemStore;
import dev.sweeps.operator.status.Conditions;
import dev.sweeps.operator.sweep.SweepStatusFactory.Headline;
import dev.sweeps.operator.trial.JobFactory;
import dev.sweeps.plan.SweepPlan;
import dev.sweeps.plan.SweepPlan.NewTrial;
import dev.sweeps.plan.SweepTrials;
import dev.sweeps.search.Search;
import dev.sweeps.search.Search.Numbered;
import dev.sweeps.validation.SweepValidator.Validation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Keeps the allowed number of trials of a sweep in flight, and summarizes their results. */
@ControllerConfiguration(
        // comparableResourceVersions: java-operator-sdk 5.3 can lose a change that comes while we patch (its issue
        // 3398).
        informer = @Informer(comparableResourceVersions = false, informerListLimit = 500),
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
public class SweepReconciler implements Reconciler<Sweep> {
    /**
     * Counts wait so long for others to be written with them: when a trial ends, the next one's Pod is running two to four seconds later.
     * A change of state, and of the reason why nothing moves, is written at once.
     */
    private static final Duration COUNTS = Duration.ofSeconds(5);

    /** How soon a rejected sweep is checked again: a policy can change without a change of the sweep. */
    private static final Duration VALIDATED_AGAIN = Duration.ofSeconds(30);

    private static final String BY_SWEEP = "sweep";

    /** Maximum number of trials that one pass creates. */
    private static final int MAX_CREATED = 100;

    private final KubernetesClient client;
    private final JobFactory jobFactory;
    private final ServerDryRun dryRun;
    private final UnreadableSpec unreadableSpec;
    private final SweepEvents events;
    private final Analyses analyses;
    private final ValidationCache validations;
    private final TrialStops trialStops;
    private final TimeToLive timeToLive;
    private final Caches caches;
    private final Clock clock;
    private final StatusWrites<Sweep, SweepStatus> writes;
    private final Backoff backoff = new Backoff();
    private final Errors errors = new Errors(backoff);

    private KnownTrials knownTrials;

    public SweepReconciler(
            KubernetesClient client,
            JobFactory jobFactory,
            ServerDryRun dryRun,
            UnreadableSpec unreadableSpec,
            Events events,
            Analyses analyses,
            ValidationCache validations,
            Caches caches,
            Clock clock) {
        this.client = client;
        this.jobFactory = jobFactory;
        this.dryRun = dryRun;
        this.unreadableSpec = unreadableSpec;
        this.events = new SweepEvents(events);
        this.analyses = analyses;
        this.validations = validations;
        this.trialStops = new TrialStops(client);
        this.timeToLive = new TimeToLive(client, clock);
        this.caches = caches;
        this.clock = clock;
        this.writes = new StatusWrites<>(client, clock, COUNTS);
    }

    @Override
    public List<EventSource<?, Sweep>> prepareEventSources(EventSourceContext<Sweep> context) {
        caches.setSweeps(context.getPrimaryCache());
        TrimmingItemStore<Trial> store =
                new TrimmingItemStore<>(KnownTrials::trimmed, trial -> knownTrials.changed(trial));
        InformerEventSource<Trial, Sweep> trials = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Trial.class, Sweep.class)
                        .withLabelSelector(Api.SWEEP_LABEL)
                        .withSecondaryToPrimaryMapper(Labels::sweepOf)
                        .withInformerListLimit(500L)
                        .withItemStore(store)
                        .build(),
                context);
        // getSecondaryResources(..) would copy and hash every trial on each call.
        trials.addIndexers(Map.of(BY_SWEEP, trial -> Labels.sweepOf(trial).stream()
                .map(ResourceID::toString)
                .toList()));
        knownTrials = new KnownTrials(sweep -> trials.byIndex(BY_SWEEP, sweep.toString()), store::get, clock);
        SimpleInboundEventSource<Sweep> validated = new SimpleInboundEventSource<>("validations");
        validations.onValidated(validated::propagateEvent);
        return List.of(trials, validated);
    }

    @Override
    public UpdateControl<Sweep> reconcile(Sweep sweep, Context<Sweep> context) {
        if (sweep.isMarkedForDeletion()) {
            // The garbage collector deletes its Trials and Jobs, which have owner references.
            return UpdateControl.noUpdate();
        }
        sweep.setStatus(writes.current(sweep));
        if (sweep.getSpec() == null) {
            return reject(sweep, "Unreadable", unreadableSpec.problem(sweep));
        }
        Optional<Validation> validated = validations.of(sweep);
        if (validated.isEmpty()) {
            return UpdateControl.<Sweep>noUpdate().rescheduleAfter(VALIDATED_AGAIN); // Or when it is validated.
        }
        Validation validation = validated.get();
        if (validation.search().isEmpty()) {
            return reject(sweep, "Invalid", String.join("; ", validation.problems()));
        }
        Search search = validation.search().get();
        // The API server is asked once for each version of the spec that it accepts.
        return isAccepted(sweep) ? run(sweep, search) : validateAndRun(sweep, search);
    }

    private UpdateControl<Sweep> validateAndRun(Sweep sweep, Search search) {
        Optional<String> refused;
        try {
            refused = dryRun.problem(firstJob(sweep, search));
        } catch (KubernetesClientException e) {
            write(
                    sweep,
                    SweepStatusFactory.notValidated(
                            sweep, Refusal.of(NOT_VALIDATED, e, clock.instant()), clock.instant()));
            return UpdateControl.<Sweep>noUpdate().rescheduleAfter(backoff.next(sweep));
        }
        if (refused.isPresent()) {
            return reject(sweep, "Invalid", "template: " + refused.get()).rescheduleAfter(VALIDATED_AGAIN);
        }
        return run(sweep, search);
    }

    /** Logs one line and schedules another pass, because a refusal by the cluster is not a defect. */
    @Override
    public ErrorStatusUpdateControl<Sweep> updateErrorStatus(Sweep sweep, Context<Sweep> context, Exception e) {
        return errors.handle(sweep, e);
    }

    private UpdateControl<Sweep> run(Sweep sweep, Search search) {
        SweepTrials all = knownTrials.of(sweep, search);
        SweepPlan plan = SweepPlan.of(sweep.getMetadata().getName(), sweep.getSpec(), search, all);
        try {
            trialStops.request(plan.stop());
        } catch (KubernetesClientException e) {
            return refused(sweep, plan, all, Refusal.of("StopRefused", e, clock.instant()));
        }
        try {
            plan.start().stream().limit(MAX_CREATED).forEach(trial -> all.put(create(sweep, trial)));
            backoff.reset(sweep);
        } catch (NamespaceGoing e) {
            return UpdateControl.noUpdate();
        } catch (NameTaken e) {
            return refused(sweep, plan, all, new Refusal("NameTaken", e.getMessage(), clock.instant()));
        } catch (KubernetesClientException e) {
            return refused(sweep, plan, all, Refusal.of("TrialRefused", e, clock.instant()));
        }
        if (plan.start().size() > MAX_CREATED) {
            return UpdateControl.<Sweep>noUpdate()
                    .rescheduleAfter(Duration.ofMillis(1)); // Others have their turn in between.
        }
        Optional<Duration> delay =
                remainingDelay(sweep, SweepStatusFactory.headline(sweep, plan, all, Optional.empty()));
        if (delay.isPresent()) {
            return UpdateControl.<Sweep>noUpdate().rescheduleAfter(delay.get());
        }
        SweepStatus status = status(sweep, plan, all, Optional.empty());
        write(sweep, status);
        return timeToLive
                .left(sweep, status)
                .map(left -> UpdateControl.<Sweep>noUpdate().rescheduleAfter(left))
                .orElse(UpdateControl.noUpdate());
    }

    /** Returns how long a status that differs only in counts waits for others. It is not even computed before. */
    private Optional<Duration> remainingDelay(Sweep sweep, Headline headline) {
        return Headline.of(sweep.getStatus()).filter(headline::equals).flatMap(same -> writes.remainingDelay(sweep));
    }

    private UpdateControl<Sweep> refused(Sweep sweep, SweepPlan plan, SweepTrials all, Refusal refusal) {
        Optional<Refusal> why = Optional.of(refusal);
        if (remainingDelay(sweep, SweepStatusFactory.headline(sweep, plan, all, why))
                .isEmpty()) {
            write(sweep, status(sweep, plan, all, why));
        }
        return UpdateControl.<Sweep>noUpdate().rescheduleAfter(backoff.next(sweep));
    }

    private SweepStatus status(Sweep sweep, SweepPlan plan, SweepTrials all, Optional<Refusal> refusal) {
        return SweepStatusFactory.status(
                sweep,
                plan,
                all,
                refusal,
                table -> analyses.of(
                        sweep.getMetadata().getUid(), table, sweep.getSpec().groupBy()),
                clock.instant());
    }

    private UpdateControl<Sweep> reject(Sweep sweep, String reason, String message) {
        return write(sweep, SweepStatusFactory.rejected(sweep, reason, message, clock.instant()));
    }

    private static boolean isAccepted(Sweep sweep) {
        return sweep.getStatus() != null
                && Conditions.find(sweep.getStatus().conditions(), ACCEPTED)
                        .filter(accepted -> Conditions.TRUE.equals(accepted.getStatus())
                                && sweep.getMetadata().getGeneration().equals(accepted.getObservedGeneration()))
                        .isPresent();
    }

    /** Returns the Job of the first point under a name that no trial has, so that it does not conflict with a running Job. */
    private GenericKubernetesResource firstJob(Sweep sweep, Search search) {
        Numbered first = search.next(List.of(), 1).get(0);
        String name = sweep.getMetadata().getName() + "-dry-run";
        return jobFactory.job(
                sweep,
                trial(sweep, new NewTrial(name, new TrialSpec(first.point().parameters(), 0, first.number()))));
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
        trial.setSpec(planned.spec());
        return trial;
    }

    private UpdateControl<Sweep> write(Sweep sweep, SweepStatus status) {
        if (status.equals(sweep.getStatus())) {
            writes.nothingToWrite(sweep);
        } else {
            writes.write(sweep, status);
            events.tell(sweep, status);
        }
        return UpdateControl.noUpdate();
    }
}
