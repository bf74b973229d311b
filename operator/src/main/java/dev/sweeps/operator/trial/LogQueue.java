package dev.sweeps.operator.trial;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which log is read next. Each namespace has its turn, so that many logs of one delay no other, and a node that did not answer is asked by one
 * reader at a time, after a pause that doubles with each failure: what is broken waits behind what works. Not safe for several threads.
 */
final class LogQueue {
    /** Maximum number of waiting logs. If the queue is full, the log is requested again in the next pass of its trial. */
    static final int MAX_WAITING = 10_000;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    /** Maximum number of nodes whose failures are remembered. */
    private static final int MAX_NODES = 10_000;

    private final Clock clock;
    private final Map<Lane, Deque<Task>> waiting = new LinkedHashMap<>();
    private final Map<String, Integer> runningOfNamespace = new HashMap<>();
    private final Map<String, Integer> runningOfNode = new HashMap<>();
    private final Map<String, Failures> failing = new LinkedHashMap<>();
    private int size;

    LogQueue(Clock clock) {
        this.clock = clock;
    }

    /** A log to read. */
    record Task(String namespace, String node, Runnable reading) {
        Lane lane() {
            return new Lane(namespace, node);
        }
    }

    /** The logs of one namespace on one node. */
    private record Lane(String namespace, String node) {}

    /**
     * A node that did not answer.
     *
     * @param until when it is asked again
     */
    record Failures(int count, Instant until) {}

    /** Adds a task; returns false if the queue is full. */
    boolean add(Task task) {
        if (size >= MAX_WAITING) {
            return false;
        }
        waiting.computeIfAbsent(task.lane(), none -> new ArrayDeque<>()).add(task);
        size++;
        return true;
    }

    /** Takes the task of the namespace with the fewest readers, then of the node with the fewest; empty if none may run now. */
    Optional<Task> next() {
        Optional<Lane> lane = waiting.keySet().stream()
                .filter(candidate -> mayRun(candidate.node))
                .min(Comparator.comparing((Lane candidate) -> failing.containsKey(candidate.node))
                        .thenComparing(candidate -> runningOfNamespace.getOrDefault(candidate.namespace, 0))
                        .thenComparing(candidate -> runningOfNode.getOrDefault(candidate.node, 0)));
        return lane.map(chosen -> {
            // Removed and added at the end, so that lanes take turns.
            Deque<Task> tasks = waiting.remove(chosen);
            Task task = tasks.remove();
            if (!tasks.isEmpty()) {
                waiting.put(chosen, tasks);
            }
            size--;
            runningOfNamespace.merge(chosen.namespace, 1, Integer::sum);
            runningOfNode.merge(chosen.node, 1, Integer::sum);
            return task;
        });
    }

    private boolean mayRun(String node) {
        Failures failures = failing.get(node);
        return failures == null
                || runningOfNode.getOrDefault(node, 0) == 0 && !clock.instant().isBefore(failures.until);
    }

    /** Records the end of a task that {@link #next} returned. */
    void done(Task task, boolean nodeAnswered) {
        less(runningOfNamespace, task.namespace);
        less(runningOfNode, task.node);
        if (nodeAnswered) {
            failing.remove(task.node);
            return;
        }
        Failures before = failing.get(task.node);
        // Requests that were in flight at the same time count as one failure.
        if (before == null || !clock.instant().isBefore(before.until)) {
            int count = before == null ? 1 : before.count + 1;
            Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(count - 1, 5));
            failing.put(
                    task.node,
                    new Failures(
                            count, clock.instant().plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE)));
            if (failing.size() > MAX_NODES) {
                failing.remove(failing.keySet().iterator().next());
            }
        }
    }

    private static void less(Map<String, Integer> running, String key) {
        running.computeIfPresent(key, (name, count) -> count == 1 ? null : count - 1);
    }

    /** Returns the failures of a node; empty if its last answer was good or it was never asked. */
    Optional<Failures> failures(String node) {
        return Optional.ofNullable(failing.get(node));
    }

    /** Returns when a waiting task of a failed node may run; empty if none waits. */
    Optional<Instant> nextAttempt() {
        return waiting.keySet().stream()
                .map(lane -> failing.get(lane.node))
                .filter(failures -> failures != null)
                .map(Failures::until)
                .min(Comparator.naturalOrder());
    }

    boolean isEmpty() {
        return size == 0;
    }
}
