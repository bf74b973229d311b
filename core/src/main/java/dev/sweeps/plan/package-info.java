/** Decides which trials of a sweep should exist, on a cluster and on a laptop alike. */
package dev.sweeps.plan;
