package dev.sweeps.validation;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.EarlyTerminate;
import dev.sweeps.api.v1alpha1.Method;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.command.CommandLine;
import dev.sweeps.command.ProgramParameters;
import dev.sweeps.command.TrialCommand;
import dev.sweeps.command.TrialCommand.Form;
import dev.sweeps.command.TrialEnvironment;
import dev.sweeps.metrics.MetricPattern;
import dev.sweeps.metrics.MetricPattern.InvalidPattern;
import dev.sweeps.plan.DurationText;
import dev.sweeps.search.Hyperband;
import dev.sweeps.search.InvalidParameter;
import dev.sweeps.search.InvalidWhere;
import dev.sweeps.search.Search;
import dev.sweeps.search.SearchSpace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a sweep's spec gets wrong beyond what the schema can say, and what this version does not run: a field that would be ignored is
 * refused instead. Each problem is one sentence that names the field, the value, the rule and the way out.
 */
public final class SweepValidator {
    /** Hydra's names too: {@code +experiment}, {@code optimizer@head}, {@code ~callbacks}. */
    private static final Pattern PARAMETER_NAME = Pattern.compile("(?:\\+{1,2}|~)?[A-Za-z_][A-Za-z0-9_./@-]*");

    /** Annotations of a Pod hold 256 KiB together, and the parameters are one of them. */
    private static final int MAX_FILE_ON_CLUSTER = 240_000;

    /** Names, quotes and the variables beside the parameters. */
    private static final int MARGIN = 1_024;

    private static final List<String> YAML_BOOLEANS = List.of("true", "false");

    private final SweepSpec spec;
    private final List<String> problems = new ArrayList<>();
    private Optional<Search> search = Optional.empty();

    private SweepValidator(SweepSpec spec) {
        this.spec = spec;
    }

    /**
     * What a spec comes to.
     *
     * @param problems empty when it can be run
     * @param search of a spec without problems
     */
    public record Validation(List<String> problems, Optional<Search> search) {}

    /** Validates a spec that is run on a cluster. With a filter over many combinations it takes a second. */
    public static Validation validate(SweepSpec spec) {
        SweepValidator validator = new SweepValidator(spec);
        validator.whatIsNotRunYet();
        validator.search();
        validator.containers();
        validator.program();
        validator.sizes(MAX_FILE_ON_CLUSTER);
        return validator.validation();
    }

    /** Validates a spec by what it says of its points and its command line, wherever it is run. */
    public static Validation validateWithoutCluster(SweepSpec spec) {
        SweepValidator validator = new SweepValidator(spec);
        validator.search();
        CommandLine line = new CommandLine(spec.program(), spec.command());
        String program = line.leavesProgramOpen() ? TrialCommand.DEFAULT_PROGRAM : spec.program();
        validator.problems.addAll(new CommandLine(program, spec.command()).problems());
        validator.sizes(Integer.MAX_VALUE);
        return validator.validation();
    }

    private Validation validation() {
        return new Validation(List.copyOf(problems), problems.isEmpty() ? search : Optional.empty());
    }

    /** Checks that parameters fit into arguments and variables, or into a file. */
    private void sizes(int maxFile) {
        if (search.isEmpty()) {
            return;
        }
        LargestValues largest = LargestValues.of(SearchSpace.of(spec.parameters()));
        boolean wantsFile = new CommandLine(spec.program(), spec.command()).wantsJsonFile();
        largest.largest().ifPresent(most -> {
            String size = "parameters: the value of " + most.getKey() + " has " + most.getValue() + " bytes";
            if (!wantsFile && largest.total() > TrialEnvironment.MAX_BYTES - MARGIN) {
                problems.add(
                        size + ", and all parameters of a trial " + largest.total()
                                + "; arguments and variables hold " + TrialEnvironment.MAX_BYTES
                                + ". Let command hand over ${args_json_file} in place of ${args}, or keep it in a file of yours");
            } else if (wantsFile && largest.total() > maxFile) {
                problems.add(size + ", and all parameters of a trial " + largest.total() + "; a Pod is given at most "
                        + maxFile + ". Keep it in a volume or in the image");
            }
        });
    }

    /** Checks how points are chosen. */
    private void search() {
        method();
        pattern();
        earlyTermination();
        duration("trialTimeout", spec.trialTimeout());
        duration("ttlAfterFinished", spec.ttlAfterFinished());
        parameters();
        groups();
    }

    /** The problems of a spec; empty when it can be run. */
    public static List<String> problems(SweepSpec spec) {
        return validate(spec).problems();
    }

    private void whatIsNotRunYet() {
        if (spec.parallelism() == 0) {
            problems.add("parallelism: 0 is not supported yet; use 1 or more");
        }
        if (spec.queueName() != null) {
            problems.add("queueName: " + spec.queueName()
                    + " is not supported yet; remove it; parallelism limits the trials in flight");
        }
    }

    private void method() {
        if (spec.method() != Method.GRID && spec.runCap() == null) {
            problems.add("runCap: is missing, and " + spec.method().word()
                    + " never ends by itself; set it to the number of points to run");
        }
        if (spec.method() == Method.GRID && spec.replicates() == 1 && spec.seed() != null) {
            problems.add(
                    "seed: " + spec.seed() + " has no meaning for a grid, which has no random choice; remove it, or set"
                            + " replicates; a seed of the trainer is a parameter");
        }
        if (spec.replicates() > 1 && spec.parameters().containsKey(ProgramParameters.SEED)) {
            problems.add("replicates: " + spec.replicates()
                    + " gives each trial a parameter seed, and parameters has one; remove one of them");
        }
        long cap = spec.runCap() == null ? 1 : spec.runCap();
        if (spec.method() != Method.GRID && cap * spec.replicates() > Search.MAX_POINTS) {
            problems.add(
                    "runCap: " + cap + (spec.replicates() == 1 ? "" : " times " + spec.replicates() + " replicates")
                            + " is more than the " + Search.MAX_POINTS + " trials that are run in one sweep; lower it");
        }
    }

    private void pattern() {
        if (spec.metric() == null || spec.metric().pattern() == null) {
            return;
        }
        try {
            MetricPattern.of(spec.metric().pattern());
        } catch (InvalidPattern e) {
            problems.add("metric.pattern: " + spec.metric().pattern() + " " + e.getMessage());
        }
    }

    /** Checks early termination as sweeps/hyperband_stopping.py of wandb/sweeps does, where maxIter with s wins over minIter. */
    private void earlyTermination() {
        EarlyTerminate stopping = spec.earlyTerminate();
        if (stopping == null) {
            return;
        }
        if (stopping.minIter() == null && (stopping.maxIter() == null || stopping.s() == null)) {
            problems.add("earlyTerminate: "
                    + (stopping.maxIter() == null ? "has neither minIter nor maxIter" : "has maxIter and no s")
                    + "; give minIter, or maxIter with s");
        } else if (Hyperband.of(stopping).bands().isEmpty()) {
            problems.add("earlyTerminate: maxIter " + stopping.maxIter() + " divided by eta " + stopping.eta()
                    + " is below 1, so that there is no band; raise maxIter, or lower eta");
        }
    }

    private void duration(String field, String text) {
        if (text != null && DurationText.parse(text).isEmpty()) {
            problems.add(field + ": " + shown(text)
                    + " is not a positive duration; write hours, minutes and seconds, e.g. 1h30m");
        }
    }

    private void parameters() {
        List<String> ofValues = new ArrayList<>();
        if (spec.parameters().isEmpty()) {
            ofValues.add("parameters: are none; name at least one hyperparameter with value, values or a range");
        }
        new TreeMap<>(spec.parameters()).forEach((name, parameter) -> {
            checkName("parameters", name);
            if (YAML_BOOLEANS.contains(name)) {
                problems.add("parameters: the name " + name + " is what YAML makes of the words "
                        + (name.equals("true") ? "y, yes and on" : "n, no and off")
                        + " without quotes; put the name of the parameter in quotes");
            }
            try {
                SearchSpace.of(Collections.singletonMap(name, parameter));
            } catch (InvalidParameter e) {
                ofValues.add(e.getMessage());
            }
        });
        problems.addAll(ofValues);
        if (ofValues.isEmpty()) {
            ofAll();
        }
    }

    private void checkName(String field, String name) {
        if (!PARAMETER_NAME.matcher(name).matches()) {
            problems.add(
                    field + ": the name \"" + name
                            + "\" cannot become an argument; use letters, digits and _ . / - @, and begin with a letter or _ (for Hydra + ++ or ~)");
        }
    }

    /** Checks the parameters together. */
    private void ofAll() {
        try {
            List<String> names = SearchSpace.of(spec.parameters()).names();
            names.stream()
                    .filter(name -> !spec.parameters().containsKey(name))
                    .forEach(name -> checkName("parameters", name));
            Map<String, String> collisions = TrialEnvironment.collisions(names);
            collisions.forEach((first, second) -> problems.add("parameters: " + first + " and " + second
                    + " would both be handed over as " + TrialEnvironment.variable(first) + "; rename one of them"));
            if (spec.method() == Method.GRID || spec.runCap() != null) {
                search = Optional.of(Search.of(spec));
            }
        } catch (InvalidParameter | InvalidWhere e) {
            problems.add(e.getMessage());
        }
    }

    private void groups() {
        List<String> names = names();
        for (int i = 0; i < spec.groupBy().size(); i++) {
            String name = spec.groupBy().get(i);
            if (!names.contains(name)) {
                problems.add("groupBy[" + i + "]: " + shown(name) + " is not one of parameters ("
                        + String.join(", ", names) + "); name one of these");
            } else if (spec.groupBy().indexOf(name) < i) {
                problems.add("groupBy[" + i + "]: " + name + " is listed twice; remove one");
            }
        }
    }

    /** Nested ones by their path; what cannot be searched is told elsewhere. */
    private List<String> names() {
        try {
            return SearchSpace.of(spec.parameters()).names();
        } catch (InvalidParameter e) {
            return new TreeMap<>(spec.parameters()).keySet().stream().toList();
        }
    }

    /** Checks that it is certain which container is the trainer, because its log and its end are the result. */
    private void containers() {
        List<String> names = TrialCommand.containerNames(spec);
        long trainers = names.stream().filter(Api.TRAINER_CONTAINER::equals).count();
        if (trainers > 1) {
            problems.add("template.spec.containers: " + trainers + " containers are called " + Api.TRAINER_CONTAINER
                    + ", and one is the trial; rename the others");
        } else if (trainers == 0 && !names.isEmpty()) {
            problems.add("template.spec.containers: none of " + names + " is called " + Api.TRAINER_CONTAINER
                    + ", the container whose log and result are read; rename the one that trains, or add {name: "
                    + Api.TRAINER_CONTAINER + "} for the default trainer");
        }
        if (spec.trialTimeout() != null && TrialCommand.podHas(spec, "activeDeadlineSeconds")) {
            problems.add("trialTimeout: " + spec.trialTimeout()
                    + " and template.spec.activeDeadlineSeconds both say how long a trial may run; keep one of them");
        }
        boolean lineIsGiven = spec.program() != null || spec.command() != null;
        if (lineIsGiven && TrialCommand.trainerHas(spec, "command")) {
            problems.add(
                    "template.spec.containers: the command of " + Api.TRAINER_CONTAINER + " would take the place of "
                            + (spec.command() == null ? "program" : "command") + " of the sweep; keep one of them");
        }
        if (TrialCommand.of(spec).form() == Form.ARGUMENTS && TrialCommand.trainerHas(spec, "args")) {
            problems.add("template.spec.containers: the args of " + Api.TRAINER_CONTAINER
                    + " would take the place of the trial's hyperparameters; write them in command of the sweep, with ${args}"
                    + " where the hyperparameters go");
        }
    }

    private void program() {
        TrialCommand command = TrialCommand.of(spec);
        CommandLine line = command.line();
        boolean needsNoProgram = command.form() == Form.ARGUMENTS && spec.program() == null;
        problems.addAll(new CommandLine(needsNoProgram ? TrialCommand.DEFAULT_PROGRAM : spec.program(), spec.command())
                .problems());
        variables(line);
        if (!TrialCommand.runsDefaultTrainer(spec)) {
            return;
        }
        String wayOut = "name the image that holds it in template.spec.containers (the container called "
                + Api.TRAINER_CONTAINER + ")";
        if (spec.program() != null && !spec.program().equals(TrialCommand.DEFAULT_PROGRAM)) {
            problems.add("program: " + shown(spec.program()) + " is not in the default trainer image, which runs "
                    + TrialCommand.DEFAULT_PROGRAM + " only; " + wayOut);
        }
        new CommandLine(spec.program(), spec.command())
                .firstProgram()
                .ifPresent(word -> problems.add("command: " + shown(word)
                        + " is not in the default trainer image, which runs " + TrialCommand.DEFAULT_PROGRAM + " only; "
                        + wayOut
                        + ", or begin the command with ${env} ${interpreter} ${program}"));
    }

    /** Kubernetes leaves the name of a variable that it does not know as it is. */
    private void variables(CommandLine line) {
        if (TrialCommand.trainerHas(spec, "envFrom")) {
            return;
        }
        Set<String> known = new TreeSet<>(TrialCommand.trainerEnvironment(spec));
        names().forEach(name -> known.add(TrialEnvironment.variable(name)));
        line.variables().stream()
                .filter(name -> !known.contains(name) && !TrialEnvironment.ALWAYS.contains(name))
                .forEach(name -> problems.add("command: ${envvar:" + name + "} is not set in env of the container "
                        + Api.TRAINER_CONTAINER + ", and Kubernetes does not see what the image sets; add it to"
                        + " template.spec.containers, or read it in the program"));
    }

    /** A word that would not be seen gets quotes. */
    private static String shown(String word) {
        return word.isBlank() ? "\"" + word + "\"" : word;
    }
}
