package dev.sweeps.results.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The cells of a CSV file. The separator is a comma, a semicolon or a tab, whichever the first line has most of.
 *
 * @param header names of the columns
 * @param rows as many cells each as the header
 * @param hasDecimalCommas whether numbers are written as {@code 0,5}
 */
record Sheet(List<String> header, List<List<String>> rows, boolean hasDecimalCommas) {
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,4})?");
    private static final Pattern WITH_COMMA = Pattern.compile("[-+]?\\d+,\\d+([eE][-+]?\\d{1,4})?");

    /** Three digits after the comma, which may be a group of thousands. */
    private static final Pattern AMBIGUOUS = Pattern.compile("[-+]?[1-9]\\d{0,2},\\d{3}");

    private static final Pattern WITH_POINT = Pattern.compile("[-+]?\\d*\\.\\d+([eE][-+]?\\d{1,4})?");
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");

    /** Excel names its separator in a line of its own. */
    private static final Pattern SEPARATOR_LINE = Pattern.compile("^sep=(.)\\r?\\n");

    /** @throws InvalidTable if the text is not a table, with the row at fault */
    static Sheet of(String text) {
        var separatorLine = SEPARATOR_LINE.matcher(text);
        boolean isNamed = separatorLine.find();
        String table = isNamed ? text.substring(separatorLine.end()) : text;
        char separator = isNamed ? separatorLine.group(1).charAt(0) : separator(table);
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(separator)
                .setIgnoreSurroundingSpaces(true)
                .get();
        List<List<String>> lines = new ArrayList<>();
        try (CSVParser parser = CSVParser.parse(table, format)) {
            for (CSVRecord line : parser) {
                lines.add(line.toList());
            }
        } catch (IOException | UncheckedIOException e) {
            throw new InvalidTable("row " + Math.max(1, lines.size()) + " cannot be read: "
                    + e.getMessage().replaceFirst("^.*\\(startline \\d+\\) ", "")
                    + "; a quote within a quoted cell is written twice");
        }
        if (lines.isEmpty() || lines.get(0).stream().allMatch(String::isEmpty)) {
            throw new InvalidTable("the table is empty; its first line names the columns");
        }
        List<String> header = lines.get(0);
        List<List<String>> rows = List.copyOf(lines.subList(1, lines.size()));
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).size() != header.size()) {
                throw new InvalidTable(
                        "row %d has %d cells, and the header has %d; an empty cell needs its separator too"
                                .formatted(i + 1, rows.get(i).size(), header.size()));
            }
        }
        return new Sheet(header, rows, separator != ',' && hasDecimalCommas(header, rows));
    }

    private static char separator(String text) {
        int end = text.indexOf('\n');
        String header = QUOTED.matcher(end < 0 ? text : text.substring(0, end)).replaceAll("");
        char most = ',';
        for (char candidate : new char[] {';', '\t'}) {
            most = count(header, candidate) > count(header, most) ? candidate : most;
        }
        return most;
    }

    private static long count(String text, char wanted) {
        return text.chars().filter(c -> c == wanted).count();
    }

    private static boolean hasDecimalCommas(List<String> header, List<List<String>> rows) {
        String comma = null;
        String point = null;
        boolean onlyAmbiguous = true;
        for (int i = 0; i < rows.size(); i++) {
            for (int column = 0; column < header.size(); column++) {
                String cell = rows.get(i).get(column);
                String where = "row " + (i + 1) + ": " + header.get(column) + " is " + cell;
                if (WITH_COMMA.matcher(cell).matches()) {
                    comma = comma == null ? where : comma;
                    onlyAmbiguous &= AMBIGUOUS.matcher(cell).matches();
                } else if (WITH_POINT.matcher(cell).matches()) {
                    point = point == null ? where : point;
                }
            }
        }
        if (comma != null && point != null) {
            throw new InvalidTable(
                    comma + ", and " + point + "; write all numbers with a decimal point, or all with a comma");
        }
        if (comma != null && onlyAmbiguous) {
            throw new InvalidTable(
                    comma + ", which may be a decimal number or a group of thousands; write it with a decimal point");
        }
        return comma != null;
    }

    /** Index of a column; -1 if there is none of that name. */
    int column(String name) {
        return header.indexOf(name);
    }

    boolean has(String name) {
        return header.contains(name);
    }

    /** The cell of a row; empty if there is no such column. */
    String cell(List<String> row, String column) {
        int index = column(column);
        return index < 0 ? "" : row.get(index).strip();
    }

    /** The number in a cell; empty if it is none or too large for a double. */
    Optional<BigDecimal> number(String cell) {
        String plain = hasDecimalCommas && WITH_COMMA.matcher(cell).matches() ? cell.replace(',', '.') : cell;
        return Optional.of(plain)
                .filter(text -> NUMBER.matcher(text).matches())
                .map(BigDecimal::new)
                .filter(value -> Double.isFinite(value.doubleValue()));
    }

    boolean isTwice(String column) {
        return Collections.frequency(header, column) > 1;
    }

    /** Returns this sheet with additional columns, each with a value for each row. */
    Sheet withColumns(Map<String, List<String>> others) {
        List<String> names = new ArrayList<>(header);
        Map<String, List<String>> added = new TreeMap<>(others);
        names.addAll(added.keySet());
        List<List<String>> all = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            List<String> row = new ArrayList<>(rows.get(i));
            for (List<String> column : added.values()) {
                row.add(column.get(i));
            }
            all.add(List.copyOf(row));
        }
        return new Sheet(List.copyOf(names), List.copyOf(all), hasDecimalCommas);
    }
}
