/** {@code kubectl sweep}: what a sweep came to, in a terminal and in files. */
package dev.sweeps.cli;
