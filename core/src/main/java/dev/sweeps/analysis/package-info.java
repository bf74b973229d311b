/** What the results of a sweep say. */
package dev.sweeps.analysis;
