/** Reconciles sweeps: which trials should exist, and what their results are. */
package dev.sweeps.operator.sweep;
