package dev.sweeps.validation;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.Method;
import dev.sweeps.api.v1alpha1.Parameter;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.command.TrialCommand;
import dev.sweeps.command.TrialEnvironment;
import dev.sweeps.search.SearchSpace;
import dev.sweeps.search.SearchSpace.InvalidParameter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
        validator.program();
        return List.copyOf(validator.problems);
    }

    private void whatIsNotRunYet() {
        if (spec.method() != Method.GRID) {
            notRunYet("method", spec.method().word(), "use grid");
        }
        if (spec.metric().target() != null) {
            notRunYet(
                    "metric.target", spec.metric().target(), "remove it, and stop the sweep by hand with spec.suspend");
        }
        if (spec.where() != null) {
            notRunYet("where", spec.where(), "remove it, and list only the values to be combined");
        }
        if (spec.runCap() != null) {
            notRunYet("runCap", spec.runCap(), "remove it; a grid runs every point");
        }
        if (spec.seed() != null) {
            notRunYet(
                    "seed",
                    spec.seed(),
                    "remove it; a grid has no random choice, and a seed of the trainer is a parameter");
        }
        if (spec.replicates() != null && spec.replicates() > 1) {
            notRunYet("replicates", spec.replicates(), "make the seed a parameter with several values");
        }
        if (spec.earlyTerminate() != null) {
            notRunYet("earlyTerminate", "hyperband", "remove it");
        }
        if (spec.parallelism() == 0) {
            notRunYet("parallelism", 0, "use 1 or more");
        }
        if (spec.trialTimeout() != null) {
            notRunYet("trialTimeout", spec.trialTimeout(), "set template.spec.activeDeadlineSeconds");
        }
        if (spec.maxFailedTrials() != null) {
            notRunYet("maxFailedTrials", spec.maxFailedTrials(), "remove it");
        }
        if (spec.queueName() != null) {
            notRunYet("queueName", spec.queueName(), "remove it; parallelism limits the trials in flight");
        }
        if (spec.ttlAfterFinished() != null) {
            notRunYet("ttlAfterFinished", spec.ttlAfterFinished(), "remove it, and delete the sweep by hand");
        }
        if (spec.shutdown() != null) {
            notRunYet("shutdown", spec.shutdown(), "set suspend: true, or delete the sweep");
        }
    }

    private void notRunYet(String field, Object value, String wayOut) {
        problems.add(field + ": " + value + " is not run by this version; " + wayOut);
    }

    private void parameters() {
        new TreeMap<>(spec.parameters()).forEach((name, parameter) -> {
            if (!PARAMETER_NAME.matcher(name).matches()) {
                problems.add(
                        "parameters: the name \"" + name
                                + "\" cannot become an argument; use letters, digits and _ . / -, and begin with a letter or _");
            }
            if (parameter != null) {
                notRunYet("parameters." + name, parameter);
            }
            listed(name, parameter);
        });
        TrialEnvironment.collisions(spec.parameters().keySet())
                .forEach((first, second) ->
                        problems.add("parameters: " + first + " and " + second + " would both be handed over as "
                                + TrialEnvironment.variable(first) + "; rename one of them"));
        boolean everyValueIsListed = problems.stream().noneMatch(problem -> problem.startsWith("parameters."));
        if (everyValueIsListed) {
            size();
        }
    }

    private void notRunYet(String field, Parameter parameter) {
        boolean range = parameter.min() != null || parameter.max() != null || parameter.mu() != null;
        boolean otherDistribution = parameter.distribution() != null
                && !List.of("categorical", "constant").contains(parameter.distribution());
        if (parameter.parameters() != null) {
            notRunYet(
                    field + ".parameters", parameter.parameters().keySet(), "write the nested parameters side by side");
        } else if (range) {
            notRunYet(field, "a range", "list the values to try in values");
        } else if (otherDistribution) {
            notRunYet(field + ".distribution", parameter.distribution(), "list the values to try in values");
        } else if (parameter.probabilities() != null) {
            problems.add(field + ".probabilities: a grid runs every value; remove it");
        }
    }

    /** Judges the values, unless the parameter has been found wrong already. */
    private void listed(String name, Parameter parameter) {
        if (problems.stream().anyMatch(problem -> problem.startsWith("parameters." + name))) {
            return;
        }
        try {
            SearchSpace.of(Collections.singletonMap(name, parameter));
        } catch (InvalidParameter e) {
            problems.add(e.getMessage());
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
                problems.add("groupBy[" + i + "]: " + name + " is not one of parameters ("
                        + String.join(", ", new TreeMap<>(spec.parameters()).keySet()) + "); name one of these");
            }
        }
    }

    private void program() {
        problems.addAll(TrialCommand.of(spec).line().problems());
        boolean otherProgram = spec.program() != null && !spec.program().equals(TrialCommand.DEFAULT_PROGRAM);
        if (otherProgram && TrialCommand.runsDefaultTrainer(spec)) {
            problems.add("program: " + spec.program() + " is not in the default trainer image, which runs "
                    + TrialCommand.DEFAULT_PROGRAM + " only; name the image that holds it in"
                    + " template.spec.containers (the container called " + Api.TRAINER_CONTAINER + ")");
        }
    }
}
