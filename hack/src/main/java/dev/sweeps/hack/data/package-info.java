/** Data for machines that have none. */
package dev.sweeps.hack.data;
