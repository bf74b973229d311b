package dev.sweeps.operator.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.operator.trial.LogQueue.Task;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogQueueTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = START;
    private final LogQueue queue = new LogQueue(new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    });

    @Test
    void namespacesTakeTurnsHoweverManyLogsOneHas() {
        for (int i = 0; i < 100; i++) {
            add("many", "n1");
        }
        add("one", "n1");
        assertThat(List.of(take(), take(), take())).extracting(Task::namespace).containsExactly("many", "one", "many");
    }

    @Test
    void aNodeThatDoesNotAnswerIsAskedByOneReaderAfterPausesThatDouble() {
        List<Task> first = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            add("a", "dead");
        }
        for (int i = 0; i < 8; i++) {
            first.add(take());
        }
        first.forEach(task -> queue.done(task, false));
        assertThat(queue.failures("dead").orElseThrow().count()).isEqualTo(1);
        assertThat(queue.next()).isEmpty();
        add("a", "alive");
        assertThat(take().node()).isEqualTo("alive");
        for (int pause : List.of(2, 4, 8, 16, 32, 60, 60)) {
            assertThat(queue.nextAttempt())
                    .contains(queue.failures("dead").orElseThrow().until());
            now = now.plusSeconds(pause - 1);
            assertThat(queue.next()).isEmpty();
            now = now.plusSeconds(1);
            Task probe = take();
            assertThat(queue.next()).isEmpty();
            queue.done(probe, false);
        }
    }

    @Test
    void whatIsBrokenWaitsBehindWhatWorks() {
        add("a", "dead");
        queue.done(take(), false);
        now = now.plus(Duration.ofMinutes(1));
        add("a", "dead");
        add("b", "alive");
        add("b", "alive");
        assertThat(List.of(take(), take(), take())).extracting(Task::node).containsExactly("alive", "alive", "dead");
    }

    @Test
    void aNodeThatAnswersAgainIsLikeAnyOther() {
        add("a", "n1");
        queue.done(take(), false);
        now = now.plusSeconds(2);
        add("a", "n1");
        queue.done(take(), true);
        assertThat(queue.failures("n1")).isEmpty();
        add("a", "n1");
        add("a", "n1");
        assertThat(List.of(take(), take())).hasSize(2);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void aFullQueueTakesNoMore() {
        for (int i = 0; i < LogQueue.MAX_WAITING; i++) {
            add("a", "n1");
        }
        assertThat(queue.add(task("a", "n1"))).isFalse();
    }

    private void add(String namespace, String node) {
        assertThat(queue.add(task(namespace, node))).isTrue();
    }

    private static Task task(String namespace, String node) {
        return new Task(namespace, node, () -> {});
    }

    private Task take() {
        Optional<Task> next = queue.next();
        assertThat(next).isPresent();
        return next.get();
    }
}
