/** Metrics that a trial reports: lines in its log, and the termination message. */
package dev.sweeps.metrics;
