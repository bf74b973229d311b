package dev.sweeps.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.sweeps.api.v1alpha1.Metric.Goal;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the trials of a sweep say, with how sure it is.
 *
 * @param trials rows with the metric
 * @param collapsed of them, those whose classifier gives every example the same answer
 * @param diverged rows whose metric was not a number; they count as the worst value where importance is concerned, and nowhere else
 * @param best null without results
 * @param groups by the values of {@code groupBy}, the best first, at most {@value #MAX_GROUPS}
 * @param contrasts the best group against each other of the first {@value #MAX_CONTRASTS}
 * @param parameters each varying parameter by value
 * @param importance of the parameters, over all trials
 * @param learned importance over the trials that learned; null where all did
 * @param summary the answer in a few sentences
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Analysis(
        String metric,
        Goal goal,
        int trials,
        int collapsed,
        int diverged,
        Noise noise,
        Best best,
        List<Group> groups,
        int groupsOmitted,
        List<Contrast> contrasts,
        List<ParameterEffect> parameters,
        @JsonUnwrapped Importance importance,
        Importance learned,
        String summary) {

    private static final int MAX_GROUPS = 50;
    private static final int MAX_CONTRASTS = 10;

    /**
     * The trials that share the values of {@code groupBy}.
     *
     * @param sd standard deviation with n - 1; null for one result
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Group(
            Map<String, ParameterValue> group,
            int count,
            double mean,
            Double sd,
            Best best,
            int collapsed,
            int diverged,
            List<ParameterEffect> parameters,
            @JsonUnwrapped Importance importance) {}

    /** Analyses a table. Parameters of {@code groupBy} that do not vary make one group. */
    public static Analysis of(TrialTable table, List<String> groupBy) {
        SortedMap<String, List<ParameterValue>> varying = table.varying();
        Noise noise = Noise.of(table);
        SortedMap<String, List<ParameterValue>> tuned = new TreeMap<>(varying);
        tuned.keySet().removeAll(groupBy);
        List<TrialTable> groupTables = table.groups(groupBy);
        List<Group> groups = groupTables.stream()
                .limit(MAX_GROUPS)
                .map(members -> group(members, groupBy, varying.keySet(), noise))
                .toList();
        Optional<Best> best = Best.of(table, noise, varying.keySet());
        List<Contrast> contrasts = contrasts(groupTables, groups, tuned, noise);
        Importance importance = Importance.of(table.withDivergedAsWorst(), noise);
        boolean allLearned = table.diverged().isEmpty() && table.collapsed() == 0;
        return new Analysis(
                table.metric(),
                table.goal(),
                table.results().size(),
                table.collapsed(),
                table.diverged().size(),
                noise,
                best.orElse(null),
                groups,
                groupTables.size() - groups.size(),
                contrasts,
                ParameterEffect.of(table, varying),
                importance,
                allLearned ? null : Importance.of(table.learned(), noise),
                Summary.of(table, noise, best, groups, contrasts, importance));
    }

    private static Group group(TrialTable members, List<String> groupBy, Collection<String> varying, Noise noise) {
        Spread spread = Spread.of(members.results(), members.goal());
        return new Group(
                members.valuesOf(groupBy),
                members.results().size(),
                spread.mean(),
                spread.sd(),
                Best.of(members, noise, varying).orElseThrow(),
                members.collapsed(),
                members.diverged().size(),
                ParameterEffect.of(members, members.varying()),
                Importance.of(members.withDivergedAsWorst(), noise));
    }

    private static List<Contrast> contrasts(
            List<TrialTable> tables, List<Group> groups, SortedMap<String, List<ParameterValue>> tuned, Noise noise) {
        List<Side> sides = new ArrayList<>();
        for (int i = 0; i < groups.size() && i <= MAX_CONTRASTS; i++) {
            sides.add(Side.of(
                    groups.get(i).group(),
                    tables.get(i).settings(),
                    tuned.keySet(),
                    tables.get(i).goal()));
        }
        List<Contrast> contrasts = new ArrayList<>();
        for (int i = 1; i < sides.size(); i++) {
            contrasts.add(Contrast.of(sides.get(0), sides.get(i), tuned, noise));
        }
        return contrasts;
    }
}
