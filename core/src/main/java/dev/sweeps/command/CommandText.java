package dev.sweeps.command;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.api.v1alpha1.TrialSpec;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The command line of a trial as a person types it into a shell. */
public final class CommandText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private static final ArgumentSyntax SHELL = new ArgumentSyntax() {
        @Override
        public String literal(String word) {
            return quoted(word);
        }

        @Override
        public String variable(String name) {
            return "\"$" + name + "\"";
        }
    };

    private CommandText() {}

    /**
     * One line; words that a shell would take apart are quoted. Parameters that the command does not name stand before it, in the environment
     * variables in which a trial finds them.
     */
    public static String of(SweepSpec spec, Map<String, ParameterValue> parameters) {
        TrialSpec trial = new TrialSpec(parameters, 0, null);
        SortedMap<String, ParameterValue> handed = ProgramParameters.of(spec, trial);
        List<String> words = words(spec, handed);
        Stream<String> environment = words.equals(words(spec, new TreeMap<>()))
                ? handed.entrySet().stream()
                        .map(parameter -> TrialEnvironment.variable(parameter.getKey()) + "="
                                + quoted(parameter.getValue().toString()))
                : Stream.empty();
        return Stream.concat(environment, words.stream()).collect(Collectors.joining(" "));
    }

    private static List<String> words(SweepSpec spec, SortedMap<String, ParameterValue> handed) {
        CommandLine line =
                spec.program() == null ? TrialCommand.of(spec).line() : new CommandLine(spec.program(), spec.command());
        return line.expand(handed, "parameters.json", SHELL);
    }

    /** Returns a word of a shell command, quoted if the shell would split or expand it. */
    public static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
