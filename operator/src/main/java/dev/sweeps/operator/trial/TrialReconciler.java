package dev.sweeps.operator.trial;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.operator.cluster.Backoff;
import dev.sweeps.operator.cluster.Caches;
import dev.sweeps.operator.cluster.Creation;
import dev.sweeps.operator.cluster.Creation.NameTaken;
import dev.sweeps.operator.cluster.Creation.NamespaceGoing;
import dev.sweeps.operator.cluster.Deletion;
import dev.sweeps.operator.cluster.Errors;
import dev.sweeps.operator.cluster.Events;
import dev.sweeps.operator.cluster.Labels;
import dev.sweeps.operator.cluster.Owned;
import dev.sweeps.operator.cluster.Refusal;
import dev.sweeps.operator.cluster.StatusWrites;
import dev.sweeps.operator.cluster.TrimmingItemStore;
import dev.sweeps.operator.trial.LogReaders.Source;
import dev.sweeps.operator.trial.ReportCounter.Counted;
import dev.sweeps.operator.trial.TrialObservation.JobEnd;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
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
import java.time.Instant;
import java.util.Collection;
import java.util.List;
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
        // comparableResourceVersions: java-operator-sdk 5.3 can lose a change that arrives during a patch (its issue
        // 3398).
        informer =
                @Informer(
                        comparableResourceVersions = false,
                        informerListLimit = 500,
                        onUpdateFilter = StopRequest.OrSpecChanged.class),
        // The update filter is more precise than generations.
        generationAwareEventProcessing = false,
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
public class TrialReconciler implements Reconciler<Trial> {
    /** Minimum time between two looks at the progress of a running trial. */
    static final Duration PROGRESS = Duration.ofSeconds(10);

    /** Time within which a Pod usually exists and runs. After it, the reason for the delay is looked up. */
    private static final Duration POD_EXPECTED = Duration.ofSeconds(3);

    /** Seconds for which a finished Job and its log stay after the result is recorded. */
    private static final int JOB_TTL_SECONDS = 3_600;

    /** Minimum age of a Job that is replaced after the first disruption. It doubles with each disruption, up to 32 times. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);

    /** How long containers beside the trainer may continue after it has ended. */
    private static final Duration LINGERING = Duration.ofSeconds(60);

    /** Reasons of trials that have ended although their Jobs would continue. */
    private static final Set<String> GIVEN_UP =
            Set.of(TrialStatusFactory.DISRUPTED_TOO_OFTEN, TrialObservation.DEADLINE_EXCEEDED);

    private static final Logger LOG = Logger.getLogger(TrialReconciler.class);

    private final KubernetesClient client;
    private final JobFactory jobFactory;
    private final LogReaders logs;
    private final PodEvents podEvents;
    private final Events events;
    private final FailureEvents failureEvents;
    private final Caches caches;
    private final Clock clock;
    private final StatusWrites<Trial, TrialStatus> writes;
    private final Backoff backoff = new Backoff();
    private final Errors errors = new Errors(backoff);

    /** Uids of trials whose Job was created so recently that the cache may not contain it. */
    private final Cache<String, Boolean> created =
            Caffeine.newBuilder().expireAfterWrite(POD_EXPECTED).build();

    private InformerEventSource<Sweep, Trial> sweeps;
    private InformerEventSource<Job, Trial> jobs;
    private TrialPods pods;

    public TrialReconciler(
            KubernetesClient client,
            JobFactory jobFactory,
            LogReaders logs,
            PodEvents podEvents,
            Events events,
            Caches caches,
            Clock clock) {
        this.client = client;
        this.jobFactory = jobFactory;
        this.logs = logs;
        this.podEvents = podEvents;
        this.events = events;
        this.failureEvents = new FailureEvents(events, clock);
        this.caches = caches;
        this.clock = clock;
        this.writes = new StatusWrites<>(client, clock, PROGRESS);
    }

    @Override
    public List<EventSource<?, Trial>> prepareEventSources(EventSourceContext<Trial> context) {
        caches.setTrials(context.getPrimaryCache());
        sweeps = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Sweep.class, Trial.class)
                        .withSecondaryToPrimaryMapper(sweep -> Set.of())
                        .build(),
                context);
        jobs = new InformerEventSource<>(
                ofTrials(Job.class)
                        .withItemStore(new TrimmingItemStore<>(TrialReconciler::trimmed))
                        .build(),
                context);
        pods = new TrialPods(ofTrials(Pod.class), context);
        SimpleInboundEventSource<Trial> logsRead = new SimpleInboundEventSource<>("logs");
        logs.onRead(logsRead::propagateEvent);
        return List.of(sweeps, jobs, pods, logsRead);
    }

    @Override
    public UpdateControl<Trial> reconcile(Trial trial, Context<Trial> context) {
        if (trial.isMarkedForDeletion()) {
            // The garbage collector deletes its Job, which has an owner reference.
            return UpdateControl.noUpdate();
        }
        if (trial.getSpec() == null) {
            return unreadable(trial);
        }
        trial.setStatus(writes.current(trial));
        Optional<Job> job = job(trial);
        if (trial.hasEnded()) {
            job.ifPresent(left -> letGo(trial, left, lingers(trial, left)));
            return UpdateControl.noUpdate();
        }
        Optional<Sweep> sweep = sweep(trial);
        if (sweep.isEmpty()) {
            return UpdateControl.<Trial>noUpdate().rescheduleAfter(PROGRESS); // Being deleted, or not in the cache yet.
        }
        Optional<StopRequest> stop = StopRequest.of(trial);
        if (job.isEmpty()) {
            return stop.isPresent() ? stopped(sweep.get(), trial, stop.get()) : start(sweep.get(), trial);
        }
        TrialObservation seen = observe(trial, sweep.get(), job.get());
        Optional<LogReading> log = readLog(sweep.get(), trial, seen);
        boolean logIsComing = log.filter(LogReading::ofTheEnd).isEmpty()
                && seen.waitsForItsLog(sweep.get().getSpec().metric(), clock.instant());
        if (logIsComing) {
            return UpdateControl.<Trial>noUpdate().rescheduleAfter(POD_EXPECTED); // Or when it has been read.
        }
        TrialStatus status = TrialStatusFactory.status(sweep.get(), trial, seen, log, clock.instant());
        if (stop.isPresent() && !status.state().ended()) {
            status = TrialStatusFactory.stopped(status, stop.get(), clock.instant());
        }
        boolean recorded = write(sweep.get(), trial, status);
        if (recorded && status.state().ended()) {
            finish(trial, job.get(), status, seen.job() == JobEnd.LINGERS);
            return UpdateControl.noUpdate();
        }
        if (recorded && seen.job() == JobEnd.REPLACED) {
            return replace(job.get(), status);
        }
        return recorded
                ? next(trial, status)
                : UpdateControl.<Trial>noUpdate()
                        .rescheduleAfter(writes.remainingDelay(trial).orElse(PROGRESS));
    }

    /**
     * Deletes the Job, so that the next pass creates another. A Job that ended early stays for a while, so that a bad node is not used
     * again at once.
     */
    private UpdateControl<Trial> replace(Job job, TrialStatus status) {
        int losses = Optional.ofNullable(status.disruptions()).orElse(1);
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(losses - 1, 5));
        Duration age = Duration.between(Instant.parse(job.getMetadata().getCreationTimestamp()), clock.instant());
        if (age.compareTo(pause) < 0) {
            return UpdateControl.<Trial>noUpdate().rescheduleAfter(pause.minus(age));
        }
        Deletion.of(client, job);
        return UpdateControl.<Trial>noUpdate().rescheduleAfter(POD_EXPECTED);
    }

    /** Logs one line and schedules another pass, because a refusal by the cluster is not a defect. */
    @Override
    public ErrorStatusUpdateControl<Trial> updateErrorStatus(Trial trial, Context<Trial> context, Exception e) {
        return errors.handle(trial, e);
    }

    /** Reports a Trial that the API server admitted and our types cannot hold. It stops no other Trial. */
    private UpdateControl<Trial> unreadable(Trial trial) {
        String sentence = "spec: cannot be read, so that this Trial is not run; delete it";
        if (errors.say(trial, sentence, null)) {
            events.warning(trial, "Unreadable", sentence);
        }
        return UpdateControl.noUpdate();
    }

    /** Returns the Job that was created for exactly this trial and is not being deleted. */
    private Optional<Job> job(Trial trial) {
        return jobs.get(ResourceID.fromResource(trial))
                .filter(job -> Owned.isBy(trial, job) && !job.isMarkedForDeletion());
    }

    /** Returns the sweep that created exactly this trial. */
    private Optional<Sweep> sweep(Trial trial) {
        return Labels.sweepOf(trial).stream()
                .findAny()
                .flatMap(sweeps::get)
                .filter(sweep -> Owned.isBy(sweep, trial) && sweep.getSpec() != null);
    }

    /** Stops a trial that has not started. */
    private UpdateControl<Trial> stopped(Sweep sweep, Trial trial, StopRequest why) {
        TrialStatus before =
                Optional.ofNullable(trial.getStatus()).orElseGet(() -> TrialStatusFactory.notStarted(sweep, trial));
        write(sweep, trial, TrialStatusFactory.stopped(before, why, clock.instant()));
        return UpdateControl.noUpdate();
    }

    private UpdateControl<Trial> start(Sweep sweep, Trial trial) {
        if (created.getIfPresent(trial.getMetadata().getUid()) != null) {
            return UpdateControl.<Trial>noUpdate().rescheduleAfter(POD_EXPECTED);
        }
        try {
            Creation.createOrFind(trial, client.resource(jobFactory.job(sweep, trial)));
            created.put(trial.getMetadata().getUid(), true);
            backoff.reset(trial);
            return UpdateControl.noUpdate();
        } catch (NamespaceGoing e) {
            return UpdateControl.noUpdate();
        } catch (NameTaken e) {
            if (e.isOwn()) {
                return UpdateControl.<Trial>noUpdate().rescheduleAfter(POD_EXPECTED); // Replaced, and not quite gone.
            }
            return refused(sweep, trial, new Refusal("NameTaken", e.getMessage(), clock.instant()));
        } catch (KubernetesClientException e) {
            return refused(sweep, trial, Refusal.of("JobRefused", e, clock.instant()));
        }
    }

    private UpdateControl<Trial> refused(Sweep sweep, Trial trial, Refusal refusal) {
        write(sweep, trial, TrialStatusFactory.refused(sweep, trial, refusal));
        return UpdateControl.<Trial>noUpdate().rescheduleAfter(backoff.next(trial));
    }

    private TrialObservation observe(Trial trial, Sweep sweep, Job job, List<Pod> known) {
        TrialObservation seen = TrialObservation.of(job, known, clock.instant());
        return seen.withRetries(
                TrialStatusFactory.ownAttempts(trial, seen), sweep.getSpec().retries());
    }

    private TrialObservation observe(Trial trial, Sweep sweep, Job job) {
        List<Pod> known = own(job, pods.of(ResourceID.fromResource(trial)));
        TrialObservation seen = observe(trial, sweep, job, known);
        if (seen.waitsForAPod() || seen.waitsOnItsNode()) {
            return explained(trial, job, seen);
        }
        if (!seen.missesItsPod()) {
            return seen;
        }
        // The end of the Job can reach the cache before that of its Pod. The API server knows both.
        List<Pod> there = client.pods()
                .inNamespace(trial.getMetadata().getNamespace())
                .withLabel(Api.TRIAL_LABEL, trial.getMetadata().getName())
                .list()
                .getItems();
        String last = trial.getStatus() == null ? null : trial.getStatus().pod();
        return observe(trial, sweep, job, own(job, TrialPods.asSeen(there))).withoutItsPod(last);
    }

    /** Adds the reason for what takes longer than usual. */
    private TrialObservation explained(Trial trial, Job job, TrialObservation seen) {
        Instant since =
                latest(job.getMetadata().getCreationTimestamp(), seen.pod().completionTime());
        boolean overdue = Duration.between(since, clock.instant()).compareTo(POD_EXPECTED) >= 0;
        if (!overdue) {
            return seen;
        }
        Optional<Refusal> why = seen.waitsForAPod()
                ? podEvents.whyThereIsNoPod(job, since)
                : podEvents.whyThePodDoesNotStart(
                        trial.getMetadata().getNamespace(), seen.pod().name());
        return why.map(seen::refused).orElse(seen);
    }

    private static Instant latest(String created, String ended) {
        return Instant.parse(ended == null || ended.compareTo(created) < 0 ? created : ended);
    }

    /** Returns the Pods of this Job, without those of an earlier Job of the same name, whose trial was deleted and runs again. */
    private static List<Pod> own(Job job, Collection<Pod> pods) {
        return pods.stream().filter(pod -> Owned.isBy(job, pod)).toList();
    }

    private Optional<LogReading> readLog(Sweep sweep, Trial trial, TrialObservation seen) {
        boolean hasLog = seen.pod().name() != null && (seen.state() == State.RUNNING || seen.sawTheEnd());
        if (hasLog) {
            return logs.read(
                    new Source(
                            ResourceID.fromResource(trial),
                            seen.pod().name(),
                            seen.pod().node(),
                            seen.state().ended()),
                    sweep.getSpec(),
                    trial.getStatus());
        }
        return seen.state().ended()
                ? Optional.of(LogReading.failed("its Pod is gone", Counted.NOTHING, true, true, true, clock.instant()))
                : Optional.empty();
    }

    /** Writes the status unless the change can wait; returns false if it has to be tried again. */
    private boolean write(Sweep sweep, Trial trial, TrialStatus status) {
        TrialStatus before = trial.getStatus();
        boolean ordinaryStart = before == null && status.state() == State.PENDING && status.reason() == null;
        if (ordinaryStart || status.equals(before)) {
            return true;
        }
        boolean onlyProgress = before != null
                && before.state() == status.state()
                && String.valueOf(before.reason()).equals(String.valueOf(status.reason()));
        if (onlyProgress && writes.remainingDelay(trial).isPresent()) {
            return false;
        }
        writes.write(trial, status);
        tell(sweep, trial, status);
        return true;
    }

    private UpdateControl<Trial> next(Trial trial, TrialStatus status) {
        UpdateControl<Trial> control = UpdateControl.noUpdate();
        return switch (status.state()) {
            case RUNNING -> {
                backoff.reset(trial); // Should its next Pod wait, the reason is looked for soon.
                yield control.rescheduleAfter(logs.interval());
            }
            case PENDING -> control.rescheduleAfter(backoff.next(trial).plus(POD_EXPECTED));
            default -> control;
        };
    }

    private void tell(Sweep sweep, Trial trial, TrialStatus status) {
        TrialStatus before = trial.getStatus();
        boolean sameState = before != null
                && before.state() == status.state()
                && String.valueOf(before.reason()).equals(String.valueOf(status.reason()));
        if (sameState) {
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
            failureEvents.failed(sweep, name, status);
        }
    }

    private void finish(Trial trial, Job job, TrialStatus status, boolean lingers) {
        logs.forget(ResourceID.fromResource(trial), status.pod());
        backoff.reset(trial);
        trial.setStatus(status);
        letGo(trial, job, lingers);
    }

    private boolean lingers(Trial trial, Job job) {
        return own(job, pods.of(ResourceID.fromResource(trial))).stream().anyMatch(PodDisruption::lingers);
    }

    /**
     * The result is recorded: from now on Kubernetes may delete the Job and its Pod. A Job that would run on, or never end, is ended. Repeated
     * after a restart, because nothing but the status says that the trial has ended.
     */
    private void letGo(Trial trial, Job job, boolean lingers) {
        if (trial.state() == State.STOPPED) {
            Deletion.of(client, job);
            return;
        }
        boolean isGivenUp = GIVEN_UP.contains(String.valueOf(trial.getStatus().reason()));
        boolean isEnded = TrialObservation.hasEnded(job) || job.getSpec().getActiveDeadlineSeconds() != null;
        Optional<Long> deadline = isEnded
                ? Optional.empty()
                : isGivenUp ? Optional.of(1L) : lingers ? Optional.of(deadline(job)) : Optional.empty();
        if (job.getSpec().getTtlSecondsAfterFinished() == null || deadline.isPresent()) {
            patch(
                    job,
                    "{\"metadata\":{\"uid\":\"" + job.getMetadata().getUid()
                            + "\"},\"spec\":{\"ttlSecondsAfterFinished\":" + JOB_TTL_SECONDS
                            + deadline.map(seconds -> ",\"activeDeadlineSeconds\":" + seconds)
                                    .orElse("")
                            + "}}");
        }
    }

    /** Returns the deadline until which containers beside the trainer may finish. */
    private long deadline(Job job) {
        Instant start = Instant.parse(Optional.ofNullable(job.getStatus().getStartTime())
                .orElse(job.getMetadata().getCreationTimestamp()));
        return Duration.between(start, clock.instant()).plus(LINGERING).toSeconds();
    }

    private void patch(Job job, String change) {
        client.resource(job).patch(PatchContext.of(PatchType.JSON_MERGE), change);
    }

    /** Returns the parts of a Job that are used here and in {@link TrialObservation}. */
    static Job trimmed(Job job) {
        return new JobBuilder()
                .withMetadata(TrimmingItemStore.metadata(job.getMetadata()))
                .withNewSpec()
                .withSuspend(job.getSpec().getSuspend())
                .withTtlSecondsAfterFinished(job.getSpec().getTtlSecondsAfterFinished())
                .withActiveDeadlineSeconds(job.getSpec().getActiveDeadlineSeconds())
                .endSpec()
                .withNewStatus()
                .withStartTime(job.getStatus() == null ? null : job.getStatus().getStartTime())
                .withFailed(job.getStatus() == null ? null : job.getStatus().getFailed())
                .withConditions(
                        job.getStatus() == null ? List.of() : job.getStatus().getConditions())
                .endStatus()
                .build();
    }

    private static <R extends HasMetadata> InformerEventSourceConfiguration.Builder<R> ofTrials(Class<R> type) {
        return InformerEventSourceConfiguration.from(type, Trial.class)
                .withLabelSelector(Api.TRIAL_LABEL)
                .withSecondaryToPrimaryMapper(Labels::trialOf)
                .withInformerListLimit(500L);
    }
}
