/** Validates a sweep before anything is run. */
package dev.sweeps.validation;
