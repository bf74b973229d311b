/** What the statuses of both resources are made of: conditions, times, columns, and the limits of what they hold. No cluster is asked. */
package dev.sweeps.operator.status;
