package dev.sweeps.operator.web;

import dev.sweeps.results.TrialRow;
import java.util.List;

/**
 * What a reader of a sweep's trials does not know yet.
 *
 * @param version to be asked with the next time
 * @param complete whether {@code trials} are all there are, without their curves; what was known before is to be forgotten
 * @param trials new or changed ones in running order, without their messages
 * @param removed names of those that are gone
 */
public record Changes(String version, boolean complete, List<TrialRow> trials, List<String> removed) {}
