/** Runs a sweep on this machine: trials are processes, and results are files. */
package dev.sweeps.local;
