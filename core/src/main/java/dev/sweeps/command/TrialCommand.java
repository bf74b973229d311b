package dev.sweeps.command;

import dev.sweeps.api.v1alpha1.Api;
import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.SweepSpec;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * What the trainer container of a trial is told to do.
 *
 * @param form where the words go
 * @param line the words
 */
public record TrialCommand(Form form, CommandLine line) {
    /** The program that the default trainer image runs. */
    public static final String DEFAULT_PROGRAM = "run_glue.py";

    /** Exit codes of the default trainer that would come again: a wrong argument, a loss that is no number, a file that is missing or torn. */
    public static final List<Integer> FINAL_EXIT_CODES = List.of(2, 3, 4);

    /** Path of the parameters as JSON in a Pod whose command line asks for the file. */
    public static final String JSON_FILE = "/etc/sweeps/parameters.json";

    /** Path of the file that the wandb library reads, in a Pod with a program of the user. */
    public static final String WANDB_FILE = "/etc/sweeps/wandb.json";

    /** The field of the container that gets the words of a command line. */
    public enum Form {
        /** Into {@code args}: the entry point of the image is the program. */
        ARGUMENTS,
        /** Into {@code command}: the image holds an interpreter and programs. */
        COMMAND
    }

    /**
     * The default trainer image is itself run_glue.py, so that it is given the arguments only, and so is an image of the user's for which
     * neither program nor command is named. Else the command line is run as it is written.
     */
    public static TrialCommand of(SweepSpec spec) {
        CommandLine line = new CommandLine(spec.program(), spec.command());
        boolean entryPointIsProgram = runsDefaultTrainer(spec) || (spec.program() == null && spec.command() == null);
        return entryPointIsProgram
                ? new TrialCommand(Form.ARGUMENTS, line.argumentsOnly())
                : new TrialCommand(Form.COMMAND, line);
    }

    /** Whether the template names no image for the trainer container. */
    public static boolean runsDefaultTrainer(SweepSpec spec) {
        return !trainerHas(spec, "image");
    }

    /** Whether the template's trainer container has a field of its own, which then wins over ours. */
    public static boolean trainerHas(SweepSpec spec, String field) {
        return containers(spec)
                .anyMatch(container ->
                        Api.TRAINER_CONTAINER.equals(container.get("name")) && container.get(field) != null);
    }

    /** Whether the template's Pod has a field of its own. */
    public static boolean podHas(SweepSpec spec, String field) {
        return spec.template() != null
                && spec.template().get("spec") instanceof Map<?, ?> pod
                && pod.get(field) != null;
    }

    /** The names of the environment variables that the template gives the trainer container; of those from elsewhere nothing is known. */
    public static List<String> trainerEnvironment(SweepSpec spec) {
        return containers(spec)
                .filter(container -> Api.TRAINER_CONTAINER.equals(container.get("name")))
                .flatMap(container -> container.get("env") instanceof List<?> env ? env.stream() : Stream.empty())
                .map(variable -> variable instanceof Map<?, ?> map ? map.get("name") : null)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    /** The names of the template's containers, as far as they have one. */
    public static List<String> containerNames(SweepSpec spec) {
        return containers(spec)
                .map(container -> container.get("name"))
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    /** The template is the user's JSON; what is no container in it is for the API server to refuse. */
    private static Stream<Map<?, ?>> containers(SweepSpec spec) {
        return spec.template() != null
                        && spec.template().get("spec") instanceof Map<?, ?> pod
                        && pod.get("containers") instanceof List<?> containers
                ? containers.stream().filter(Map.class::isInstance).map(container -> (Map<?, ?>) container)
                : Stream.empty();
    }

    /** The words for one trial in a Pod. */
    public List<String> words(SortedMap<String, ParameterValue> handed) {
        return line.expand(handed, JSON_FILE, Place.POD);
    }
}
