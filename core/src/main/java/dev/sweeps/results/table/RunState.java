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
            List.of(
                    "succeeded",
                    "success",
                    "finished",
                    "published",
                    "complete",
                    "completed",
                    "done",
                    "ok",
                    "terminated"),
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
                    "abort",
                    "aborted",
                    "boot_fail",
                    "broken",
                    "canceled",
                    "cancelled",
                    "crash",
                    "deadline",
                    "deleted",
                    "died",
                    "diverged",
                    "infeasible",
                    "interrupted",
                    "invalid",
                    "lost",
                    "memout",
                    "metricsunavailable",
                    "node_fail",
                    "oom",
                    "out_of_memory",
                    "preempted",
                    "skipped",
                    "sys_canceled",
                    "timeout",
                    "upstream_failed",
                    "user_canceled"),
            State.STOPPED,
            List.of("stopped", "pruned", "early_stopped", "earlystopped", "early stopped"),
            State.RUNNING,
            List.of(
                    "running",
                    "inprogress",
                    "in progress",
                    "in_progress",
                    "finalizing",
                    "stopping",
                    "preempting",
                    "dispatched",
                    "active",
                    "reserved"),
            State.PENDING,
            List.of(
                    "pending",
                    "queued",
                    "scheduled",
                    "waiting",
                    "created",
                    "candidate",
                    "idle",
                    "notstarted",
                    "preparing",
                    "provisioning",
                    "suspended",
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
