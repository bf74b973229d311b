/** {@code kubectl sweep}: the command line. */
package dev.sweeps.cli;
