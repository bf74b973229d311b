/** What a trial is given: its command line with the macros of Weights and Biases, and its environment. */
package dev.sweeps.command;
