/** Everything that is shown of a sweep, in one document. */
package dev.sweeps.report;
