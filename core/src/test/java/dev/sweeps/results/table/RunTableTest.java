package dev.sweeps.results.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sweeps.analysis.Analysis;
import dev.sweeps.analysis.TrialTable;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.TrialStatus.MetricPoint;
import dev.sweeps.results.Documents;
import dev.sweeps.results.ResultsCsv;
import dev.sweeps.results.SweepResults;
import dev.sweeps.results.TrialRow;
import dev.sweeps.results.table.RunTable.Columns;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables as other tools write them: which format they are, what their hyperparameters are, and which runs count. */
class RunTableTest {
    @Test
    void mlflow() {
        RunTable table = read(
                """
                run_id,experiment_id,status,artifact_uri,start_time,end_time,metrics.val_acc,params.lr,params.opt,tags.mlflow.runName
                a1,3,FINISHED,s3://x/a,2026-11-20 08:00:00+00:00,,0.66,1e-05,adamw,upbeat-fox
                a2,3,FAILED,s3://x/b,2026-11-20 08:00:00+00:00,,0.97,1e-05,sgd,sad-fox
                a3,3,KILLED,s3://x/c,2026-11-20 08:00:00+00:00,,0.96,1e-04,sgd,gone-fox
                a4,3,RUNNING,s3://x/d,2026-11-20 08:00:00+00:00,,0.95,1e-03,sgd,fast-fox
                """,
                "val_acc");
        assertThat(rows(table))
                .containsExactly(
                        "upbeat-fox {params.lr=0.00001, params.opt=adamw} Succeeded null 0.66",
                        "sad-fox {params.lr=0.00001, params.opt=sgd} Failed FAILED 0.97",
                        "gone-fox {params.lr=0.0001, params.opt=sgd} Failed KILLED 0.96",
                        "fast-fox {params.lr=0.001, params.opt=sgd} Running RUNNING 0.95");
        assertThat(table.notes().get(0))
                .isEqualTo(
                        "read as an export of MLflow; hyperparameters: params.lr, params.opt (--parameters and --ignore change this);"
                                + " 1 of 4 runs are ranked; not ranked: 1 failed (sad-fox), 1 killed (gone-fox), 1 running (fast-fox)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"N/A", "n/a", "NA", "<NA>", "None", "null", "-", "--", ""})
    void aCellWithoutAValueIsListed(String cell) {
        RunTable table = read("Name,State,lr,acc\na,finished,1,0.5\nb,finished,2," + cell + "\n", "acc");
        assertThat(table.notes().get(0)).contains("1 of 2 runs are ranked; not ranked: 1 without a value (b)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e400", "-1E+999", "inf", "-Infinity", "NaN", "np.float64(nan)"})
    void aValueThatIsNotFiniteHasDiverged(String cell) {
        RunTable table = read("Name,State,lr,acc\na,finished,1,np.float64(0.5)\nb,finished,2," + cell + "\n", "acc");
        assertThat(table.notes().get(0)).contains("1 of 2 runs are ranked; not ranked: 1 diverged (b)");
        assertThat(table.results().trials().get(0).value()).isEqualByComparingTo("0.5");
    }

    @Test
    void runsOfRayThatMayHaveBeenStoppedEarlyAreToldOf() {
        String table =
                "trial_id,done,training_iteration,acc,config/lr\na,True,10,0.5,1\nb,True,%s,0.6,2\nc,False,1,0.7,3\n";
        assertThat(read(table.formatted("3"), "acc").notes())
                .anyMatch(note -> note.startsWith("training_iteration differs between the ranked runs."));
        assertThat(read(table.formatted("10"), "acc").notes()).noneMatch(note -> note.startsWith("training_iteration"));
    }

    @Test
    void aRunWithoutAStateIsListed() {
        assertThat(read("Name,State,lr,acc\na,finished,1,0.5\nb,,2,0.9\n", "acc")
                        .notes()
                        .get(0))
                .contains("not ranked: 1 without a state (b)");
    }

    @Test
    void aHyperparameterMayBeTooLargeForADouble() {
        assertThat(read("lr,acc\n1e400,0.5\n1,0.6\n", "acc")
                        .results()
                        .trials()
                        .get(0)
                        .parameters())
                .hasToString("{lr=1e400}");
    }

    @Test
    void aQuoteThatIsNotClosedIsNamedByItsRow() {
        assertThatThrownBy(() -> read("lr,acc\n0.1,\"0.9\n0.2,0.8\n", "acc"))
                .isInstanceOf(InvalidTable.class)
                .hasMessage(
                        "row 1 cannot be read: EOF reached before encapsulated token finished; a quote within a quoted"
                                + " cell is written twice");
    }

    /** Each of these has a row for each step of one training, or of several. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "trial_id,training_iteration,done,acc,config/lr\na,1,False,0.1,1\na,2,False,0.2,1\na,3,True,0.3,1",
                "trial_id,training_iteration,acc,config/lr\na,1,0.1,1\nb,1,0.2,2\na,2,0.3,1\nb,2,0.3,2\na,3,0.4,1",
                ",_step,_runtime,_timestamp,acc,lr\n0,0,1,1,0.1,0.3\n1,1,2,2,0.2,0.2\n2,2,3,3,0.3,0.1",
                "epoch,acc,loss,val_acc,val_loss\n0,0.1,1,0.1,1\n1,0.2,1,0.1,1\n2,0.3,1,0.1,1",
                "epoch,step,acc,loss\n0,9,,0.5\n0,9,0.1,\n1,19,,0.4\n1,19,0.2,",
                "run_id,key,acc,step,timestamp\na,val_acc,0.1,1,1\na,val_acc,0.2,2,2\na,val_acc,0.3,3,3",
                "Wall time,Step,acc\n1,100,0.1\n2,200,0.2\n3,300,0.3",
                "   epoch,   acc,   lr/pg0\n   1,   0.1,   0.01\n   2,  0.2,  0.02\n   3,  0.3,  0.01"
            })
    void theRowsOfALearningCurveAreNoRuns(String table) {
        assertThatThrownBy(() -> read(table + "\n", "acc"))
                .isInstanceOf(InvalidTable.class)
                .hasMessageContaining("has a row for each step (column ")
                .hasMessageContaining("export the table of runs instead");
    }

    /** The last epoch of each run, whatever its order, is no count of steps. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Name,State,epoch,lr,acc\na,finished,1,0.1,0.1\nb,finished,2,0.2,0.2\nc,finished,3,0.3,0.3",
                "epoch,lr,acc\n3,0.1,0.1\n5,0.2,0.2\n9,0.3,0.3",
                "epoch,lr,acc\n9,0.1,0.1\n9,0.2,0.2\n9,0.3,0.3",
                "epoch,lr,acc\n1,0.1,0.1\n3,0.2,0.2\n2,0.3,0.3",
                "epochs,lr,acc\n1,0.1,0.1\n2,0.2,0.2\n3,0.3,0.3",
                "epoch,lr,acc\n1,0.1,0.1\n2,0.2,0.2"
            })
    void theLastEpochOfEachRunIsNoLearningCurve(String table) {
        assertThat(read(table + "\n", "acc").results().trials()).hasSizeGreaterThan(1);
    }

    @Test
    void runsThatDifferOnlyInTheirSeedAreReplicates() {
        String table = "run,seed,fold,random_state,lr,acc\na,1,1,7,0.1,0.5\nb,2,2,8,0.1,0.6\n";
        assertThat(read(table, "acc").results().trials())
                .allSatisfy(row -> assertThat(row.parameters()).hasToString("{lr=0.1}"));
    }

    @Test
    void theGoalIsThatOfTheToolOrTold() {
        RunTable scores = withoutAGoal("param_C,mean_test_score,rank_test_score\n1,0.9,2\n2,0.95,1\n", null);
        assertThat(scores.results().goal()).isEqualTo(Goal.MAXIMIZE);
        assertThat(scores.notes()).noneMatch(note -> note.contains("smallest"));
        RunTable reward = withoutAGoal("number,value,params_lr,state\n0,0.9,1,COMPLETE\n", null);
        assertThat(reward.results().goal()).isEqualTo(Goal.MINIMIZE);
        assertThat(reward.notes())
                .contains("the smallest value counts as the best; if more is better, add --goal maximize");
        assertThat(withoutAGoal("lr,val/loss\n1,0.5\n", "val/loss").notes())
                .noneMatch(note -> note.contains("smallest"));
    }

    private static RunTable withoutAGoal(String table, String metric) {
        return RunTable.read(
                "runs",
                table.getBytes(StandardCharsets.UTF_8),
                new Columns(metric, null, List.of(), List.of(), List.of(), null));
    }

    @Test
    void optuna() {
        RunTable table = read(
                """
                ,number,value,datetime_start,datetime_complete,duration,params_lr,params_opt,user_attrs_seed,system_attrs_fixed,state
                0,0,0.7,2026-01-01,2026-01-01,0 days,0.1,sgd,7,,COMPLETE
                1,1,0.9,2026-01-01,2026-01-01,0 days,0.2,sgd,7,,PRUNED
                2,2,,2026-01-01,2026-01-01,0 days,0.3,sgd,7,,TrialState.FAIL
                """,
                null);
        assertThat(rows(table))
                .containsExactly(
                        "0 {params_lr=0.1, params_opt=sgd} Succeeded null 0.7",
                        "1 {params_lr=0.2, params_opt=sgd} Stopped PRUNED 0.9",
                        "2 {params_lr=0.3, params_opt=sgd} Failed TrialState.FAIL null");
        assertThat(TrialTable.of(table.results()).results()).hasSize(1);
        assertThat(read("Number,State,Value,Param lr\n0,Complete,0.7,0.1\n", null)
                        .results()
                        .trials()
                        .get(0)
                        .parameters())
                .hasToString("{Param lr=0.1}");
    }

    @Test
    void rayTune() {
        RunTable table = read(
                """
                mean_accuracy,loss,timestamp,done,training_iteration,trial_id,date,pid,hostname,node_ip,config/lr,config/opt,logdir
                0.66,0.7,1764300000,True,8,7f_0,2026-11-20,4100,ray-0,10.0.0.11,1e-05,adamw,/r/0
                0.99,0.7,1764300000,False,8,7f_1,2026-11-20,4100,ray-0,10.0.0.11,1e-05,sgd,/r/1
                """,
                "mean_accuracy");
        assertThat(rows(table))
                .containsExactly(
                        "7f_0 {config/lr=0.00001, config/opt=adamw} Succeeded null 0.66",
                        "7f_1 {config/lr=0.00001, config/opt=sgd} Running not done 0.99");
    }

    @Test
    void katib() {
        assertThat(rows(read(
                        """
                        trialName,Status,Validation-accuracy,Train-accuracy,lr,num-layers,optimizer
                        b-52d66cfb,Succeeded,0.113854,0.112390,0.010342079129038503,5,ftrl
                        b-5837197b,EarlyStopped,0.979100,0.994220,0.024782287934498225,2,sgd
                        b-5837197c,MetricsUnavailable,,,0.02,2,sgd
                        """,
                        "Validation-accuracy")))
                .containsExactly(
                        "b-52d66cfb {lr=0.010342079129038503, num-layers=5, optimizer=ftrl} Succeeded null 0.113854",
                        "b-5837197b {lr=0.024782287934498225, num-layers=2, optimizer=sgd} Stopped EarlyStopped 0.979100",
                        "b-5837197c {lr=0.02, num-layers=2, optimizer=sgd} Failed MetricsUnavailable null");
    }

    @Test
    void namesOfRunsAreNoHyperparameters() {
        for (String header :
                List.of("Trial name", "trial-id", "Run ID", "run name", "Experiment Name", "experiment_id")) {
            assertThat(read(header + ",lr,acc\na,0.1,0.5\nb,0.2,0.6\n", "acc")
                            .results()
                            .varying())
                    .as(header)
                    .containsExactly("lr");
        }
    }

    /** As NNI and KerasTuner name them: the table of a tool that is not known by itself. */
    @Test
    void identifiersAndOtherMeasurementsAreNoHyperparameters() {
        RunTable table = read(
                """
                trialJobId,sequenceId,status,duration,intermediateCount,reward,rmse,r2,std_reward,mean_fit_time,lr,hiddenSize
                GqLrN,0,SUCCEEDED,10,3,0.91,0.5,0.8,0.01,1.2,0.1,128
                uvwxy,1,EARLY_STOPPED,4,1,0.95,0.4,0.8,0.01,1.2,0.001,256
                xyzab,2,USER_CANCELED,4,1,0.96,0.4,0.8,0.01,1.2,0.001,256
                """,
                "reward");
        assertThat(rows(table))
                .containsExactly(
                        "GqLrN {hiddenSize=128, lr=0.1} Succeeded null 0.91",
                        "uvwxy {hiddenSize=256, lr=0.001} Stopped EARLY_STOPPED 0.95",
                        "xyzab {hiddenSize=256, lr=0.001} Failed USER_CANCELED 0.96");
        assertThat(rows(read("lr,precision,recall,f1\n0.1,0.5,0.6,0.7\n", "f1")))
                .containsExactly("row 1 {lr=0.1} Succeeded null 0.7");
        assertThat(rows(read("lr,precision,f1\n0.1,bf16,0.7\n", "f1")))
                .containsExactly("row 1 {lr=0.1, precision=bf16} Succeeded null 0.7");
    }

    /** Oklahoma. */
    @Test
    void aColumnOfOtherWordsIsNotThatOfTheStates() {
        assertThat(rows(read("state,lr,acc\nOK,0.1,0.5\nTX,0.2,0.6\nNY,0.3,0.7\n", "acc")))
                .allMatch(row -> row.contains("Succeeded"));
    }

    @Test
    void aWordThatIsNoKnownStateIsNotThatOfARunThatFinished() {
        RunTable table = read("trial_id,score,status,lr\n00,0.91,COMPLETED,0.1\n01,0.95,VAPORIZED,0.2\n", "score");
        assertThat(rows(table)).containsExactly("00 {lr=0.1} Succeeded null 0.91", "01 {lr=0.2} Failed VAPORIZED 0.95");
        assertThat(table.notes().get(1))
                .isEqualTo("unknown states in column status: VAPORIZED; these runs are not ranked");
    }

    @Test
    void sageMaker() {
        assertThat(rows(read(
                        """
                        ,batch_size,learning_rate,TrainingJobName,TrainingJobStatus,FinalObjectiveValue,TrainingStartTime,TrainingEndTime,TrainingElapsedTimeSeconds
                        1,\"""512\""",0.065706,pytorch-training-001,Completed,2045.0,2023-03-20 20:42:07+00:00,2023-03-20 20:54:08+00:00,721.0
                        0,\"""128\""",0.002556,pytorch-training-002,Stopped,167.0,2023-03-20 20:42:07+00:00,2023-03-20 20:54:08+00:00,721.0
                        """,
                        null)))
                .containsExactly(
                        "pytorch-training-001 {batch_size=512, learning_rate=0.065706} Succeeded null 2045.0",
                        "pytorch-training-002 {batch_size=128, learning_rate=0.002556} Stopped Stopped 167.0");
    }

    @Test
    void scikitLearn() {
        assertThat(rows(read(
                        """
                        mean_fit_time,std_fit_time,param_C,param_kernel,params,split0_test_score,mean_test_score,std_test_score,rank_test_score
                        0.1,0.0,1,rbf,"{'C': 1, 'kernel': 'rbf'}",0.9,0.91,0.01,1
                        0.1,0.0,10,linear,"{'C': 10, 'kernel': 'linear'}",nan,nan,nan,2
                        """,
                        null)))
                .containsExactly(
                        "row 1 {param_C=1, param_kernel=rbf} Succeeded null 0.91",
                        "row 2 {param_C=10, param_kernel=linear} Failed Diverged null");
    }

    @Test
    void ax() {
        assertThat(rows(read(
                        """
                        trial_index,arm_name,trial_status,generation_node,accuracy,lr,momentum
                        0,0_0,COMPLETED,Sobol,0.9,0.1,0.5
                        1,1_0,FAILED,Sobol,0.99,0.2,0.5
                        2,2_0,EARLY_STOPPED,MBM,0.98,0.3,0.5
                        """,
                        "accuracy")))
                .containsExactly(
                        "0_0 {lr=0.1, momentum=0.5} Succeeded null 0.9",
                        "1_0 {lr=0.2, momentum=0.5} Failed FAILED 0.99",
                        "2_0 {lr=0.3, momentum=0.5} Stopped EARLY_STOPPED 0.98");
    }

    @Test
    void hyperopt() {
        assertThat(rows(read(
                        """
                        state,tid,spec,exp_key,owner,version,result.loss,result.status,misc.tid,misc.idxs.lr,misc.vals.lr,misc.vals.opt
                        2,0,,,,0,0.3,ok,0,[0],[np.float64(0.01)],[np.int64(1)]
                        2,1,,,,0,,fail,1,[1],[0.02],[]
                        """,
                        null)))
                .containsExactly(
                        "0 {misc.vals.lr=0.01, misc.vals.opt=1} Succeeded null 0.3",
                        "1 {misc.vals.lr=0.02} Failed fail null");
    }

    @Test
    void wandb() {
        RunTable table = read(
                """
                Name,State,Notes,User,Tags,Created,Runtime,Sweep,batch_size,optimizer,learning_rate,train_batch_size,eval/accuracy,train/learning_rate,trainer/global_step,gpu.0.temp,_wandb
                s-1,finished,-,me,,2026,600,k3,16,adamw,1e-05,8,0.66,0,466,54.3,"{""runtime"":612}"
                s-2,crashed,-,me,,2026,600,k3,16,"{""name"": ""sgd""}",1e-05,8,0.95,0,466,54.3,"{""runtime"":612}"
                s-3,finished,-,me,,2026,600,k3,32,adamw,1e-05,8,Infinity,0,466,54.3,"{""runtime"":612}"
                s-4,finished,-,me,,2026,600,k3,64,adamw,1e-05,8,,0,466,54.3,"{""runtime"":612}"
                """,
                "eval/accuracy");
        assertThat(rows(table))
                .containsExactly(
                        "s-1 {batch_size=16, learning_rate=0.00001, optimizer=adamw, train_batch_size=8} Succeeded null 0.66",
                        "s-2 {batch_size=16, learning_rate=0.00001, optimizer={\"name\": \"sgd\"}, train_batch_size=8} Failed crashed 0.95",
                        "s-3 {batch_size=32, learning_rate=0.00001, optimizer=adamw, train_batch_size=8} Failed Diverged null",
                        "s-4 {batch_size=64, learning_rate=0.00001, optimizer=adamw, train_batch_size=8} Failed without a value null");
    }

    @Test
    void aProjectOfWandbIsUnpacked() {
        assertThat(rows(read(
                        """
                        ,summary,config,name
                        0,"{'eval_acc': 0.6653, '_step': 40, '_wandb': {'runtime': 61}}","{'lr': 1e-05, 'layers': [64, 64], 'opt': {'name': 'adamw'}}",eager-1
                        1,"{'eval_acc': nan, '_step': 40}","{'lr': 1e-04}",eager-2
                        """,
                        "eval_acc")))
                .containsExactly(
                        "eager-1 {config.layers=[64,64], config.lr=0.00001, config.opt.name=adamw} Succeeded null 0.6653",
                        "eager-2 {config.lr=0.0001} Failed Diverged null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eval_acc", "Step", "s-1 - eval_acc"})
    void aChartOfWandbIsRefusedWithTheWayOut(String metric) {
        assertThatThrownBy(() ->
                        read("Step,s-1 - eval_acc,s-1 - eval_acc__MIN,s-1 - eval_acc__MAX\n0,0.5,0.5,0.5\n", metric))
                .hasMessageContaining(
                        "holds the points of a chart, a row for each step; export the table of runs instead");
    }

    @Test
    void encodingsAreRecognised() {
        String csv = "Name,State,Gr\u00F6\u00DFe,acc\nLauf 0,finished,2,0.66\n";
        for (Charset charset : List.of(
                StandardCharsets.UTF_8,
                StandardCharsets.UTF_16, // With a mark.
                StandardCharsets.UTF_16LE,
                StandardCharsets.UTF_16BE,
                StandardCharsets.ISO_8859_1)) {
            assertThat(rows(RunTable.read("runs", csv.getBytes(charset), columns("acc"))))
                    .as(charset.name())
                    .containsExactly("Lauf 0 {Gr\u00F6\u00DFe=2} Succeeded null 0.66");
        }
        assertThat(RunTable.read("runs", csv.getBytes(StandardCharsets.ISO_8859_1), columns("acc"))
                        .notes())
                .contains("it is not UTF-8, and was read as windows-1252");
        assertThatThrownBy(() -> RunTable.read("runs", new byte[] {0x50, 0x4B, 3, 4, 0, 0, 0, 0, 8, 0}, columns("acc")))
                .hasMessage("is not a text file; export the runs as CSV");
    }

    @Test
    void decimalCommasAreRead() {
        assertThat(rows(read("Name;State;lr;acc\na;finished;0,0001;0,8045\nb;finished;1e-05;1\n", "acc")))
                .containsExactly("a {lr=0.0001} Succeeded null 0.8045", "b {lr=0.00001} Succeeded null 1");
        assertThat(rows(read("sep=;\nName;lr;acc\na;0,1;0,8\n", "acc")))
                .containsExactly("a {lr=0.1} Succeeded null 0.8");
        assertThatThrownBy(() -> read("Name;lr;acc\na;0.1;0,8\n", "acc"))
                .hasMessage(
                        "row 1: acc is 0,8, and row 1: lr is 0.1; write all numbers with a decimal point, or all with a comma");
        assertThatThrownBy(() -> read("Name;lr;acc\na;1;1,234\n", "acc")).hasMessageContaining("a group of thousands");
    }

    @Test
    void whatIsNoTableIsRefusedInOneSentence() {
        assertThatThrownBy(() -> read("lr,acc\n0.1,\"0.4\n", "acc"))
                .hasMessageContaining("a quote within a quoted cell");
        assertThatThrownBy(() -> read("", "acc")).hasMessage("the table is empty; its first line names the columns");
        assertThatThrownBy(() -> read("lr,val_acc\n0.1,0.4\n", "acc"))
                .hasMessage("--metric: there is no column acc; did you mean val_acc?; the columns are lr, val_acc");
        assertThatThrownBy(() -> read("[{\"trial\": \"a\",\n 1", "acc")).hasMessageStartingWith("is broken JSON: ");
        for (String json : List.of(
                "[{\"trial\": \"a\"",
                "[{\"lr\": 0.1, \"acc\": 0.5}]",
                "[1]",
                "{\"a\": 1}",
                "[null]",
                "[{\"parameters\": {}}]")) {
            assertThatThrownBy(() -> read(json, "acc"))
                    .as(json)
                    .isInstanceOf(InvalidTable.class)
                    .hasMessageMatching("is (JSON, but not|broken JSON).*");
        }
    }

    @Test
    void columnsCanBeChosen() {
        String csv = "Name,lr,note_of_mine,acc\na,0.1,x,0.5\nb,0.2,y,0.6\n";
        assertThat(RunTable.read(
                                "r",
                                csv.getBytes(StandardCharsets.UTF_8),
                                new Columns("acc", Goal.MAXIMIZE, List.of(), List.of(), List.of("note_of_mine"), null))
                        .results()
                        .varying())
                .containsExactly("lr");
        assertThat(RunTable.read(
                                "r",
                                csv.getBytes(StandardCharsets.UTF_8),
                                new Columns("acc", Goal.MAXIMIZE, List.of(), List.of("note_of_mine"), List.of(), null))
                        .results()
                        .varying())
                .containsExactly("note_of_mine");
    }

    @Test
    void aColumnStateThatSaysNoStatesIsAnOrdinaryOne() {
        assertThat(rows(read("state,lr,acc\nNY,0.1,0.5\n", "acc")))
                .containsExactly("row 1 {lr=0.1} Succeeded null 0.5");
        assertThat(rows(read("status,lr,acc\nfailed,0.1,0.5\n", "acc")))
                .containsExactly("row 1 {lr=0.1} Failed failed 0.5");
    }

    /** Whatever a sweep holds: text that looks like a number, a failed trial with a value, a stopped one, null, lists. */
    @Test
    void ourOwnResultsComeBackAsTheyWere() throws IOException {
        List<TrialRow> trials = new ArrayList<>();
        trials.add(row("t-1", 0, "Failed", "Error", "0.8", ParameterValue.number("8")));
        trials.add(row("t-2", 1, "Succeeded", null, "0.7", ParameterValue.text("8")));
        trials.add(row("t-3", 2, "Stopped", "Hyperband", "0.75", ParameterValue.text("true")));
        trials.add(row("t-4", 3, "Succeeded", "Collapsed", "0.5", new ParameterValue(true)));
        trials.add(row("t-5", 4, "Running", null, "0.99", new ParameterValue(JsonNodeFactory.instance.nullNode())));
        trials.add(row("t-6", 5, "Succeeded", null, "0.6", ParameterValue.text("")));
        trials.add(row("t-7", 6, "Failed", "Diverged", null, ParameterValue.text(" a,\"b\"\n[1")));
        trials.add(row(
                "t-8",
                7,
                "Pending",
                null,
                null,
                new ParameterValue(JsonNodeFactory.instance.arrayNode().add(1).add("x"))));
        SweepResults results = read("Name,acc\na,1\n", "acc").results().withTrials(trials);
        StringBuilder csv = new StringBuilder();
        ResultsCsv.write(results, csv);
        for (String text : List.of(csv.toString(), Documents.prettyJson(trials))) {
            SweepResults again = read(text, "acc").results();
            assertThat(again.trials())
                    .extracting(
                            TrialRow::trial,
                            TrialRow::parameters,
                            TrialRow::state,
                            TrialRow::reason,
                            TrialRow::value,
                            TrialRow::metrics)
                    .containsExactlyElementsOf(trials.stream()
                            .map(row -> org.assertj.core.groups.Tuple.tuple(
                                    row.trial(),
                                    row.parameters(),
                                    row.state(),
                                    row.reason(),
                                    row.value(),
                                    row.metrics()))
                            .toList());
            assertThat(Documents.json(Analysis.of(TrialTable.of(again), List.of())))
                    .isEqualTo(Documents.json(Analysis.of(TrialTable.of(results), List.of())));
        }
    }

    private static TrialRow row(String name, int number, String state, String reason, String value, ParameterValue a) {
        BigDecimal decimal = value == null ? null : new BigDecimal(value);
        return new TrialRow(
                name,
                number,
                Map.of("a", a, "state", ParameterValue.text("x")),
                state,
                reason,
                null,
                decimal,
                decimal == null ? Map.of() : Map.of("acc", decimal),
                null,
                1,
                null,
                null,
                null,
                null,
                null,
                null,
                decimal == null ? null : List.of(new MetricPoint(1, decimal)));
    }

    private static RunTable read(String text, String metric) {
        return RunTable.read("runs", text.getBytes(StandardCharsets.UTF_8), columns(metric));
    }

    private static Columns columns(String metric) {
        return new Columns(metric, Goal.MAXIMIZE, List.of(), List.of(), List.of(), null);
    }

    private static List<String> rows(RunTable table) {
        return table.results().trials().stream()
                .map(row -> row.trial() + " " + row.parameters() + " " + row.state() + " " + row.reason() + " "
                        + row.value())
                .toList();
    }
}
