package dev.sweeps.operator.sweep;

import static dev.sweeps.operator.Objects.SWEEP;
import static dev.sweeps.operator.Objects.in;
import static dev.sweeps.operator.Objects.sweep;
import static dev.sweeps.operator.Objects.trial;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sweeps.analysis.Analysis;
import dev.sweeps.api.v1alpha1.Parameter;
import dev.sweeps.api.v1alpha1.Sweep;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.SweepStatus;
import dev.sweeps.api.v1alpha1.Trial;
import dev.sweeps.api.v1alpha1.TrialStatus;
import dev.sweeps.api.v1alpha1.TrialStatus.State;
import dev.sweeps.operator.cluster.Refusal;
import dev.sweeps.operator.status.Conditions;
import dev.sweeps.operator.status.SizeLimits;
import dev.sweeps.operator.sweep.SweepStatusFactory.Headline;
import dev.sweeps.plan.SweepPlan;
import dev.sweeps.plan.SweepTrials;
import dev.sweeps.search.GridSearch;
import dev.sweeps.search.Search;
import dev.sweeps.search.SearchSpace;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SweepStatusFactoryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.5Z");

    private final Sweep sweep = sweep(SWEEP);

    @Test
    void countsAddUpToTheTotal() {
        SweepStatus status = status(trials(State.SUCCEEDED, State.RUNNING));
        assertThat(status.trials())
                .hasToString(
                        "TrialCounts[total=4, waiting=2, pending=0, queued=0, running=1, succeeded=1, failed=0, stopped=0]");
        assertThat(status.columns().trials()).isEqualTo("1/4");
        assertThat(status.state()).isEqualTo(SweepStatus.State.RUNNING);
    }

    @Test
    void theBestIsNamedWithTheParametersThatVary() {
        List<Trial> trials = trials(State.SUCCEEDED, State.SUCCEEDED, State.SUCCEEDED, State.SUCCEEDED);
        SweepStatus status = status(trials);
        assertThat(status.best().trial()).isEqualTo("t3");
        assertThat(status.columns().best()).isEqualTo("0.53");
        assertThat(status.columns().bestParameters()).isEqualTo("lr=0.00003 model=distil");
        assertThat(status.groups())
                .extracting(group -> group.group().get("model") + " " + group.count() + " " + group.mean() + " "
                        + group.best().trial())
                .containsExactly("distil 2 0.52 t3", "bert 2 0.51 t2");
    }

    @Test
    void whatIsLeftIsEstimatedAndWhatWasUsedIsCounted() {
        List<Trial> trials = trials(State.SUCCEEDED, State.RUNNING);
        time(trials.get(0), "2026-01-01T00:00:00Z", "2026-01-01T00:10:00Z");
        time(trials.get(1), "2026-01-01T00:10:00Z", null);
        SweepStatus status = status(trials);
        // One runs for ten minutes from its start, and two wait for it.
        assertThat(status.estimatedCompletionTime()).isEqualTo("2026-01-01T00:40:00Z");
        assertThat(status.gpuSeconds()).isEqualTo(600);
        trials.forEach(
                trial -> time(in(trial, State.SUCCEEDED, "0.5"), "2026-01-01T00:00:00Z", "2026-01-01T00:10:00Z"));
        assertThat(status(trials).estimatedCompletionTime()).isNull();
        assertThat(status(trials).gpuSeconds()).isEqualTo(1200);
    }

    private static void time(Trial trial, String start, String end) {
        trial.setStatus(TrialStatus.builder(trial.state())
                .value(trial.getStatus().value())
                .times(start, end)
                .build());
    }

    @Test
    void aSweepIsCompleteWhenEveryTrialHasEndedAndOneHasAResult() {
        SweepStatus status = status(trials(State.FAILED, State.SUCCEEDED, State.FAILED, State.FAILED));
        assertThat(status.state()).isEqualTo(SweepStatus.State.COMPLETE);
        assertThat(Conditions.isTrue(status.conditions(), "Complete")).isTrue();
        assertThat(Conditions.isTrue(status.conditions(), "Failed")).isFalse();
        assertThat(status.completionTime()).isEqualTo("2026-01-01T00:00:00Z");
    }

    /** Else ttlAfterFinished would never delete it. */
    @Test
    void aSweepThatEndsBeforeAnyTrialHasTheTimeWhenThatWasSeen() {
        Sweep stopped = sweep(SWEEP + "  shutdown: Stop\n");
        SweepStatus status = status(stopped, List.of(), Optional.empty(), NOW);
        assertThat(status.state()).isEqualTo(SweepStatus.State.COMPLETE);
        assertThat(status.completionTime()).isEqualTo("2026-01-01T00:00:00Z");
        stopped.setStatus(status);
        assertThat(status(stopped, List.of(), Optional.empty(), NOW.plusSeconds(60)))
                .isEqualTo(status);
    }

    @Test
    void aSweepHasFailedWhenNoTrialHasAResult() {
        SweepStatus status = status(trials(State.FAILED, State.FAILED, State.FAILED, State.FAILED));
        assertThat(status.state()).isEqualTo(SweepStatus.State.FAILED);
        assertThat(Conditions.isTrue(status.conditions(), "Failed")).isTrue();
    }

    @Test
    void aConditionKeepsItsTimeUntilItChanges() {
        sweep.setStatus(status(trials(State.RUNNING)));
        SweepStatus later = status(sweep, trials(State.RUNNING), Optional.empty(), NOW.plusSeconds(60));
        assertThat(later).isEqualTo(sweep.getStatus());
    }

    @Test
    void whatIsReadBackFromTheServerIsEqualToWhatWasWritten() {
        List<Trial> trials = trials(State.SUCCEEDED, State.SUCCEEDED);
        in(trials.get(0), State.SUCCEEDED, "0.69314079422382672");
        SweepStatus written = status(trials);
        SweepStatus read = Serialization.unmarshal(Serialization.asJson(written), SweepStatus.class);
        assertThat(read).isEqualTo(written);
    }

    /** Rounded to ten digits, their mean is beyond them. */
    @Test
    void theLargestNumbersHaveAMean() {
        String largest = "1.7976931348623157E308";
        List<Trial> trials = trials(State.SUCCEEDED, State.SUCCEEDED, State.SUCCEEDED);
        trials.forEach(trial -> in(trial, State.SUCCEEDED, largest));
        assertThat(status(trials).groups().get(0).mean()).isEqualByComparingTo(largest);
    }

    @Test
    void trialsOfValuesThatWereRemovedDoNotCount() {
        Sweep smaller = sweep(SWEEP.replace("[bert, distil]", "[bert]"));
        List<Trial> trials = trials(State.SUCCEEDED, State.SUCCEEDED, State.SUCCEEDED, State.SUCCEEDED);
        SweepStatus status = status(smaller, trials, Optional.empty(), NOW);
        assertThat(status.trials().succeeded()).isEqualTo(2);
        assertThat(status.best().trial()).isEqualTo("t2");
    }

    /** Without a limit a thousand groups would take half a megabyte. */
    @Test
    void theGroupsWithTheBestValuesAreKeptAndTheOthersCounted() {
        StringBuilder models = new StringBuilder("m1000");
        for (int i = 1001; i < 2000; i++) {
            models.append(", m").append(i);
        }
        Sweep wide = sweep(SWEEP.replace("bert, distil", models.toString()));
        GridSearch grid = new GridSearch(SearchSpace.of(wide.getSpec().parameters()));
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            trials.add(in(trial("t" + i, grid.get(i)), State.SUCCEEDED, "0." + (1000 + i)));
        }
        SweepStatus status = status(wide, trials, Optional.empty(), NOW);
        assertThat(status.groups().size() + status.groupsOmitted()).isEqualTo(1000);
        assertThat(status.groups()).hasSizeGreaterThan(20);
        assertThat(status.groups().get(0).best().value()).isEqualByComparingTo("0.1999");
        assertThat(Serialization.asJson(status)).hasSizeLessThan(32 * 1024);
    }

    @Test
    void longHyperparametersAreLeftOutOfTheBestAndCounted() {
        String text = "x".repeat(SizeLimits.PARAMETERS);
        Sweep wordy = sweep(SWEEP.replace("bert, distil", text + "1, " + text + "2"));
        GridSearch grid = new GridSearch(SearchSpace.of(wordy.getSpec().parameters()));
        List<Trial> trials = List.of(in(trial("t0", grid.get(0)), State.SUCCEEDED, "0.5"));
        SweepStatus status = status(wordy, trials, Optional.empty(), NOW);
        assertThat(status.best().parameters()).containsOnlyKeys("lr");
        assertThat(status.best().parametersOmitted()).isEqualTo(1);
        assertThat(status.columns().bestParameters()).hasSizeLessThanOrEqualTo(SizeLimits.COLUMN);
    }

    @Test
    void whatTheClusterRefusesIsSaidInItsWords() {
        List<Trial> trials = trials(State.RUNNING);
        Refusal refusal = new Refusal("TrialRefused", "exceeded quota: few", NOW);
        SweepStatus status = status(sweep, trials, Optional.of(refusal), NOW);
        Condition complete = Conditions.find(status.conditions(), "Complete").orElseThrow();
        assertThat(complete.getReason()).isEqualTo("TrialRefused");
        assertThat(complete.getMessage()).endsWith("the next trial cannot be created: exceeded quota: few");
    }

    @Test
    void aFailureIsToldWhileOthersStillRunAndAlwaysTheSame() {
        List<Trial> trials = trials(State.RUNNING, State.FAILED, State.FAILED);
        for (Trial failed : trials.subList(1, 3)) {
            failed.setStatus(TrialStatus.builder(State.FAILED)
                    .because("BadInput", "of " + failed.getMetadata().getName())
                    .build());
        }
        Collections.reverse(trials);
        assertThat(Conditions.find(status(trials).conditions(), "Complete")
                        .orElseThrow()
                        .getMessage())
                .isEqualTo("2 of 4 trials have ended: 0 succeeded, 2 failed; trial t1: BadInput: of t1");
    }

    @Test
    void amongEqualValuesTheFirstInRunningOrderIsTheBest() {
        List<Trial> trials = trials(State.SUCCEEDED, State.SUCCEEDED, State.SUCCEEDED);
        trials.forEach(trial -> in(trial, State.SUCCEEDED, "0.5"));
        trials.get(0).getMetadata().setName("z");
        Collections.reverse(trials);
        assertThat(status(trials).best().trial()).isEqualTo("z");
        assertThat(status(trials).best().ties()).isEqualTo(2);
    }

    @Test
    void aSecondTrialOfAPointThatSomeoneMadeByHandConfusesNoCount() {
        List<Trial> trials =
                new ArrayList<>(trials(State.SUCCEEDED, State.SUCCEEDED, State.SUCCEEDED, State.SUCCEEDED));
        trials.addAll(trials(State.SUCCEEDED));
        assertThat(status(trials).trials().waiting()).isZero();
        assertThat(status(trials).state()).isEqualTo(SweepStatus.State.COMPLETE);
    }

    @Test
    void aTrialThatCannotBeReadDoesNotCount() {
        List<Trial> trials = trials(State.SUCCEEDED, State.SUCCEEDED);
        trials.get(0).setSpec(null);
        assertThat(status(trials).trials().succeeded()).isEqualTo(1);
    }

    @Test
    void theAnswerIsGivenOnceNothingRuns() {
        assertThat(status(trials(State.SUCCEEDED, State.SUCCEEDED, State.SUCCEEDED, State.RUNNING))
                        .summary())
                .isNull();
        List<Trial> trials = trials(State.SUCCEEDED, State.SUCCEEDED, State.SUCCEEDED, State.SUCCEEDED);
        SweepStatus unsure = status(trials);
        assertThat(unsure.summary()).contains("too few to say which hyperparameter matters");
        assertThat(unsure.parameters())
                .extracting(parameter -> parameter.importance())
                .containsOnlyNulls();
        trials.forEach(trial -> trial.setStatus(TrialStatus.builder(State.SUCCEEDED)
                .value(trial.getStatus().value())
                .metrics(Map.of("eval_samples", new BigDecimal(1000)), null)
                .build()));
        SweepStatus status = status(trials);
        assertThat(status.summary()).startsWith("Best eval_acc: distil 0.53 (lr=0.00003); bert 0.52 (lr=0.00003).");
        assertThat(status.parameters())
                .extracting(parameter -> parameter.name() + " " + parameter.importance())
                .containsExactly("lr 0.8", "model 0.2");
        assertThat(status.parameters().get(0).values())
                .extracting(value -> value.value() + " " + value.count() + " " + value.mean() + " " + value.best())
                .containsExactly("0.00003 2 0.525 0.53", "0.0003 2 0.505 0.51");
    }

    @Test
    void aSuspendedSweepIsAnsweredWithWhatItHas() {
        Sweep suspended = sweep(SWEEP + "  suspend: true\n");
        List<Trial> trials = trials(State.SUCCEEDED, State.SUCCEEDED);
        SweepStatus status = status(suspended, trials, Optional.empty(), NOW);
        assertThat(status.state()).isEqualTo(SweepStatus.State.SUSPENDED);
        assertThat(status.summary()).isNotNull();
    }

    @Test
    void aStatusIsNeverLargerThan32KilobytesWhateverUsersWrite() {
        for (String text : List.of("x".repeat(3_000), "你".repeat(1_500), "\u0001\"\n".repeat(1_000))) {
            Map<String, Parameter> parameters = new TreeMap<>();
            for (int i = 0; i < 40; i++) {
                parameters.put(text.substring(0, 60) + i, parameter(text + 1));
            }
            parameters.put(
                    "model",
                    parameter(IntStream.range(0, 40).mapToObj(i -> text + i).toArray(String[]::new)));
            parameters.put("lr", parameter(text + "a", text + "b"));
            SweepSpec spec = JSON.convertValue(
                    Map.of(
                            "method",
                            "grid",
                            "metric",
                            Map.of("name", text.substring(0, 200)),
                            "parameters",
                            parameters,
                            "groupBy",
                            List.of("model")),
                    SweepSpec.class);
            Sweep large = sweep(SWEEP);
            large.setSpec(spec);
            GridSearch grid = new GridSearch(SearchSpace.of(spec.parameters()));
            List<Trial> trials = new ArrayList<>();
            for (int i = 0; i < grid.size(); i++) {
                Trial trial =
                        in(trial("t" + i, grid.get(i)), i == 0 ? State.FAILED : State.SUCCEEDED, "0." + (100 + i));
                if (i == 0) {
                    trial.setStatus(TrialStatus.builder(State.FAILED)
                            .because("Error", text.repeat(3))
                            .build());
                }
                trials.add(trial);
            }
            SweepStatus status = status(large, trials, Optional.empty(), NOW);
            assertThat(status.summary()).isNotNull();
            assertThat(Serialization.asJson(status).getBytes(StandardCharsets.UTF_8))
                    .hasSizeLessThan(32_768);
        }
    }

    private static Parameter parameter(String... values) {
        return JSON.convertValue(Map.of("values", List.of(values)), Parameter.class);
    }

    private SweepStatus status(List<Trial> trials) {
        return status(sweep, trials, Optional.empty(), NOW);
    }

    /** Its headline, which is made without it, is always the same. */
    private static SweepStatus status(Sweep sweep, List<Trial> trials, Optional<Refusal> refusal, Instant now) {
        SweepSpec spec = sweep.getSpec();
        Search search = Search.of(spec);
        SweepStatus status = status(sweep, search, trials, refusal, now);
        List<Trial> trimmed = trials.stream().map(KnownTrials::trimmed).toList();
        assertThat(status(sweep, search, trimmed, refusal, now))
                .as("of what the cache keeps")
                .isEqualTo(status);
        SweepTrials all = SweepTrials.of(spec, search, trials);
        SweepPlan plan = SweepPlan.of("rte", spec, search, all);
        assertThat(Headline.of(status)).contains(SweepStatusFactory.headline(sweep, plan, all, refusal));
        return status;
    }

    private static SweepStatus status(
            Sweep sweep, Search search, List<Trial> trials, Optional<Refusal> refusal, Instant now) {
        SweepSpec spec = sweep.getSpec();
        SweepTrials all = SweepTrials.of(spec, search, trials);
        SweepPlan plan = SweepPlan.of("rte", spec, search, all);
        return SweepStatusFactory.status(sweep, plan, all, refusal, table -> Analysis.of(table, spec.groupBy()), now);
    }

    /** The first points, t0, t1, ..., in these states; those that ended well with the values 0.50, 0.51, ... */
    private List<Trial> trials(State... states) {
        GridSearch grid = new GridSearch(SearchSpace.of(sweep.getSpec().parameters()));
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < states.length; i++) {
            trials.add(in(trial("t" + i, grid.get(i)), states[i], states[i] == State.SUCCEEDED ? "0.5" + i : null));
        }
        return trials;
    }
}
