/** The dashboard and its API: what the caches hold, for those who may see it. */
package dev.sweeps.operator.web;
