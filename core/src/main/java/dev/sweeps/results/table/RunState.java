package dev.sweeps.results.table;

import dev.sweeps.api.v1alpha1.TrialStatus.State;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The words with which tools say how a run stands. Only runs that finished are ranked. */
final class RunState {
    private static final Map<State, List<String>> WORDS = Map.of(
            State.SUCCEEDED,
            List.of("succeeded", "success", "finished", "complete", "completed", "done", "ok", "terminated"),
            State.FAILED,
            List.of(
                    "failed",
                    "fail",
                    "failure",
                    "error",
                    "errored",
                    "crashed",
                    "killed",
                    "abandoned",
                    "aborted",
                    "canceled",
                    "cancelled",
                    "deleted",
                    "diverged",
                    "lost",
                    "metricsunavailable",
                    "preempted",
                    "timeout"),
            State.STOPPED,
            List.of("stopped", "pruned", "early_stopped", "earlystopped", "early stopped"),
            State.RUNNING,
            List.of("running", "inprogress", "in progress", "stopping", "preempting", "dispatched", "active"),
            State.PENDING,
            List.of(
                    "pending",
                    "queued",
                    "scheduled",
                    "waiting",
                    "created",
                    "candidate",
                    "staged",
                    "starting",
                    "new",
                    "unknown"));

    private RunState() {}

    /** The state that a word means; empty if it is none. */
    static Optional<State> of(String word) {
        // pandas writes enums with their type: TrialState.PRUNED, TrialStatus.COMPLETED.
        String plain = word.strip().toLowerCase(Locale.ROOT).replaceFirst("^[a-z]+\\.", "");
        return WORDS.entrySet().stream()
                .filter(state -> state.getValue().contains(plain))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
