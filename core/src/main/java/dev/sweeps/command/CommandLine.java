package dev.sweeps.command;

import dev.sweeps.search.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The command line of a sweep before its parameters are filled in.
 *
 * @param program what <code>${program}</code> stands for, or null
 * @param words the elements of {@code command}, macros included
 */
public record CommandLine(String program, List<String> words) {
    /** As Weights and Biases has it. */
    private static final List<String> DEFAULT = List.of("${env}", "${interpreter}", "${program}", "${args}");

    /** The macros that say what to start, and not what to tell it. */
    private static final Set<String> START = Set.of("${env}", "${interpreter}", "${program}");

    private static final Pattern MACRO = Pattern.compile("^\\$\\{([A-Za-z_]+)(?::([^}]*))?}$");
    private static final Pattern ENVIRONMENT_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    public CommandLine {
        words = words == null || words.isEmpty() ? DEFAULT : List.copyOf(words);
    }

    /**
     * This command line without <code>${env}</code>, <code>${interpreter}</code> and <code>${program}</code>: what an image is given
     * whose entry point is the program itself.
     */
    public CommandLine argumentsOnly() {
        List<String> rest = words.stream().filter(word -> !START.contains(word)).toList();
        return new CommandLine(program, rest.isEmpty() ? List.of("${args}") : rest);
    }

    /** The first word, if it is neither a macro nor a flag: the name of a program to start. */
    public Optional<String> firstProgram() {
        return Optional.of(words.get(0)).filter(word -> !word.startsWith("-") && !word.startsWith("${"));
    }

    /** Sentences about what cannot be run; empty when all is well. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            problem(words.get(i)).map(("command[" + i + "]: ")::concat).ifPresent(problems::add);
        }
        return problems;
    }

    /** The words for one trial, in the form that a Pod's {@code command} or {@code args} takes. */
    public List<String> expand(Point point) {
        return words.stream().flatMap(word -> expand(word, point)).toList();
    }

    private Optional<String> problem(String word) {
        Matcher macro = MACRO.matcher(word);
        if (!macro.matches()) {
            return Optional.empty();
        }
        String name = macro.group(1);
        if (name.equals("envvar")) {
            return macro.group(2) != null
                            && ENVIRONMENT_NAME.matcher(macro.group(2)).matches()
                    ? Optional.empty()
                    : Optional.of(word + " names no environment variable; write ${envvar:NAME}");
        }
        if (name.equals("args_json_file")) {
            return Optional.of(word + " is not run by this version; use ${args_json}, or read the environment variable"
                    + " SWEEP_PARAMETERS");
        }
        if (macro.group(2) != null || Macro.named(name).isEmpty()) {
            return Optional.of(word + " is not a macro; use one of " + Macro.names() + ", ${envvar:NAME}");
        }
        if (name.equals("program") && program == null) {
            return Optional.of("${program} stands for program, which is not given; name it");
        }
        return Optional.empty();
    }

    private Stream<String> expand(String word, Point point) {
        Matcher macro = MACRO.matcher(word);
        if (!macro.matches()) {
            return Stream.of(literal(word));
        }
        if (macro.group(1).equals("envvar")) {
            return Stream.of("$(" + macro.group(2) + ")");
        }
        return Macro.named(macro.group(1)).orElseThrow().words(program, point.parameters()).stream()
                .map(CommandLine::literal);
    }

    /** Kubernetes expands $(NAME) in arguments and in the environment, and takes $$ for $: what is written arrives as written. */
    static String literal(String word) {
        return word.replace("$", "$$");
    }
}
