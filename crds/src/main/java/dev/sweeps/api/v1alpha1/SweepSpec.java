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
                        "How points are chosen. grid runs every combination of values, in the order of the sorted "
                                + "parameter names, the last one varying fastest. random draws runCap points from the "
                                + "distributions of the parameters. bayes chooses runCap points from the results so far. Cannot be"
                                + " changed, unless the sweep was Rejected before any trial ran.")
                Method method,
        @Required
                @JsonPropertyDescription(
                        "The metric to optimize: its name, which every trial reports, and its direction. Cannot be "
                                + "changed, unless the sweep was Rejected before any trial ran.")
                Metric metric,
        @Required
                @Size(min = 1, max = 1_000)
                @JsonPropertyDescription(
                        "The search space: hyperparameters by name. A trial gets each as an argument and in the "
                                + "environment (SWEEP_PARAM_<NAME>, and all as JSON in SWEEP_PARAMETERS). Values can be added "
                                + "while the sweep runs; only the new points run. Trials of removed values stay and no longer "
                                + "count.")
                Map<String, Parameter> parameters,
        @JsonPropertyDescription("CEL expression over parameters. Only combinations for which it is true run, e.g. "
                        + "parameters.batch * parameters.length <= 4096. Write parameters['NAME'] for a name that is not "
                        + "an identifier. A change takes effect at once.")
                String where,
        @Min(1) @Max(1_000_000) @JsonPropertyDescription("Maximum number of points. Required for random and bayes.")
                Integer runCap,
        @Min(-9_007_199_254_740_991.0)
                @Max(9_007_199_254_740_991.0)
                @JsonPropertyDescription(
                        "Seed of random and bayes (default 0). The same file with the same seed gives the same points. "
                                + "With replicates, the seed of the first replicate (default 42).")
                Long seed,
        @Min(1)
                @Max(100)
                @JsonPropertyDescription(
                        "Number of times that each point runs (default 1). The trials get an additional parameter seed: "
                                + "42, 43 and so on, or numbers from the seed of the sweep. Rankings use the mean.")
                Integer replicates,
        @JsonPropertyDescription(
                        "Stops poor trials early. A stopped trial is Stopped, not Failed, and keeps its last value.")
                EarlyTerminate earlyTerminate,
        @Size(max = 4_096)
                @JsonPropertyDescription(
                        "The training program, as in Weights & Biases. ${program} in command stands for it. The default "
                                + "trainer image runs run_glue.py. Cannot be changed, unless the sweep was Rejected before any "
                                + "trial ran.")
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
                        "Parameters that form groups. status.groups reports the best trial for each combination of their"
                                + " values. A change takes effect at once.")
                List<String> groupBy,
        @Default("1")
                @Min(0)
                @Max(100_000)
                @JsonPropertyDescription(
                        "Maximum number of trials in flight (default 1). A change takes effect at once: more trials "
                                + "start, or none until enough have ended. 0, which leaves admission to the queue of queueName, is"
                                + " not supported yet.")
                Integer parallelism,
        @JsonPropertyDescription(
                        "The accelerators that each trial requests. The default is one nvidia.com/gpu. A change applies "
                                + "to trials that start after it.")
                Gpu gpu,
        @JsonPropertyDescription(
                        "A PodTemplateSpec (metadata and spec, as in a Job) that is merged over the default one: "
                                + "containers, volumes and env by name, volumeMounts by mountPath. The log and the result are read"
                                + " from the container called trainer; set its image to run your own program. A change applies to "
                                + "trials that start after it.")
                Map<String, Object> template,
        @Default("1")
                @Min(0)
                @Max(100)
                @JsonPropertyDescription(
                        "Number of times that a failed trial is tried again (default 1). Evictions and other disruptions"
                                + " do not count, up to 50 of them. Failures of the default trainer that another attempt would "
                                + "repeat (a wrong argument, a missing file, a loss that is not a number) are not tried again. A "
                                + "change applies to trials that start after it.")
                Integer retries,
        @Size(max = 32)
                @Pattern("^([0-9]+h)?([0-9]+m)?([0-9]+s)?$")
                @JsonPropertyDescription(
                        "Maximum duration of a trial, e.g. 90m or 1h30m. A trial that runs longer is Failed with reason "
                                + "DeadlineExceeded and is not tried again. A change applies to trials that start after it.")
                String trialTimeout,
        @Min(1)
                @Max(1_000_000)
                @JsonPropertyDescription(
                        "Number of failed trials after which no more trials start. The sweep is Failed when the running "
                                + "trials have ended.")
                Integer maxFailedTrials,
        @Size(max = 253) @JsonPropertyDescription("Not supported yet: the Kueue LocalQueue that admits the trials.")
                String queueName,
        @Size(max = 32)
                @Pattern("^([0-9]+h)?([0-9]+m)?([0-9]+s)?$")
                @JsonPropertyDescription(
                        "Time after which a finished sweep is deleted with its Trials and Jobs, e.g. 24h.")
                String ttlAfterFinished,
        @JsonPropertyDescription(
                        "While true, no new trials start. Running trials finish. A change takes effect at once.")
                Boolean suspend,
        @JsonPropertyDescription(
                        "Ends the sweep. With Stop, no new trials start and running trials finish. With Cancel, running "
                                + "trials are ended too. Results are kept. A change takes effect at once.")
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
