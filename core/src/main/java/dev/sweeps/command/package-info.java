/** The command line of a trial with the macros of W&amp;B, and its environment. */
package dev.sweeps.command;
