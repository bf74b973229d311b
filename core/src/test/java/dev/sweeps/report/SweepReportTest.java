package dev.sweeps.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.Specs;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.results.SweepResults;
import dev.sweeps.results.table.RunTable;
import dev.sweeps.results.table.RunTable.Columns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SweepReportTest {
    @Test
    void theCommandOfTheBestGroupComesFirst() throws IOException {
        SweepResults results = RunTable.read(
                        "runs",
                        "Name,lr,model,acc\na,0.1,bert,0.5\nb,0.2,bert,0.6\nc,0.1,xl,0.7\nd,0.2,xl,0.8\n"
                                .getBytes(StandardCharsets.UTF_8),
                        new Columns("acc", Goal.MAXIMIZE, List.of("model"), List.of(), List.of(), null))
                .results();
        SweepReport report = SweepReport.of(
                results,
                Optional.of(
                        Specs.of(
                                """
                                method: grid
                                metric: {name: acc}
                                program: train.py
                                parameters: {lr: {values: [0.1, 0.2]}, model: {values: [bert, xl]}}
                                """)));
        assertThat(report.commands().keySet()).containsExactly("d", "b");
        assertThat(report.commands().get("d")).endsWith("train.py --lr=0.2 --model=xl");
        assertThat(SweepReport.of(results, Optional.empty()).commands()).isEmpty();
    }
}
