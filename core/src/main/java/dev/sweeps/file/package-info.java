/** Reads files that describe a sweep: our own, and those of W&amp;B and Katib. */
package dev.sweeps.file;
