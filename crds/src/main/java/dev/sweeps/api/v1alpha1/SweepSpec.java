package dev.sweeps.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/** The desired sweep: a W&amp;B sweep configuration, and how it runs on the cluster. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.method == 'grid' || has(self.runCap)",
        message =
                "runCap is missing, and random and bayes never end by themselves; set it to the number of points to run")
@ValidationRule(
        value =
                "self.method == 'grid' || !has(self.runCap) || self.runCap * (has(self.replicates) ? self.replicates : 1) <= 100000",
        message = "runCap, times replicates, is more than the 100000 trials that are run in one sweep; lower it",
        fieldPath = ".runCap")
@ValidationRule(
        value = "self.method != 'grid' || !has(self.seed) || has(self.replicates)",
        message =
                "seed has no meaning for a grid, which has no random choice; remove it, or set replicates; a seed of the trainer is a parameter",
        fieldPath = ".seed")
public record SweepSpec(
        @Required
                @JsonPropertyDescription(
                        "How points are chosen: grid runs every combination of values, in the order of the sorted"
                                + " parameter names with the last varying fastest; random draws runCap points from the"
                                + " distributions of the parameters; bayes chooses runCap points by what was observed"
                                + " before. Cannot be changed, unless the sweep was Rejected before any trial ran.")
                Method method,
        @Required
                @JsonPropertyDescription(
                        "What is optimised: the name of a metric that every trial reports, and which way. Cannot be"
                                + " changed, unless the sweep was Rejected before any trial ran.")
                Metric metric,
        @Required
                @Size(min = 1, max = 1_000)
                @JsonPropertyDescription(
                        "The search space: hyperparameters by name. Each is given to the trial as an argument and in"
                                + " the environment (SWEEP_PARAM_<NAME>, and all of them as JSON in SWEEP_PARAMETERS)."
                                + " Values may be added while the sweep runs, and only the new points are run; trials of"
                                + " values that are removed stay, and count no more.")
                Map<String, Parameter> parameters,
        @JsonPropertyDescription(
                        "CEL expression over parameters; only the combinations for which it is true are run, e.g."
                                + " parameters.batch * parameters.length <= 4096. A name that is no identifier is written"
                                + " parameters['NAME']. A change holds at once, as one of parameters does.")
                String where,
        @Min(1) @Max(1_000_000) @JsonPropertyDescription("Run at most so many points; required for random and bayes.")
                Integer runCap,
        @Min(-9_007_199_254_740_991.0)
                @Max(9_007_199_254_740_991.0)
                @JsonPropertyDescription(
                        "Seed of random and bayes, from which every choice follows (default 0): the same file gives the same"
                                + " points. With replicates, the seed of the first replicate (default 42).")
                Long seed,
        @Min(1)
                @Max(100)
                @JsonPropertyDescription(
                        "Run each point so many times (default 1). Each time the trial is given a parameter seed more: 42,"
                                + " 43 and so on, or what follows the seed of the sweep. Rankings use the mean.")
                Integer replicates,
        @JsonPropertyDescription(
                        "Stop poor trials before their end. A stopped trial is Stopped, not Failed, and keeps its value.")
                EarlyTerminate earlyTerminate,
        @Size(max = 4_096)
                @JsonPropertyDescription(
                        "The program that trains, as in Weights & Biases; ${program} in command stands for it. The"
                                + " default trainer image runs run_glue.py. Cannot be changed, unless the sweep was"
                                + " Rejected before any trial ran.")
                String program,
        @Size(max = 256)
                @JsonPropertyDescription(
                        "The command line of a trial, an element per word, with the macros of Weights & Biases:"
                                + " ${env}, ${interpreter}, ${program}, ${args}, ${args_no_equals}, ${args_no_hyphens},"
                                + " ${args_no_boolean_flags}, ${args_json}, ${args_json_file}, ${args_append_hydra},"
                                + " ${args_override_hydra}, ${envvar:NAME}. Default: ${env}"
                                + " ${interpreter} ${program} ${args}. Cannot be changed, unless the sweep was Rejected"
                                + " before any trial ran.")
                List<String> command,
        @Size(max = 32)
                @JsonPropertyDescription(
                        "Parameters to report a separate best for, in status.groups: one group for each combination of"
                                + " their values. A change holds at once.")
                List<String> groupBy,
        @Default("1")
                @Min(0)
                @Max(100_000)
                @JsonPropertyDescription(
                        "How many trials are in flight at once (default 1). A change holds at once: more are started, or"
                                + " none until enough have ended. 0, which leaves the pace to the queue of queueName, is"
                                + " not run by this version.")
                Integer parallelism,
        @JsonPropertyDescription(
                        "The accelerators that each trial requests; one nvidia.com/gpu when not given. A change holds for"
                                + " trials that are started after it.")
                Gpu gpu,
        @JsonPropertyDescription(
                        "A PodTemplateSpec (metadata and spec, as in a Job) that is merged over the default one:"
                                + " containers, volumes and env by name, volumeMounts by mountPath. The container whose"
                                + " log and result are read is called trainer; name an image there to run a program of"
                                + " your own. A change holds for trials that are started after it.")
                Map<String, Object> template,
        @Default("1")
                @Min(0)
                @Max(100)
                @JsonPropertyDescription(
                        "How often a trial that failed by itself is tried again (default 1). Evictions and other"
                                + " disruptions do not count, up to 50 of them. Failures of the default trainer that would"
                                + " come again (a wrong argument, a file that is missing, a loss that is no number) are not"
                                + " tried again. A change holds for trials that are started after it.")
                Integer retries,
        @Size(max = 32)
                @Pattern("^([0-9]+h)?([0-9]+m)?([0-9]+s)?$")
                @JsonPropertyDescription(
                        "End a trial that runs longer, e.g. 90m or 1h30m; it is then Failed with reason DeadlineExceeded,"
                                + " and not tried again. A change holds for trials that are started after it.")
                String trialTimeout,
        @Min(1)
                @Max(1_000_000)
                @JsonPropertyDescription(
                        "Start no more trials when so many have failed; the sweep is Failed once those that run have ended.")
                Integer maxFailedTrials,
        @Size(max = 253) @JsonPropertyDescription("Not run by this version. Kueue LocalQueue that admits the trials.")
                String queueName,
        @Size(max = 32)
                @Pattern("^([0-9]+h)?([0-9]+m)?([0-9]+s)?$")
                @JsonPropertyDescription("Delete the sweep, with all it made, so long after it finished, e.g. 24h.")
                String ttlAfterFinished,
        @JsonPropertyDescription("Start no new trials while true; running ones finish. A change holds at once.")
                Boolean suspend,
        @JsonPropertyDescription(
                        "End the sweep: Stop starts no new trials and lets running ones finish, Cancel ends those too and"
                                + " keeps the results that there are. A change holds at once.")
                Shutdown shutdown) {

    public SweepSpec {
        parameters = parameters == null ? Map.of() : parameters;
        groupBy = groupBy == null ? List.of() : List.copyOf(groupBy);
        parallelism = parallelism == null ? 1 : parallelism;
        retries = retries == null ? 1 : retries;
        replicates = replicates == null ? 1 : replicates;
        gpu = gpu == null ? Gpu.DEFAULT : gpu;
        suspend = suspend != null && suspend;
    }
}
