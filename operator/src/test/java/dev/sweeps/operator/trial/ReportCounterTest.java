package dev.sweeps.operator.trial;

import static dev.sweeps.operator.Objects.SWEEP;
import static dev.sweeps.operator.Objects.sweep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import dev.sweeps.metrics.LogDigest;
import dev.sweeps.operator.trial.ReportCounter.Counted;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReportCounterTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.5Z");

    private final SweepSpec spec = sweep(SWEEP + "  earlyTerminate: {type: hyperband, minIter: 1, eta: 2}\n")
            .getSpec();
    private final StringBuilder log = new StringBuilder();
    private ReportCounter counter = ReportCounter.after(null, "pod", spec);
    private int requests;

    @Test
    void whatHasBeenCountedIsNotCountedAgain() {
        print(0, "eval_acc=0.1");
        print(0, "eval_acc=0.2");
        Counted first = count(false);
        print(0, "eval_acc=0.3");
        log.append(START.plusSeconds(1)).append(" eval_acc=0.");
        Counted second = count(false);
        assertThat(first.reports().count()).isEqualTo(2);
        assertThat(second.reports().count()).isEqualTo(3);
        log.append("4");
        assertThat(count(true).reports().atBands()).hasToString("{1=0.1, 2=0.2, 4=0.4}");
    }

    @Test
    void aLongLogIsReadInPieces() {
        String noise = "7".repeat(1 << 20);
        for (int i = 1; i <= 9; i++) {
            print(i, noise);
            print(i, "eval_acc=0." + i);
        }
        assertThat(count(true).reports().count()).isEqualTo(9);
        assertThat(requests).isBetween(3, 5);
    }

    @Test
    void aSecondOfMoreThanAPieceIsReadWhole() {
        for (int i = 1; i <= 9; i++) {
            print(1, "7".repeat(1 << 20));
            print(1, "eval_acc=0." + i);
        }
        assertThat(count(true).reports().count()).isEqualTo(9);
    }

    /** A line that fills whatever may be asked for ends no reading and holds up none. */
    @Test
    void whatCannotBeReadIsPassedOver() {
        print(1, "x".repeat(ReportCounter.MAX_SECOND));
        print(2, "eval_acc=0.1");
        assertThat(count(true).reports().count()).isEqualTo(1);
        assertThat(requests).isEqualTo(4);
    }

    @Test
    void whatIsDrawnOverIsOneReportWithItsLastState() {
        print(1, "eval_acc=0.1\reval_acc=0.2");
        assertThat(count(false).reports().atBands()).hasToString("{1=0.2}");
    }

    /** The kubelet throws away the beginning of a log that has become long. */
    @Test
    void anotherOperatorCountsOnFromWhatTheStatusSays() {
        print(0, "step=5 eval_acc=0.1");
        print(1, "step=10 eval_acc=0.2");
        print(2, "step=15 loss=0.3");
        Counted before = count(false);
        TrialStatus status = TrialStatus.builder(TrialStatus.State.RUNNING)
                .bands(before.reports().count(), before.reports().bands())
                .lastReport(before.lastReport().toString())
                .progress(
                        15L,
                        List.of(new MetricPoint(5, new BigDecimal("0.1")), new MetricPoint(10, new BigDecimal("0.2"))))
                .ranAs("job", "pod", "node")
                .build();
        TrialStatus ofSomebodyElse = TrialStatus.builder(TrialStatus.State.RUNNING)
                .bands(7, List.of())
                .lastReport("yesterday")
                .ranAs("job", "pod", "node")
                .build();
        log.delete(0, log.indexOf("\n") + 1);
        print(3, "step=10 eval_acc=0.25");
        print(4, "step=15 eval_acc=0.3");
        print(5, "step=20 eval_acc=0.4");
        counter = ReportCounter.after(status, "pod", spec);
        assertThat(count(true).reports().atBands()).hasToString("{1=0.1, 2=0.2, 4=0.4}");
        assertThat(ReportCounter.after(ofSomebodyElse, "pod", spec).counted()).isEqualTo(Counted.NOTHING);
        assertThat(ReportCounter.after(null, "pod", spec).counted()).isEqualTo(Counted.NOTHING);
    }

    private Counted count(boolean ended) {
        counter.read(this::since, ended);
        return counter.counted();
    }

    /** Times differ by some nanoseconds, as the kubelet gives them. */
    private void print(int second, String line) {
        log.append(START.plusSeconds(second).plusNanos(log.length()))
                .append(' ')
                .append(line)
                .append('\n');
    }

    /** As the kubelet does it: whole seconds, and the first bytes. */
    private String since(Instant time, int bytes) {
        requests++;
        Instant from = time.truncatedTo(ChronoUnit.SECONDS);
        String text = LogDigest.lines(log.toString())
                .filter(line ->
                        !Instant.parse(line.substring(0, line.indexOf(' '))).isBefore(from))
                .collect(Collectors.joining("\n"));
        String all = text.isEmpty() || log.charAt(log.length() - 1) != '\n' ? text : text + "\n";
        return all.substring(0, Math.min(all.length(), bytes));
    }
}
