/** Turns encoders that Maven packages ship into Hugging Face's layout, for machines that reach no model hub. */
package dev.sweeps.hack.models;
