package dev.sweeps.metrics;

import java.util.List;

/**
 * One form in which programs print metrics. An instance reads the lines of one log in order and may remember earlier ones, such as the
 * header of a table. {@link MetricForms} lists all forms.
 */
interface MetricForm {
    /**
     * Reads one line.
     *
     * @param line without escape sequences and without the prefix of its process, see {@link LogLine}
     * @return the reports in the line, in order; empty if it is not of this form
     */
    List<Metrics> read(String line);
}
