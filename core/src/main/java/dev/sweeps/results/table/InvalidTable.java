package dev.sweeps.results.table;

/** A file that cannot be read as a table of runs. The message is a sentence for the user, without the name of the file. */
public final class InvalidTable extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidTable(String sentence) {
        super(sentence);
    }
}
