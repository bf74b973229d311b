package dev.sweeps.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sweeps.analysis.Analysis;
import dev.sweeps.analysis.Best;
import dev.sweeps.analysis.TrialTable;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.command.CommandText;
import dev.sweeps.results.SweepResults;
import dev.sweeps.results.TrialRow;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A sweep, its trials and what they say.
 *
 * @param commands command lines of the best trials, by trial; none for a table from a file
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SweepReport(SweepResults sweep, Analysis analysis, Map<String, String> commands) {

    /**
     * @param spec of a sweep on a cluster
     */
    public static SweepReport of(SweepResults sweep, Optional<SweepSpec> spec) {
        Analysis analysis = Analysis.of(TrialTable.of(sweep), sweep.groupBy());
        return of(sweep, analysis, spec);
    }

    /** The same of an analysis that is there already. */
    public static SweepReport of(SweepResults sweep, Analysis analysis, Optional<SweepSpec> spec) {
        return new SweepReport(
                sweep,
                analysis,
                spec.map(given -> commands(given, sweep, analysis)).orElse(Map.of()));
    }

    private static Map<String, String> commands(SweepSpec spec, SweepResults sweep, Analysis analysis) {
        Map<String, TrialRow> rows = sweep.trials().stream()
                .collect(Collectors.toMap(TrialRow::trial, row -> row, (first, second) -> first));
        Map<String, String> commands = new TreeMap<>();
        Stream.concat(
                        Stream.ofNullable(analysis.best()),
                        analysis.groups().stream().map(Analysis.Group::best))
                .map(Best::trial)
                .forEach(trial ->
                        commands.put(trial, CommandText.of(spec, rows.get(trial).parameters())));
        return commands;
    }
}
