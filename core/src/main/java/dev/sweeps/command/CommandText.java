package dev.sweeps.command;

import dev.sweeps.api.v1alpha1.ParameterValue;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.search.Point;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The command line of a trial as a person types it into a shell. */
public final class CommandText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private CommandText() {}

    /**
     * One line; words that a shell would take apart are quoted. Parameters that the command does not name stand before it, in the environment
     * variables in which a trial finds them.
     */
    public static String of(SweepSpec spec, Map<String, ParameterValue> parameters) {
        Point point = Point.of(parameters);
        List<String> words = words(spec, point);
        Stream<String> environment = words.equals(words(spec, Point.of(Map.of())))
                ? point.parameters().entrySet().stream()
                        .map(parameter -> TrialEnvironment.variable(parameter.getKey()) + "="
                                + quoted(parameter.getValue().toString()))
                : Stream.empty();
        return Stream.concat(environment, words.stream().map(CommandText::quoted))
                .collect(Collectors.joining(" "));
    }

    private static List<String> words(SweepSpec spec, Point point) {
        List<String> words = spec.program() == null
                ? TrialCommand.of(spec).words(point)
                : new CommandLine(spec.program(), spec.command()).expand(point);
        return words.stream().map(word -> word.replace("$$", "$")).toList();
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
