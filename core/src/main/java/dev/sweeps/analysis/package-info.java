/** Analysis of the results of a sweep. */
package dev.sweeps.analysis;
