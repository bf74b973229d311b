/** What a sweep's trials came to, as tables: from a cluster, or from a file. */
package dev.sweeps.results;
