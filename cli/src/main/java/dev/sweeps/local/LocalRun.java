package dev.sweeps.local;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.metrics.LogDigest;
import dev.sweeps.plan.DurationText;
import dev.sweeps.plan.SweepPlan;
import dev.sweeps.plan.SweepPlan.NewTrial;
import dev.sweeps.plan.SweepPlan.StopTrial;
import dev.sweeps.plan.SweepTrials;
import dev.sweeps.results.SweepResults;
import dev.sweeps.results.TrialOutcome;
import dev.sweeps.search.Search;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs a sweep as processes of this machine: read what there is, decide by the same plan as on a cluster, write. What it knows lies in its
 * folder, so that it can be ended at any moment and goes on when it is started again.
 */
public final class LocalRun {
    /** Annotation with the process that runs a trial. */
    private static final String PROCESS = "sweeps.dev/process";

    private static final Duration LOOK = Duration.ofMillis(200);

    /** Minimum time between two writes of the progress of a running trial. */
    private static final Duration PROGRESS = Duration.ofSeconds(2);

    /** Number of bytes from the end of a failed trial's log that its message contains. */
    private static final int MAX_MESSAGE = 1_500;

    private static final String NOTHING = "it printed nothing";

    private final RunFolder folder;
    private final Sweep sweep;
    private final SweepSpec spec;
    private final Search search;
    private final Clock clock;
    private final Consumer<SweepResults> progress;

    private final SweepTrials trials;
    private final Map<String, Running> running = new LinkedHashMap<>();

    /** A running trial, the digest of its log so far, and when that was written. */
    private static final class Running {
        private final Trial trial;
        private final TrialProcess process;
        private final LogTail log;
        private final Instant since;
        private Instant written = Instant.EPOCH;

        Running(Trial trial, TrialProcess process, LogTail log, Instant since) {
            this.trial = trial;
            this.process = process;
            this.log = log;
            this.since = since;
        }
    }

    /**
     * @param sweep with as many trials at a time as its spec's parallelism says
     * @param search of its spec
     * @param progress is told of each look at the trials
     */
    public LocalRun(RunFolder folder, Sweep sweep, Search search, Clock clock, Consumer<SweepResults> progress) {
        this.folder = folder;
        this.sweep = sweep;
        this.spec = sweep.getSpec();
        this.search = search;
        this.trials = new SweepTrials(spec, search);
        this.clock = clock;
        this.progress = progress;
    }

    /**
     * Runs it to its end.
     *
     * @return what came of it; its state is Complete or Failed
     * @throws LocalRunException if the folder holds another sweep, or a program cannot be started
     */
    @SuppressWarnings("try")
    public SweepResults run() throws IOException, InterruptedException {
        try (FileLock lock = folder.lock()) {
            takeUp();
            Thread ending = new Thread(this::endAll, "end-trials");
            Runtime.getRuntime().addShutdownHook(ending);
            try {
                return loop();
            } finally {
                endAll();
                removeHook(ending);
            }
        }
    }

    private static void removeHook(Thread ending) {
        try {
            Runtime.getRuntime().removeShutdownHook(ending);
        } catch (IllegalStateException e) {
            // The machine shuts down, and the shutdown hook does the rest.
        }
    }

    /** Continues an earlier run: results count, and trials that were running start again. */
    private void takeUp() throws IOException, InterruptedException {
        Optional<Sweep> before = folder.sweep();
        if (before.isPresent()) {
            checkSame(before.get().getSpec());
        }
        for (Trial trial : folder.trials()) {
            if (trial.hasEnded()) {
                trials.put(trial);
            } else if (trial.getMetadata().getAnnotations() != null
                    && trial.getMetadata().getAnnotations().containsKey(PROCESS)) {
                TrialProcess.endLeftover(trial.getMetadata().getAnnotations().get(PROCESS));
                TrialWorkers.of(folder, trial).end();
            }
        }
    }

    /** Checks that the fields that cannot be changed are the same. On a cluster, a rule of the API does this. */
    private void checkSame(SweepSpec before) {
        Map<String, Boolean> same = new LinkedHashMap<>();
        same.put("method", before.method() == spec.method());
        same.put("metric", before.metric().equals(spec.metric()));
        same.put("program", java.util.Objects.equals(before.program(), spec.program()));
        same.put("command", java.util.Objects.equals(before.command(), spec.command()));
        same.forEach((field, isSame) -> {
            if (!isSame) {
                throw new LocalRunException(folder + " holds results of this sweep with another " + field
                        + ", and they would be mixed; name another folder with --dir, or remove this one");
            }
        });
    }

    private SweepResults loop() throws IOException, InterruptedException {
        while (true) {
            look();
            SweepPlan plan = SweepPlan.of(sweep.getMetadata().getName(), spec, search, trials);
            for (StopTrial stop : plan.stop()) {
                stop(stop);
            }
            for (NewTrial trial : plan.start()) {
                start(trial);
            }
            // A trial that was stopped has made room since the plan was made.
            boolean done =
                    running.isEmpty() && plan.start().isEmpty() && plan.stop().isEmpty();
            write(state(done, plan));
            SweepResults results = SweepResults.of(sweep, Optional.of(search), trials.inSpace());
            progress.accept(results);
            if (done) {
                return results;
            }
            Thread.sleep(LOOK.toMillis());
        }
    }

    private SweepStatus.State state(boolean done, SweepPlan plan) {
        if (!done) {
            return SweepStatus.State.RUNNING;
        }
        boolean anyResult = trials.inSpace().stream().anyMatch(trial -> trial.state() != State.FAILED);
        boolean tooManyFailed =
                plan.end().filter(SweepPlan.End.TOO_MANY_FAILED::equals).isPresent();
        return anyResult && !tooManyFailed ? SweepStatus.State.COMPLETE : SweepStatus.State.FAILED;
    }

    private void write(SweepStatus.State state) throws IOException {
        SweepStatus before = sweep.getStatus();
        if (before != null && before.state() == state) {
            return;
        }
        sweep.setStatus(SweepStatus.notAccepted(state, 1L, List.of(), before));
        folder.write(sweep);
    }

    private void start(NewTrial planned) throws IOException {
        Trial trial = new Trial();
        trial.setMetadata(new ObjectMetaBuilder()
                .withName(planned.name())
                .addToLabels(Api.SWEEP_LABEL, sweep.getMetadata().getName())
                .withCreationTimestamp(clock.instant().toString())
                .build());
        trial.setSpec(planned.spec());
        begin(trial, 1);
    }

    private void begin(Trial trial, int attempt) throws IOException {
        TrialProcess process = TrialProcess.start(folder, sweep.getMetadata().getName(), spec, trial);
        Instant now = clock.instant();
        trial.getMetadata().setAnnotations(Map.of(PROCESS, process.identity()));
        trial.setStatus(TrialStatus.builder(State.RUNNING)
                .attempts(attempt)
                .times(now.toString(), null)
                .build());
        folder.write(trial);
        trials.put(trial);
        running.put(
                trial.getMetadata().getName(),
                new Running(trial, process, new LogTail(folder.log(trial), folder.wandb(trial), spec), now));
    }

    /** Checks each running trial. */
    private void look() throws IOException, InterruptedException {
        for (Running now : List.copyOf(running.values())) {
            Trial trial = now.trial;
            Optional<Integer> exit = now.process.exitCode();
            if (exit.isPresent()) {
                ended(now, exit.get());
            } else if (isOverdue(now)) {
                now.process.end();
                finish(
                        now,
                        new TrialOutcome(
                                State.FAILED,
                                "DeadlineExceeded",
                                "it ran longer than trialTimeout, " + spec.trialTimeout()),
                        now.log.readToTheEnd(),
                        null);
            } else {
                progress(trial, now);
            }
        }
    }

    private boolean isOverdue(Running trial) {
        return DurationText.parse(spec.trialTimeout())
                .filter(most -> Duration.between(trial.since, clock.instant()).compareTo(most) > 0)
                .isPresent();
    }

    private void progress(Trial trial, Running now) throws IOException {
        if (!now.log.hasGrown()) {
            return;
        }
        TrialStatus before = trial.getStatus();
        trial.setStatus(reported(State.RUNNING, now.log.read())
                .attempts(before.attempts())
                .times(before.startTime(), null)
                .build());
        trials.put(trial);
        if (Duration.between(now.written, clock.instant()).compareTo(PROGRESS) > 0) {
            now.written = clock.instant();
            folder.write(trial);
        }
    }

    private void ended(Running now, int exitCode) throws IOException, InterruptedException {
        Trial trial = now.trial;
        now.process.endWorkers();
        LogDigest digest = now.log.readToTheEnd();
        int attempt = trial.getStatus().attempts();
        if (exitCode != 0 && attempt <= spec.retries() && !now.process.isFinal(exitCode)) {
            running.remove(trial.getMetadata().getName());
            begin(trial, attempt + 1);
            return;
        }
        TrialOutcome outcome = exitCode == 0
                ? TrialOutcome.of(
                        spec.metric(),
                        digest.metrics(),
                        TrialOutcome.value(spec.metric(), digest.metrics(), digest.history()),
                        false,
                        digest.evidence())
                : new TrialOutcome(State.FAILED, "Error", "exit code " + exitCode + ": " + lastLines(trial));
        finish(now, outcome, digest, exitCode);
    }

    private void stop(StopTrial stop) throws IOException, InterruptedException {
        Running now = running.get(stop.trial().getMetadata().getName());
        if (now != null) {
            now.process.end();
            finish(now, new TrialOutcome(State.STOPPED, stop.reason(), stop.message()), now.log.readToTheEnd(), null);
        }
    }

    private void finish(Running now, TrialOutcome outcome, LogDigest digest, Integer exitCode) throws IOException {
        Trial trial = now.trial;
        TrialStatus before = trial.getStatus();
        trial.setStatus(reported(outcome.state(), digest)
                .because(outcome.reason(), outcome.message())
                .attempts(before.attempts())
                .exitCode(exitCode)
                .times(before.startTime(), clock.instant().toString())
                .build());
        trial.getMetadata().setAnnotations(null);
        trials.put(trial);
        folder.write(trial);
        folder.removeWandbIfEmpty(trial);
        running.remove(trial.getMetadata().getName());
    }

    private TrialStatus.Builder reported(State state, LogDigest digest) {
        return TrialStatus.builder(state)
                .value(TrialOutcome.value(spec.metric(), digest.metrics(), digest.history())
                        .orElse(null))
                .metrics(digest.metrics().values(), null)
                .progress(digest.metrics().step().orElse(null), digest.history())
                .bands(digest.reports().count(), digest.reports().bands());
    }

    private String lastLines(Trial trial) throws IOException {
        Path log = folder.log(trial);
        if (!Files.exists(log)) {
            return NOTHING;
        }
        try (SeekableByteChannel file = Files.newByteChannel(log)) {
            long start = Math.max(0, file.size() - MAX_MESSAGE);
            ByteBuffer bytes = ByteBuffer.allocate(MAX_MESSAGE);
            file.position(start);
            while (bytes.hasRemaining() && file.read(bytes) >= 0) {
                // Loops until everything is read.
            }
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            String lines = start == 0 ? text : text.substring(text.indexOf('\n') + 1);
            return lines.isBlank() ? NOTHING : lines.strip();
        }
    }

    /** Ends running trials; the next run starts them again. */
    private synchronized void endAll() {
        for (Running trial : List.copyOf(running.values())) {
            try {
                trial.process.end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        running.clear();
    }
}
