package dev.sweeps.operator.trial;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.metrics.Metrics;
import dev.sweeps.operator.cluster.Creation;
import dev.sweeps.operator.cluster.Creation.NameTaken;
import dev.sweeps.operator.cluster.Creation.NamespaceGoing;
import dev.sweeps.operator.cluster.Events;
import dev.sweeps.operator.cluster.StatusWrites;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Runs one trial: makes its Job once, watches it, records the result, and only then lets the Job go.
 *
 * <p>Every decision follows from what is in the cluster, so that the operator can be killed between any two steps.
 */
@ControllerConfiguration(
        // comparableResourceVersions: java-operator-sdk 5.3 can lose a change that comes while we patch (its issue
        // 3398).
        informer = @Informer(comparableResourceVersions = false, informerListLimit = 500),
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, initialInterval = 500, maxInterval = 30_000)
public class TrialReconciler implements Reconciler<Trial> {
    /** How often a running trial's log is read for its progress. */
    private static final Duration PROGRESS = Duration.ofSeconds(10);

    /** Seconds for which a finished Job and its log stay to be looked at, once the result is recorded. */
    private static final int JOB_TTL_SECONDS = 3_600;

    private static final String BY_TRIAL = "trial";
    private static final Logger LOG = Logger.getLogger(TrialReconciler.class);

    private final KubernetesClient client;
    private final JobFactory jobFactory;
    private final TrialLog log;
    private final Events events;
    private final Clock clock;
    private final StatusWrites<TrialStatus> writes;

    private InformerEventSource<Sweep, Trial> sweeps;
    private InformerEventSource<Job, Trial> jobs;
    private InformerEventSource<Pod, Trial> pods;

    public TrialReconciler(KubernetesClient client, JobFactory jobFactory, TrialLog log, Events events, Clock clock) {
        this.client = client;
        this.jobFactory = jobFactory;
        this.log = log;
        this.events = events;
        this.clock = clock;
        this.writes = new StatusWrites<>(client, clock, PROGRESS);
    }

    @Override
    public List<EventSource<?, Trial>> prepareEventSources(EventSourceContext<Trial> context) {
        sweeps = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Sweep.class, Trial.class)
                        .withSecondaryToPrimaryMapper(sweep -> Set.of())
                        .build(),
                context);
        jobs = byTrialLabel(Job.class, context);
        pods = byTrialLabel(Pod.class, context);
        pods.addIndexers(Map.of(
                BY_TRIAL,
                pod -> List.of(key(
                        pod.getMetadata().getNamespace(),
                        pod.getMetadata().getLabels().get(Api.TRIAL_LABEL)))));
        return List.of(sweeps, jobs, pods);
    }

    @Override
    public UpdateControl<Trial> reconcile(Trial trial, Context<Trial> context) {
        if (trial.isMarkedForDeletion()) {
            return UpdateControl
                    .noUpdate(); // What it made goes with it: the garbage collector follows the owner references.
        }
        trial.setStatus(writes.current(trial));
        Optional<Job> job = jobs.get(ResourceID.fromResource(trial));
        if (ended(trial)) {
            job.ifPresent(this::release);
            return UpdateControl.noUpdate();
        }
        Optional<Sweep> sweep = sweeps.get(sweepOf(trial));
        if (sweep.isEmpty()) {
            return UpdateControl.<Trial>noUpdate().rescheduleAfter(PROGRESS); // Being deleted, or not in the cache yet.
        }
        if (job.isEmpty()) {
            return start(sweep.get(), trial);
        }
        TrialObservation seen = observe(trial, job.get());
        TrialStatus status = TrialStatusFactory.status(sweep.get(), trial, seen, reports(trial, seen), clock.instant());
        UpdateControl<Trial> next = write(sweep.get(), trial, status);
        if (status.state().ended()) {
            release(job.get());
        }
        return next;
    }

    private UpdateControl<Trial> start(Sweep sweep, Trial trial) {
        GenericKubernetesResource job = jobFactory.job(sweep, trial);
        try {
            Creation.createOrFind(trial, client.resource(job));
            return UpdateControl.noUpdate();
        } catch (NamespaceGoing e) {
            return UpdateControl.noUpdate();
        } catch (NameTaken e) {
            return write(
                    sweep,
                    trial,
                    TrialStatusFactory.failed(sweep, trial, "NameTaken", e.getMessage(), clock.instant()));
        }
    }

    /** The Job's end can reach us before its Pod's; the API server knows both. */
    private TrialObservation observe(Trial trial, Job job) {
        String namespace = trial.getMetadata().getNamespace();
        String name = trial.getMetadata().getName();
        TrialObservation seen = TrialObservation.of(job, own(job, pods.byIndex(BY_TRIAL, key(namespace, name))));
        if (!seen.state().ended() || seen.sawTheEnd()) {
            return seen;
        }
        return TrialObservation.of(
                job,
                own(
                        job,
                        client.pods()
                                .inNamespace(namespace)
                                .withLabel(Api.TRIAL_LABEL, name)
                                .list()
                                .getItems()));
    }

    /** Pods of an earlier Job of the same name, of a trial that was deleted and runs again, say nothing about this one. */
    private static List<Pod> own(Job job, Collection<Pod> pods) {
        return pods.stream()
                .filter(pod -> pod.getMetadata().getOwnerReferences().stream().anyMatch(owner -> owner.getUid()
                        .equals(job.getMetadata().getUid())))
                .toList();
    }

    private List<Metrics> reports(Trial trial, TrialObservation seen) {
        boolean hasLog = seen.pod() != null && (seen.state() == State.RUNNING || seen.sawTheEnd());
        return hasLog ? log.reports(trial.getMetadata().getNamespace(), seen.pod()) : List.of();
    }

    private UpdateControl<Trial> write(Sweep sweep, Trial trial, TrialStatus status) {
        boolean running = status.state() == State.RUNNING;
        if (!worthAWrite(trial.getStatus(), status)) {
            return running ? UpdateControl.<Trial>noUpdate().rescheduleAfter(PROGRESS) : UpdateControl.noUpdate();
        }
        boolean onlyProgress =
                running && trial.getStatus() != null && trial.getStatus().state() == State.RUNNING;
        Optional<Duration> wait = onlyProgress ? writes.wait(trial) : Optional.empty();
        if (wait.isPresent()) {
            return UpdateControl.<Trial>noUpdate().rescheduleAfter(wait.get());
        }
        writes.write(trial, statusOnly(trial, status));
        tell(sweep, trial, status);
        return running ? UpdateControl.<Trial>noUpdate().rescheduleAfter(PROGRESS) : UpdateControl.noUpdate();
    }

    /** A trial that just waits for its Pod, as every trial does for a second, needs no write. */
    private static boolean worthAWrite(TrialStatus current, TrialStatus next) {
        boolean ordinaryStart = current == null && next.state() == State.PENDING && next.reason() == null;
        return !ordinaryStart && !next.equals(current);
    }

    private void tell(Sweep sweep, Trial trial, TrialStatus status) {
        State before = trial.getStatus() == null ? null : trial.getStatus().state();
        if (before == status.state()) {
            return;
        }
        String name = trial.getMetadata().getName();
        LOG.infof(
                "trial %s/%s: %s%s",
                trial.getMetadata().getNamespace(),
                name,
                status.state().word(),
                status.reason() == null ? "" : " (" + status.reason() + ")");
        if (status.state() == State.FAILED) {
            events.warning(sweep, "TrialFailed", "trial " + name + ": " + status.reason() + ": " + status.message());
        }
    }

    /** The result is recorded: from now on Kubernetes may delete the Job and its Pod. */
    private void release(Job job) {
        if (job.getSpec().getTtlSecondsAfterFinished() == null) {
            client.resource(job)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"spec\":{\"ttlSecondsAfterFinished\":" + JOB_TTL_SECONDS + "}}");
        }
    }

    private static boolean ended(Trial trial) {
        return trial.getStatus() != null
                && trial.getStatus().state() != null
                && trial.getStatus().state().ended();
    }

    /** For a server-side apply of the status alone: what is not sent is not touched. */
    private static Trial statusOnly(Trial trial, TrialStatus status) {
        Trial patch = new Trial();
        patch.getMetadata().setName(trial.getMetadata().getName());
        patch.getMetadata().setNamespace(trial.getMetadata().getNamespace());
        patch.setStatus(status);
        return patch;
    }

    private static ResourceID sweepOf(Trial trial) {
        return new ResourceID(
                trial.getMetadata().getLabels().get(Api.SWEEP_LABEL),
                trial.getMetadata().getNamespace());
    }

    private static <R extends HasMetadata> InformerEventSource<R, Trial> byTrialLabel(
            Class<R> type, EventSourceContext<Trial> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, Trial.class)
                        .withLabelSelector(Api.TRIAL_LABEL)
                        .withSecondaryToPrimaryMapper(made -> Set.of(new ResourceID(
                                made.getMetadata().getLabels().get(Api.TRIAL_LABEL),
                                made.getMetadata().getNamespace())))
                        .withInformerListLimit(500L)
                        .build(),
                context);
    }

    private static String key(String namespace, String trial) {
        return namespace + "/" + trial;
    }
}
