package dev.sweeps.command;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.command.Macro.Subject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command line of a sweep before its parameters are filled in.
 *
 * @param program what <code>${program}</code> stands for, or null
 * @param words the elements of {@code command}, macros included
 */
public record CommandLine(String program, List<String> words) {
    private static final String INTERPRETER = "${interpreter}";
    private static final String PROGRAM = "${program}";

    /** Default command line of W&amp;B. */
    private static final List<String> DEFAULT = List.of("${env}", INTERPRETER, PROGRAM, "${args}");

    /** Macros that select the program to start. */
    private static final Set<String> START = Set.of("${env}", INTERPRETER, PROGRAM);

    /** Macro for the name of the trial, anywhere in a word. W&amp;B does not have it. */
    private static final String TRIAL = "${trial}";

    private static final Pattern MACRO = Pattern.compile("\\$\\{([^{}]*)}");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{envvar:([^{}]*)}");
    private static final Pattern VARIABLE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    public CommandLine {
        words = words == null || words.isEmpty()
                ? DEFAULT
                : words.stream()
                        .map(word -> word.replace(TRIAL, "${envvar:SWEEP_TRIAL}"))
                        .toList();
    }

    /**
     * This command line without <code>${env}</code>, <code>${interpreter}</code> and <code>${program}</code>: what an image is given
     * whose entry point is the program itself.
     */
    public CommandLine argumentsOnly() {
        List<String> rest = words.stream().filter(word -> !START.contains(word)).toList();
        return new CommandLine(program, rest.isEmpty() ? List.of("${args}") : rest);
    }

    /** Whether the command line names no program of the user, so that the default trainer or the entry point of the image runs. */
    public boolean leavesProgramOpen() {
        boolean isDefault = program == null || program.equals(TrialCommand.DEFAULT_PROGRAM);
        return isDefault && firstProgram().isEmpty();
    }

    /** Returns the program, if the interpreter reads it as a file. */
    public Optional<String> programFile() {
        boolean isRead = Collections.indexOfSubList(words, List.of(INTERPRETER, PROGRAM)) >= 0;
        return Optional.ofNullable(program).filter(name -> isRead);
    }

    /** Returns the first word before {@code ${program}}, without macros, if it is not a flag: the name of a program to start. */
    public Optional<String> firstProgram() {
        return words.stream()
                .takeWhile(word -> !word.equals(PROGRAM))
                .filter(word -> !START.contains(word))
                .findFirst()
                .filter(word -> !word.startsWith("-") && !word.startsWith("${"));
    }

    /** Returns sentences about problems; empty if there are none. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            problem(words.get(i)).map(("command[" + i + "]: ")::concat).ifPresent(problems::add);
        }
        return problems;
    }

    /** Returns the valid names of environment variables in the command line. */
    public Set<String> variables() {
        return words.stream()
                .flatMap(word -> VARIABLE.matcher(word).results())
                .map(variable -> variable.group(1))
                .filter(name -> VARIABLE_NAME.matcher(name).matches())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether the command line uses a file with the parameters. */
    public boolean wantsJsonFile() {
        return words.contains("${args_json_file}");
    }

    /**
     * The words for one trial.
     *
     * @param jsonFile path of a file with the parameters as JSON
     * @param place how words and environment variables are written where the trial runs
     */
    public List<String> expand(SortedMap<String, ParameterValue> parameters, String jsonFile, ArgumentSyntax place) {
        Subject trial = new Subject(program, parameters, jsonFile, place);
        return words.stream().flatMap(word -> expand(word, trial)).toList();
    }

    private Optional<String> problem(String word) {
        Optional<String> unnamed = VARIABLE.matcher(word)
                .results()
                .filter(variable -> !VARIABLE_NAME.matcher(variable.group(1)).matches())
                .map(variable -> variable.group() + " names no environment variable; write ${envvar:NAME}")
                .findFirst();
        Matcher macro = MACRO.matcher(word);
        if (unnamed.isPresent() || VARIABLE.matcher(word).find() || !macro.matches()) {
            return unnamed;
        }
        if (Macro.named(macro.group(1)).isEmpty()) {
            return Optional.of(word + " is not a macro; use one of " + Macro.names() + ", ${trial}, ${envvar:NAME}");
        }
        return macro.group(1).equals("program") && program == null
                ? Optional.of("${program} stands for program, which is not given; name it")
                : Optional.empty();
    }

    private static Stream<String> expand(String word, Subject trial) {
        Matcher macro = MACRO.matcher(word);
        Optional<Macro> whole = macro.matches() ? Macro.named(macro.group(1)) : Optional.empty();
        return whole.map(known -> known.words(trial).stream().map(trial.place()::literal))
                .orElseGet(() -> Stream.of(withVariables(word, trial.place())));
    }

    private static String withVariables(String word, ArgumentSyntax place) {
        StringBuilder expanded = new StringBuilder();
        int end = 0;
        Matcher variable = VARIABLE.matcher(word);
        while (variable.find()) {
            append(expanded, word.substring(end, variable.start()), place);
            expanded.append(place.variable(variable.group(1)));
            end = variable.end();
        }
        if (end == 0) {
            return place.literal(word);
        }
        append(expanded, word.substring(end), place);
        return expanded.toString();
    }

    private static void append(StringBuilder expanded, String text, ArgumentSyntax place) {
        if (!text.isEmpty()) {
            expanded.append(place.literal(text));
        }
    }
}
