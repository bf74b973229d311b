package dev.sweeps.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.SweepStatus.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalIT extends SweepTest {
    private static final String VALID = BUSYBOX.formatted("refused", "echo eval_acc=0.5");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "method: grid           | method: gird         | spec.method: Unsupported value: \"gird\": supported values: \"bayes\", \"grid\", \"random\"",
                "b: {values: [1, 2, 3]} | b: {values: []}      | spec.parameters.b.values: Invalid value: 0: spec.parameters.b.values in body should have at least 1 items",
                "parallelism: 2         | paralelism: 2        | unknown field \"spec.paralelism\"",
                "parallelism: 2         | parallelism: -1      | spec.parallelism: Invalid value: -1: spec.parallelism in body should be greater than or equal to 0",
                "name: refused          | name: a.b            | metadata.name in body should match",
                "name: eval_acc, goal: maximize | goal: maximize | spec.metric.name: Required value",
                "name: refused          | name: a23456789-a23456789-a23456789-a23456789-a23456789-abc | has more than 52 characters; use at most 52",
                "parallelism: 2 | parallelism: x | spec.parallelism in body must be of type integer",
                "parallelism: 2 | parallelism: 2.5 | spec.parallelism in body must be of type int32",
                "parallelism: 2 | retrys: 1 | unknown field \"spec.retrys\"",
                "retries: 0 | retries: -1 | spec.retries in body should be greater than or equal to 0",
                "retries: 0 | retries: 1000 | spec.retries in body should be less than or equal to 100",
                "parallelism: 2 | gpu: {count: -1} | spec.gpu.count in body should be greater than or equal to 0",
                "parallelism: 2 | gpu: {resourceName: gpu} | spec.gpu.resourceName in body should match",
                "parallelism: 2 | trialTimeout: soon | spec.trialTimeout in body should match",
                "parallelism: 2 | ttlAfterFinished: 5 | spec.ttlAfterFinished in body must be of type string",
                "parallelism: 2 | shutdown: Later | spec.shutdown: Unsupported value: \"Later\": supported values: \"Cancel\", \"Stop\"",
                "parallelism: 2 | suspend: often | spec.suspend in body must be of type boolean",
                "parallelism: 2 | runCap: 0 | spec.runCap in body should be greater than or equal to 1",
                "parallelism: 2 | replicates: 0 | spec.replicates in body should be greater than or equal to 1",
                "parallelism: 2 | earlyTerminate: {type: median} | supported values: \"hyperband\"",
                "goal: maximize | goal: max | spec.metric.goal: Unsupported value: \"max\": supported values: \"maximize\", \"minimize\"",
                "goal: maximize | select: first | spec.metric.select: Unsupported value: \"first\": supported values: \"best\", \"last\"",
                "goal: maximize | target: high | spec.metric.target in body must be of type number",
                "name: eval_acc | name: '' | spec.metric.name in body should be at least 1 chars long",
                "groupBy: [a] | groupBy: a | spec.groupBy in body must be of type array",
                "b: {values: [1, 2, 3]} | b: [1, 2, 3] | spec.parameters.b in body must be of type object",
                "b: {values: [1, 2, 3]} | b: {values: 1} | spec.parameters.b.values in body must be of type array",
                "b: {values: [1, 2, 3]} | b: {min: low, max: 1} | spec.parameters.b.min in body must be of type number",
                "b: {values: [1, 2, 3]} | b: {vals: [1]} | unknown field \"spec.parameters.b.vals\""
            })
    void theApiServerRefusesWhatTheSchemaExcludes(String line, String instead, String message) {
        Shell.Result result = apply(VALID.replace(line, instead));
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.output()).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "b: {values: [1, 2, 3]} | b: {min: 0.5, max: 2} | parameters.b: is continuous, and a grid runs every value",
                "groupBy: [a]           | groupBy: [c]          | groupBy[0]: c is not one of parameters (a, b); name one of these",
                "[sh, -c,               | [sh, \"${argz}\", -c, | command[1]: ${argz} is not a macro; use one of",
                "containers: [{name: trainer, | containers: [{name: trainer, imagee: x, | template: Job in version \"v1\" cannot be handled as a Job: strict decoding error: unknown field \"spec.template.spec.containers[0].imagee\"",
                "terminationGracePeriodSeconds: 1 | activeDeadlineSeconds: 0 | spec.template.spec.activeDeadlineSeconds: Invalid value: 0",
                "terminationGracePeriodSeconds: 1 | restartPolicy: Always | spec.template.spec.restartPolicy"
            })
    void otherProblemsAreReportedBeforeAnythingRuns(String line, String instead, String message) {
        create(VALID.replace(line, instead));
        SweepStatus status = awaitEnd("refused");
        assertThat(status.state()).isEqualTo(State.REJECTED);
        assertThat(condition(status, "Accepted").getMessage()).contains(message);
        assertThat(trials("refused")).isEmpty();
    }

    /** Fields that cannot be changed later, because results would be mixed, can be corrected while there are no results. */
    @Test
    void aWrongCommandIsMendedByApplyingTheRightOne() {
        create(VALID.replace("[sh, -c,", "[sh, \"${argz}\", -c,"));
        awaitStatus("refused", status -> status.state() == State.REJECTED);
        create(VALID);
        awaitStatus("refused", status -> status.state() == State.COMPLETE);
        assertThat(apply(VALID.replace("[sh, -c,", "[sh, -x, -c,")).output()).contains("command cannot be changed");
    }

    @Test
    void aRefusedSweepThatIsMendedRuns() {
        create(VALID.replace("groupBy: [a]", "groupBy: [c]"));
        awaitStatus("refused", status -> status.state() == State.REJECTED);
        create(VALID);
        assertThat(awaitStatus("refused", status -> status.state() == State.COMPLETE)
                        .trials()
                        .succeeded())
                .isEqualTo(6);
    }

    @Test
    void theSpecOfATrialCannotBeChanged() {
        create(VALID);
        awaitEnd("refused");
        String trial = trials("refused").get(0).getMetadata().getName();
        Shell.Result result = patch("trial", trial, "{\"spec\":{\"parameters\":{\"a\":5}}}");
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.output()).contains("spec of a Trial cannot be changed, because a Trial is its parameters");
    }
}
