/** The results of the trials of a sweep as tables, from a cluster or from a file. */
package dev.sweeps.results;
