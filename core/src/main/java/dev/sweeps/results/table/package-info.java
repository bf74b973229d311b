/** Tables of runs in files, ours and those that other tools export. */
package dev.sweeps.results.table;
