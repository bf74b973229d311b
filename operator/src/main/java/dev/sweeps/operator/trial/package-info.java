/** One trial: its Job, what is seen of it, and its status. */
package dev.sweeps.operator.trial;
