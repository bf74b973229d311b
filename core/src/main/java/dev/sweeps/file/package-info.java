/** Files that describe a sweep: our own, those of Weights and Biases, and Katib's. */
package dev.sweeps.file;
