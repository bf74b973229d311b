/** Reconciles trials: the Job of a trial, the observation of both, and the status. */
package dev.sweeps.operator.trial;
