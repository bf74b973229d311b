package dev.sweeps.operator.trial;

import dev.sweeps.metrics.LogDigest;
import dev.sweeps.operator.trial.ReportCounter.Counted;
import dev.sweeps.operator.trial.TrialLog.End;
import dev.sweeps.operator.trial.TrialLog.Extent;
import java.time.Instant;

/**
 * What came of reading the log of a trial's Pod.
 *
 * @param digest what it says; null if it could not be read
 * @param extent how much of it was read; null if it could not be
 * @param counted how far its reports have been counted
 * @param problem why it could not be read; null if it was
 * @param gone whether there is nothing to be read any more: the Pod or its container is no longer there
 * @param ofTheEnd whether it was read after the container had ended
 * @param isAnswer whether the node answered, perhaps with a refusal
 * @param at when it was read
 */
record LogReading(
        LogDigest digest,
        Extent extent,
        Counted counted,
        String problem,
        boolean gone,
        boolean ofTheEnd,
        boolean isAnswer,
        Instant at) {

    static LogReading of(End end, Counted counted, boolean ofTheEnd, Instant at) {
        return new LogReading(
                end.digest().with(counted.reports()), end.extent(), counted, null, false, ofTheEnd, true, at);
    }

    static LogReading failed(
            String problem, Counted counted, boolean gone, boolean ofTheEnd, boolean isAnswer, Instant at) {
        return new LogReading(null, null, counted, problem, gone, ofTheEnd, isAnswer, at);
    }

    /** Returns the digest, or an empty one. */
    LogDigest digestOrNothing() {
        return digest == null ? LogDigest.NOTHING : digest;
    }
}
