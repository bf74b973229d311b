/**
 * The operator. A sweep is reconciled in {@link dev.sweeps.operator.sweep}, a trial in {@link dev.sweeps.operator.trial}; what both
 * need of the cluster is in {@link dev.sweeps.operator.cluster}, and what their statuses are made of in
 * {@link dev.sweeps.operator.status}.
 */
package dev.sweeps.operator;
