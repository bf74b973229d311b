/** Which trials of a sweep should exist now; the same on a cluster and on a laptop. */
package dev.sweeps.plan;
