/** One sweep: which trials should exist now, and what their results say. */
package dev.sweeps.operator.sweep;
