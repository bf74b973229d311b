package dev.sweeps.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeps.analysis.Analysis;
import dev.sweeps.analysis.Noise;
import dev.sweeps.analysis.TrialTable;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.results.table.RunTable;
import dev.sweeps.results.table.RunTable.Columns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsCsvTest {
    /** As Weights and Biases exports the runs of a sweep. */
    private static final String WANDB =
            """
            "Name","State","Notes","User","Tags","Created","Runtime","Sweep","learning_rate","model","eval_acc","eval_loss","_step"
            "fancy-sweep-1","finished","-","me","","2020-10-01T00:00:00.000Z","300","abc","3e-05","bert","0.69","0.61","100"
            "dry-sweep-2","finished","-","me","","2020-10-01T00:00:00.000Z","300","abc","0.0003","bert","0.53","0.7","100"
            "odd-sweep-3","crashed","-","me","","2020-10-01T00:00:00.000Z","12","abc","3e-05","distil, small","NaN","","7"
            "sad-sweep-4","failed","-","me","","2020-10-01T00:00:00.000Z","12","abc","0.0003","distil, small","","","7"
            """;

    @Test
    void anExportOfWeightsAndBiasesIsRead() throws IOException {
        SweepResults results = read(WANDB, "eval_acc");
        assertThat(results.trials())
                .extracting(row -> row.trial() + " " + row.parameters() + " " + row.state() + " " + row.value())
                .containsExactly(
                        "fancy-sweep-1 {learning_rate=0.00003, model=bert} Succeeded 0.69",
                        "dry-sweep-2 {learning_rate=0.0003, model=bert} Succeeded 0.53",
                        "odd-sweep-3 {learning_rate=0.00003, model=distil, small} Failed null",
                        "sad-sweep-4 {learning_rate=0.0003, model=distil, small} Failed null");
        TrialTable table = TrialTable.of(results);
        assertThat(table.results()).hasSize(2);
        assertThat(table.diverged()).hasSize(1);
        assertThat(Noise.of(table).source()).isEqualTo(Noise.Source.EXAMPLES);
    }

    @Test
    void whatIsWrittenIsReadBackAsTheSame() throws IOException {
        SweepResults results = read(WANDB, "eval_acc");
        StringBuilder csv = new StringBuilder();
        ResultsCsv.write(results, csv);
        assertThat(csv.toString())
                .startsWith("trial,learning_rate,model,state,reason,")
                .contains("odd-sweep-3,0.00003,\"distil, small\",Failed,Diverged,");
        SweepResults again = read(csv.toString(), "eval_acc");
        assertThat(TrialTable.of(again)).isEqualTo(TrialTable.of(results));
    }

    @Test
    void tablesOfSpreadsheetsAndOfPandasAreRead() throws IOException {
        for (String csv : List.of(
                "\uFEFFlr,acc\n0.1,0.5\n", "lr;acc\n0.1;0.5\n", "lr\tacc\n0.1\t0.5\n", ",lr,acc\n0,0.1,0.5\n")) {
            assertThat(read(csv, "acc").trials())
                    .as(csv)
                    .extracting(row -> row.parameters() + " " + row.value())
                    .containsExactly("{lr=0.1} 0.5");
        }
    }

    @Test
    void whatCannotBeReadIsSaidWithItsRow() {
        assertThatThrownBy(() -> read("lr,acc\n0.1,0.4\n0.1,\"0,5\"\n", "acc"))
                .hasMessage("row 2: acc is 0,5, which is not a number; write one as 0.5, NaN, or nothing");
        assertThatThrownBy(() -> read("lr,acc\n0.1\n", "acc"))
                .hasMessage("row 1 has 1 cells, and the header has 2; an empty cell needs its separator too");
        assertThatThrownBy(() -> read("lr,acc,acc\n0.1,0.5,1\n", "acc"))
                .hasMessage("the column acc occurs twice; rename one of them");
        assertThatThrownBy(() -> read("", "acc")).hasMessage("the table is empty; its first line names the columns");
    }

    @Test
    void aMissingColumnIsNamedWithThoseThatAreThere() {
        assertThatThrownBy(() -> read(WANDB, "accuracy"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--metric: there is no column accuracy; the columns are Name, State,");
    }

    @Test
    void anAnalysisIsWrittenWithTheNamesThatScriptsRead() throws IOException {
        String json = Documents.json(Analysis.of(TrialTable.of(read(WANDB, "eval_acc")), List.of("model")));
        assertThat(json)
                .contains(
                        "\"importance\":[{\"parameters\":[\"learning_rate\"],\"share\":",
                        "\"noise_share\":",
                        "\"summary\":\"Best eval_acc",
                        "\"best\":{\"trial\":\"fancy-sweep-1\",\"value\":0.69,\"low\":");
    }

    private static SweepResults read(String csv, String metric) throws IOException {
        return RunTable.read(
                        "runs",
                        csv.getBytes(StandardCharsets.UTF_8),
                        new Columns(metric, Goal.MAXIMIZE, List.of(), List.of(), List.of(), 100))
                .results();
    }
}
