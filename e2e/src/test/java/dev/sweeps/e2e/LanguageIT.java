package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.SweepStatus.State;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The words of a sweep that end it, filter it, repeat it and hand its parameters over. */
class LanguageIT extends SweepTest {
    private static final String AT_ONCE = "gpu: {count: 0}\n  parallelism: 4";

    private static String sweep(String name, String script, String lines) {
        return BUSYBOX.formatted(name, script).replace("parallelism: 2", AT_ONCE) + lines;
    }

    private Set<String> values(String sweep, String parameter) {
        return trials(sweep).stream()
                .map(trial -> trial.getSpec().parameters().get(parameter).toString())
                .collect(Collectors.toSet());
    }

    @Test
    void randomDrawsAsManyPointsAsRunCapAndAnotherSweepOfTheSameSeedTheSame() {
        String yaml = sweep("%s", "echo eval_acc=0.5", "  runCap: 5\n  seed: 3\n")
                .replace("method: grid", "method: random")
                .replace("a: {values: [1, 2]}", "a: {distribution: log_uniform_values, min: 1.0e-5, max: 0.1}");
        create(yaml.formatted("one"));
        create(yaml.formatted("two"));
        assertThat(awaitEnd("one").trials().succeeded()).isEqualTo(5);
        assertThat(awaitEnd("two").trials().total()).isEqualTo(5);
        assertThat(values("one", "a")).hasSize(5).isEqualTo(values("two", "a"));
        // A deleted trial is the same point again.
        Trial deleted = trials("one").get(2);
        kubectl("delete", "trial", deleted.getMetadata().getName());
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> trials("one").size() == 5 && trials("one").stream().allMatch(Trial::hasEnded));
        assertThat(values("one", "a")).isEqualTo(values("two", "a"));
    }

    @Test
    void aFilterKeepsWhatItIsTrueForAndAnEditRunsOnlyWhatIsNew() {
        String yaml = sweep("where", "echo eval_acc=0.$SWEEP_PARAM_A$SWEEP_PARAM_B", "  where: %s\n");
        create(yaml.formatted("parameters.a * parameters.b <= 3"));
        assertThat(awaitEnd("where").trials().total()).isEqualTo(4);
        List<String> before = trials("where").stream()
                .map(trial -> trial.getMetadata().getUid())
                .toList();
        create(yaml.formatted("parameters.a * parameters.b >= 3"));
        SweepStatus status = awaitStatus(
                "where", now -> now.state() == State.COMPLETE && now.trials().total() == 3);
        assertThat(status.trials().succeeded()).isEqualTo(3);
        assertThat(trials("where")).hasSize(6);
        assertThat(trials("where").stream().map(trial -> trial.getMetadata().getUid()))
                .containsAll(before);
    }

    @Test
    void replicatesHaveASeedEach() {
        create(one("again", "echo eval_acc=0.$SWEEP_PARAM_SEED; echo \"$0\"") + "  replicates: 3\n");
        SweepStatus status = awaitEnd("again");
        assertThat(status.trials().succeeded()).isEqualTo(3);
        assertThat(trials("again").stream()
                        .map(trial -> trial.getStatus().value().toPlainString()))
                .containsExactlyInAnyOrder("0.42", "0.43", "0.44");
        assertThat(status.best().value()).isEqualByComparingTo("0.43");
    }

    @Test
    void parametersOfEveryKindArriveInEveryForm() {
        String script =
                "cat \"$2\"; echo; cat $WANDB_SWEEP_PARAM_PATH; echo \" $WANDB_MODE\"; for w; do echo \"word $w\"; done; echo \"env $SWEEP_PARAM_LIST\"; echo eval_acc=1";
        create(
                """
                apiVersion: sweeps.dev/v1alpha1
                kind: Sweep
                metadata: {name: kinds}
                spec:
                  method: grid
                  metric: {name: eval_acc}
                  gpu: {count: 0}
                  retries: 0
                  command: [sh, -c, '%s', sh, "dir=${envvar:HERE}/x", "${args_json_file}", "${args}", "${now:y}-$(HERE)"]
                  parameters:
                    list: {value: [64, "it's", null]}
                    nothing: {values: [null]}
                    optimizer: {parameters: {lr: {value: 3e-4}, name: {value: adam}}}
                    text: {value: "two\\nlines $(HERE) \\"q\\" ünï"}
                  template:
                    spec:
                      containers: [{name: trainer, image: "localhost/busybox:1", env: [{name: HERE, value: /data}]}]
                """
                        .formatted(script.replace("'", "''")));
        SweepStatus status = awaitEnd("kinds");
        String log =
                kubectl("logs", "job/" + trials("kinds").get(0).getMetadata().getName());
        assertThat(log)
                .contains(
                        "{\"list\": [64, \"it's\", null], \"nothing\": null, \"optimizer\": {\"lr\": 0.0003, \"name\": \"adam\"}, \"text\": \"two\\nlines $(HERE) \\\"q\\\" \\u00fcn\\u00ef\"}")
                .contains(
                        "{\"wandb_version\":1,\"list\":{\"value\":[64,\"it's\",null]},\"nothing\":{\"value\":null},\"optimizer\":{\"value\":{\"lr\":0.0003,\"name\":\"adam\"}},\"text\":{\"value\":\"two\\nlines $(HERE) \\\"q\\\" ünï\"}} offline\n")
                .contains("word dir=/data/x\n")
                .contains("word --list=[64, \"it's\", None]\n")
                .contains("word --nothing=None\n")
                .contains("word --optimizer={'lr': 0.0003, 'name': 'adam'}\n")
                .contains("word --text=two\nlines $(HERE) \"q\" ünï\n")
                .contains("word ${now:y}-$(HERE)\n")
                .contains("env [64,\"it's\",null]\n");
        assertThat(status.state()).isEqualTo(State.COMPLETE);
        assertThat(trials("kinds").get(0).getSpec().parameters())
                .containsEntry("optimizer.lr", ParameterValue.number("0.0003"));
    }

    @Test
    void aPoorTrialIsStoppedEarlyAndKeepsItsValue() {
        // Trial b=1 is poor from the first report on; the others reach the band before it does.
        String script = "i=0; [ $SWEEP_PARAM_B = 1 ] && sleep 15;"
                + " while [ $i -lt 6 ]; do i=$((i+1)); echo step=$i eval_acc=0.$SWEEP_PARAM_B;"
                + " [ $SWEEP_PARAM_B = 1 ] && [ $i = 3 ] && sleep 300; done; true";
        create(sweep("early", script, "  earlyTerminate: {type: hyperband, minIter: 2, eta: 2}\n")
                .replace("a: {values: [1, 2]}", "a: {values: [1]}"));
        SweepStatus status = awaitStatus("early", now -> now.state() == State.COMPLETE);
        assertThat(status.trials().stopped()).isEqualTo(1);
        assertThat(status.trials().failed()).isZero();
        TrialStatus stopped = trials("early").stream()
                .filter(trial -> trial.state() == TrialStatus.State.STOPPED)
                .findFirst()
                .orElseThrow()
                .getStatus();
        assertThat(stopped.value()).isEqualByComparingTo("0.1");
        assertThat(stopped.reason()).isEqualTo("Hyperband");
        assertThat(stopped.message()).isEqualTo("at report 2 eval_acc was 0.1, and 0.2 or better went on");
        Awaitility.await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(
                        client.batch().v1().jobs().inNamespace(namespace).list().getItems())
                .hasSize(2));
    }

    /** 24,000 lines and 5 MB, of which the last 5,000 are read for the metrics: reports are counted over all of them. */
    @Test
    void reportsOfALogThatIsLongerThanWhatIsReadAtOnceAreCounted() {
        String script = "line=$(printf %0200d 7); i=0; while [ $i -lt 8 ]; do i=$((i+1));"
                + " j=0; while [ $j -lt 3000 ]; do j=$((j+1)); echo $line; done; echo step=$i eval_acc=0.$i; done;"
                + " [ $SWEEP_PARAM_B = 1 ] && sleep 60; true";
        create(sweep("long", script, "  earlyTerminate: {type: hyperband, minIter: 1, eta: 2, strict: true}\n")
                .replace("a: {values: [1, 2]}", "a: {values: [1]}"));
        awaitEnd("long");
        assertThat(trials("long")).hasSize(3).allSatisfy(trial -> {
            assertThat(trial.getStatus().reports()).isEqualTo(8);
            assertThat(trial.getStatus().bands())
                    .extracting(band -> band.report() + " " + band.value())
                    .containsExactly("1 0.1", "2 0.2", "4 0.4", "8 0.8");
        });
    }

    @Test
    void aSweepEndsAtItsTarget() {
        create(sweep("target", "echo eval_acc=0.$SWEEP_PARAM_A$SWEEP_PARAM_B", "")
                .replace("parallelism: 4", "parallelism: 1")
                .replace("goal: maximize", "goal: maximize, target: 0.12"));
        SweepStatus status = awaitEnd("target");
        assertThat(status.state()).isEqualTo(State.COMPLETE);
        assertThat(status.trials().succeeded()).isEqualTo(2);
        assertThat(condition(status, "Complete").getReason()).isEqualTo("TargetReached");
        assertThat(condition(status, "Complete").getMessage())
                .contains("no more are started: a trial has reached metric.target, 0.12");
    }

    @Test
    void aSweepEndsAsFailedWhenTooManyFail() {
        create(sweep("fails", "exit 1", "  maxFailedTrials: 2\n").replace("parallelism: 4", "parallelism: 1"));
        SweepStatus status = awaitEnd("fails");
        assertThat(status.state()).isEqualTo(State.FAILED);
        assertThat(status.trials().failed()).isEqualTo(2);
        assertThat(condition(status, "Failed").getReason()).isEqualTo("TooManyFailed");
    }

    @Test
    void stopLetsTrialsFinishAndCancelEndsThem() {
        String yaml = sweep("%s", "echo eval_acc=0.1; sleep 20; echo eval_acc=0.2", "")
                .replace("parallelism: 4", "parallelism: 2");
        create(yaml.formatted("stop"));
        create(yaml.formatted("cancel"));
        awaitStatus("stop", now -> now.trials() != null && now.trials().running() == 2);
        awaitStatus("cancel", now -> now.trials() != null && now.trials().running() == 2);
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> trials("cancel").stream()
                .allMatch(trial -> trial.getStatus().value() != null));
        patch("sweep", "stop", "{\"spec\":{\"shutdown\":\"Stop\"}}");
        patch("sweep", "cancel", "{\"spec\":{\"shutdown\":\"Cancel\"}}");
        SweepStatus cancelled = awaitEnd("cancel");
        assertThat(cancelled.trials().stopped()).isEqualTo(2);
        // They keep what they had reported, and are not ranked: it is not their final value.
        assertThat(trials("cancel"))
                .allSatisfy(trial -> assertThat(trial.getStatus().value()).isEqualByComparingTo("0.1"));
        assertThat(cancelled.best()).isNull();
        assertThat(condition(cancelled, "Complete").getReason()).isEqualTo("Cancelled");
        SweepStatus stopped = awaitEnd("stop");
        assertThat(stopped.trials().succeeded()).isEqualTo(2);
        assertThat(stopped.best().value()).isEqualByComparingTo("0.2");
        assertThat(condition(stopped, "Complete").getReason()).isEqualTo("Stopped");
    }

    @Test
    void aTrialThatRunsTooLongFailsAndIsNotTriedAgain() {
        create(one("slow", "echo eval_acc=0.1; sleep 300").replace("retries: 0", "retries: 3")
                + "  trialTimeout: 3s\n");
        SweepStatus status = awaitEnd("slow");
        assertThat(status.state()).isEqualTo(State.FAILED);
        TrialStatus trial = trials("slow").get(0).getStatus();
        assertThat(trial.reason()).isEqualTo("DeadlineExceeded");
        assertThat(trial.attempts()).isEqualTo(1);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> client.pods().inNamespace(namespace).list().getItems().stream()
                        .noneMatch(pod -> pod.getStatus().getPhase().equals("Running")));
    }

    @Test
    void aFinishedSweepIsDeletedWhenItsTimeHasPassed() {
        create(one("brief", "echo eval_acc=0.1") + "  ttlAfterFinished: 3s\n");
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> sweep("brief") == null);
    }
}
