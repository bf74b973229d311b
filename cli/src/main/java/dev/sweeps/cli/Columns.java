package dev.sweeps.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A table as kubectl prints one: columns as wide as their widest cell, three spaces between them. */
final class Columns {
    private static final String GAP = "   ";
    /** Maximum number of characters of a cell; longer text is cut. */
    private static final int MAX_WIDTH = 80;

    private final List<List<String>> rows = new ArrayList<>();

    Columns(List<String> header) {
        add(header);
    }

    void add(List<String> cells) {
        rows.add(cells.stream().map(cell -> Text.shortened(cell, MAX_WIDTH)).toList());
    }

    void print(PrintWriter out) {
        lines().forEach(out::println);
    }

    List<String> lines() {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Text.width(row.get(i)));
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i))
                    .append(" ".repeat(widths[i] - Text.width(row.get(i))))
                    .append(GAP);
        }
        return line.toString().stripTrailing();
    }
}
