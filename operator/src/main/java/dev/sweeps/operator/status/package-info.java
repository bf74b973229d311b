/** Parts of the status of both resources: conditions, times, columns, and size limits. No requests are sent. */
package dev.sweeps.operator.status;
