package dev.sweeps.validation;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.Method;
import dev.sweeps.api.v1alpha1.Parameter;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.command.CommandLine;
import dev.sweeps.command.TrialCommand;
import dev.sweeps.command.TrialCommand.Form;
import dev.sweeps.command.TrialEnvironment;
import dev.sweeps.search.SearchSpace;
import dev.sweeps.search.SearchSpace.InvalidParameter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a sweep's spec gets wrong beyond what the schema can say, and what this version does not run: a field that would be ignored is
 * refused instead. Each problem is one sentence that names the field, the value, the rule and the way out.
 */
public final class SweepValidator {
    /** Points of the largest grid that is run. */
    public static final int MAX_POINTS = 100_000;

    private static final Pattern PARAMETER_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*");

    private static final List<String> YAML_BOOLEANS = List.of("true", "false");

    private final SweepSpec spec;
    private final List<String> problems = new ArrayList<>();

    private SweepValidator(SweepSpec spec) {
        this.spec = spec;
    }

    /** The problems of a spec; empty when it can be run. */
    public static List<String> problems(SweepSpec spec) {
        SweepValidator validator = new SweepValidator(spec);
        validator.whatIsNotRunYet();
        validator.parameters();
        validator.groups();
        validator.containers();
        validator.program();
        return List.copyOf(validator.problems);
    }

    private void whatIsNotRunYet() {
        if (spec.method() != Method.GRID) {
            notRunYet("method", spec.method().word(), "use grid");
        }
        if (spec.replicates() != null && spec.replicates() > 1) {
            notRunYet("replicates", spec.replicates(), "make the seed a parameter with several values");
        }
        if (spec.parallelism() == 0) {
            notRunYet("parallelism", 0, "use 1 or more");
        }
        notRunYetIfGiven(
                "metric.target", spec.metric().target(), "remove it, and stop the sweep by hand with spec.suspend");
        notRunYetIfGiven("where", spec.where(), "remove it, and list only the values to be combined");
        notRunYetIfGiven("runCap", spec.runCap(), "remove it; a grid runs every point");
        notRunYetIfGiven(
                "seed",
                spec.seed(),
                "remove it; a grid has no random choice, and a seed of the trainer is a parameter");
        notRunYetIfGiven("earlyTerminate", spec.earlyTerminate() == null ? null : "hyperband", "remove it");
        notRunYetIfGiven("trialTimeout", spec.trialTimeout(), "set template.spec.activeDeadlineSeconds");
        notRunYetIfGiven("maxFailedTrials", spec.maxFailedTrials(), "remove it");
        notRunYetIfGiven("queueName", spec.queueName(), "remove it; parallelism limits the trials in flight");
        notRunYetIfGiven("ttlAfterFinished", spec.ttlAfterFinished(), "remove it, and delete the sweep by hand");
        notRunYetIfGiven(
                "shutdown",
                spec.shutdown() == null ? null : spec.shutdown().word(),
                "set suspend: true, or delete the sweep");
    }

    private void notRunYetIfGiven(String field, Object value, String wayOut) {
        if (value != null) {
            notRunYet(field, value, wayOut);
        }
    }

    private void notRunYet(String field, Object value, String wayOut) {
        problems.add(notRun(field, value, wayOut));
    }

    private static String notRun(String field, Object value, String wayOut) {
        return field + ": " + value + " is not run by this version; " + wayOut;
    }

    private void parameters() {
        List<String> ofValues = new ArrayList<>();
        new TreeMap<>(spec.parameters()).forEach((name, parameter) -> {
            if (!PARAMETER_NAME.matcher(name).matches()) {
                problems.add(
                        "parameters: the name \"" + name
                                + "\" cannot become an argument; use letters, digits and _ . / -, and begin with a letter or _");
            }
            if (YAML_BOOLEANS.contains(name)) {
                problems.add("parameters: the name " + name + " is what YAML makes of the words "
                        + (name.equals("true") ? "y, yes and on" : "n, no and off")
                        + " without quotes; put the name of the parameter in quotes");
            }
            problem(name, parameter).ifPresent(ofValues::add);
        });
        problems.addAll(ofValues);
        TrialEnvironment.collisions(spec.parameters().keySet())
                .forEach((first, second) ->
                        problems.add("parameters: " + first + " and " + second + " would both be handed over as "
                                + TrialEnvironment.variable(first) + "; rename one of them"));
        if (ofValues.isEmpty()) {
            size();
        }
    }

    /** The first thing that is wrong with a parameter: what is not run yet, what contradicts itself, then its values. */
    private static Optional<String> problem(String name, Parameter parameter) {
        String field = "parameters." + name;
        if (parameter == null) {
            return valuesProblem(name, null);
        }
        boolean listed = parameter.value() != null || parameter.values() != null;
        List<String> ofARange = ofARange(parameter);
        if (parameter.parameters() != null) {
            return Optional.of(notRun(
                    field + ".parameters",
                    parameter.parameters().keySet(),
                    "write the nested parameters side by side"));
        }
        if (!listed && !ofARange.isEmpty()) {
            return Optional.of(notRun(field, "a range", "list the values to try in values"));
        }
        if (!ofARange.isEmpty()) {
            boolean one = ofARange.size() == 1;
            return Optional.of(field + ": " + String.join(" and ", ofARange)
                    + (one ? " belongs" : " belong") + " to a range, and "
                    + (parameter.value() != null ? "a value is given" : "values are listed") + "; remove "
                    + (one ? "it" : "them"));
        }
        return distributionProblem(field, parameter).or(() -> valuesProblem(name, parameter));
    }

    /** The fields that are given and mean something for a range only. */
    private static List<String> ofARange(Parameter parameter) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("min", parameter.min());
        fields.put("max", parameter.max());
        fields.put("mu", parameter.mu());
        fields.put("sigma", parameter.sigma());
        fields.put("q", parameter.q());
        fields.values().removeIf(Objects::isNull);
        return List.copyOf(fields.keySet());
    }

    private static Optional<String> distributionProblem(String field, Parameter parameter) {
        String distribution = parameter.distribution();
        if (distribution != null && !List.of("categorical", "constant").contains(distribution)) {
            return Optional.of(notRun(field + ".distribution", distribution, "list the values to try in values"));
        }
        if ("constant".equals(distribution)
                && parameter.values() != null
                && parameter.values().size() != 1) {
            return Optional.of(field + ".distribution: constant means one value, and values lists "
                    + parameter.values().size() + "; remove distribution, or write value");
        }
        if ("categorical".equals(distribution) && parameter.values() == null) {
            return Optional.of(
                    field + ".distribution: categorical chooses from values, which are not given; list them");
        }
        return parameter.probabilities() == null
                ? Optional.empty()
                : Optional.of(field + ".probabilities: a grid runs every value; remove it");
    }

    private static Optional<String> valuesProblem(String name, Parameter parameter) {
        try {
            SearchSpace.of(Collections.singletonMap(name, parameter));
            return Optional.empty();
        } catch (InvalidParameter e) {
            return Optional.of(e.getMessage());
        }
    }

    private void size() {
        BigInteger size = SearchSpace.of(spec.parameters()).size();
        if (size.compareTo(BigInteger.valueOf(MAX_POINTS)) > 0) {
            problems.add("parameters: the grid has " + size + " points, and at most " + MAX_POINTS
                    + " are run in one sweep; list fewer values");
        }
    }

    private void groups() {
        for (int i = 0; i < spec.groupBy().size(); i++) {
            String name = spec.groupBy().get(i);
            if (!spec.parameters().containsKey(name)) {
                problems.add("groupBy[" + i + "]: " + shown(name) + " is not one of parameters ("
                        + String.join(", ", new TreeMap<>(spec.parameters()).keySet()) + "); name one of these");
            } else if (spec.groupBy().indexOf(name) < i) {
                problems.add("groupBy[" + i + "]: " + name + " is named before; remove it");
            }
        }
    }

    /** Which container is the trial's must be certain: its log and its end are the result. */
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
        CommandLine line = TrialCommand.of(spec).line();
        problems.addAll(line.problems());
        if (!TrialCommand.runsDefaultTrainer(spec)) {
            return;
        }
        String wayOut = "name the image that holds it in template.spec.containers (the container called "
                + Api.TRAINER_CONTAINER + ")";
        if (spec.program() != null && !spec.program().equals(TrialCommand.DEFAULT_PROGRAM)) {
            problems.add("program: " + shown(spec.program()) + " is not in the default trainer image, which runs "
                    + TrialCommand.DEFAULT_PROGRAM + " only; " + wayOut);
        }
        line.firstProgram()
                .ifPresent(word -> problems.add("command: " + shown(word)
                        + " is not in the default trainer image, which runs " + TrialCommand.DEFAULT_PROGRAM + " only; "
                        + wayOut
                        + ", or begin the command with ${env} ${interpreter} ${program}"));
    }

    /** A word that would not be seen gets quotes. */
    private static String shown(String word) {
        return word.isBlank() ? "\"" + word + "\"" : word;
    }
}
