/** A sweep on the machine at hand: its trials are processes, and its results files. */
package dev.sweeps.local;
