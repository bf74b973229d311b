/** The page, as files and as one file. */
package dev.sweeps.page;
