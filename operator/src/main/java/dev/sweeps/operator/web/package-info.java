/** The dashboard and its API, which serve the content of the caches to viewers with the rights to see it. */
package dev.sweeps.operator.web;
