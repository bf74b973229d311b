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
    /** Name of the program in the default trainer image. */
    public static final String DEFAULT_PROGRAM = "run_glue.py";

    /**
     * Exit codes of the default trainer that another attempt would repeat: a wrong argument, a loss that is not a number, a missing or torn
     * file.
     */
    public static final List<Integer> FINAL_EXIT_CODES = List.of(2, 3, 4);

    /** Path of the parameters as JSON in a Pod whose command line asks for the file. */
    public static final String JSON_FILE = "/etc/sweeps/parameters.json";

    /** Path of the file that the wandb library reads, in a Pod with a program of the user. */
    public static final String WANDB_FILE = "/etc/sweeps/wandb.json";

    /** The field of the container that gets the words of a command line. */
    public enum Form {
        /** The words go into {@code args}, because the entry point of the image is the program. */
        ARGUMENTS,
        /** The words go into {@code command}, because the image contains an interpreter and programs. */
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

    /** Whether the trainer container of the template has this field, which then takes precedence. */
    public static boolean trainerHas(SweepSpec spec, String field) {
        return containers(spec)
                .anyMatch(container ->
                        Api.TRAINER_CONTAINER.equals(container.get("name")) && container.get(field) != null);
    }

    /** Whether the Pod of the template has this field. */
    public static boolean podHas(SweepSpec spec, String field) {
        return spec.template() != null
                && spec.template().get("spec") instanceof Map<?, ?> pod
                && pod.get(field) != null;
    }

    /** Returns the names of the environment variables in the trainer container of the template, without those of envFrom. */
    public static List<String> trainerEnvironment(SweepSpec spec) {
        return containers(spec)
                .filter(container -> Api.TRAINER_CONTAINER.equals(container.get("name")))
                .flatMap(container -> container.get("env") instanceof List<?> env ? env.stream() : Stream.empty())
                .map(variable -> variable instanceof Map<?, ?> map ? map.get("name") : null)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    /** Returns the names of the containers of the template that have one. */
    public static List<String> containerNames(SweepSpec spec) {
        return containers(spec)
                .map(container -> container.get("name"))
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    /** Returns the containers of the template. The API server refuses what is not a container. */
    private static Stream<Map<?, ?>> containers(SweepSpec spec) {
        return spec.template() != null
                        && spec.template().get("spec") instanceof Map<?, ?> pod
                        && pod.get("containers") instanceof List<?> containers
                ? containers.stream().filter(Map.class::isInstance).map(container -> (Map<?, ?>) container)
                : Stream.empty();
    }

    /** Returns the words for one trial in a Pod. */
    public List<String> words(SortedMap<String, ParameterValue> handed) {
        return line.expand(handed, JSON_FILE, ArgumentSyntax.POD);
    }
}
