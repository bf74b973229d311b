/** The search space of a sweep and the order in which its points are tried. */
package dev.sweeps.search;
