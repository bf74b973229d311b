/** What a trial tells: metric lines in its log, and the message that it leaves when it ends. */
package dev.sweeps.metrics;
