package dev.sweeps.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sweeps.analysis.Analysis;
import dev.sweeps.analysis.Best;
import dev.sweeps.analysis.TrialTable;
import dev.sweeps.api.v1alpha1.SweepSpec;
import dev.sweeps.command.CommandText;
import dev.sweeps.results.SweepResults;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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

    /** Makes a report from an existing analysis. */
    public static SweepReport of(SweepResults sweep, Analysis analysis, Optional<SweepSpec> spec) {
        return new SweepReport(sweep, analysis, commands(spec, sweep, analysis));
    }

    /** The command lines of the best trials of an analysis, as far as these are still there; of the best group first. */
    public static Map<String, String> commands(Optional<SweepSpec> spec, SweepResults sweep, Analysis analysis) {
        if (spec.isEmpty()) {
            return Map.of();
        }
        Map<String, String> commands = new LinkedHashMap<>();
        Stream.concat(analysis.groups().stream().map(Analysis.Group::best), Stream.ofNullable(analysis.best()))
                .map(Best::trial)
                .distinct()
                .forEach(best -> sweep.trials().stream()
                        .filter(row -> row.trial().equals(best))
                        .findFirst()
                        .ifPresent(row -> commands.put(best, CommandText.of(spec.get(), row.parameters()))));
        return commands;
    }
}
