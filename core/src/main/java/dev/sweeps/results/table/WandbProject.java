package dev.sweeps.results.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sweeps.metrics.PythonLiteral;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The table that W&amp;B's documentation makes of a project with its Python API and pandas: {@code summary}, {@code config} and {@code name}, with
 * a dict in each cell. It holds no states.
 */
final class WandbProject implements TableFormat {
    private static final String CONFIG = "config.";

    @Override
    public String name() {
        return "an export of a Weights & Biases project";
    }

    @Override
    public boolean matches(Sheet sheet) {
        return sheet.has("summary") && sheet.has("config") && sheet.has("name");
    }

    @Override
    public Sheet unpacked(Sheet sheet) {
        Map<String, List<String>> columns = new TreeMap<>();
        for (int i = 0; i < sheet.rows().size(); i++) {
            unpack("", sheet, "summary", i, columns);
            unpack(CONFIG, sheet, "config", i, columns);
        }
        return sheet.withColumns(columns);
    }

    private static void unpack(String prefix, Sheet sheet, String column, int row, Map<String, List<String>> columns) {
        String cell = sheet.cell(sheet.rows().get(row), column);
        JsonNode dict = PythonLiteral.dict(cell)
                .orElseThrow(() -> new InvalidTable("row " + (row + 1) + ": " + column
                        + " is not a dict; export the table of runs from the W&B page instead"));
        add(prefix, dict, sheet.rows().size(), row, columns);
    }

    private static void add(String path, JsonNode dict, int rows, int row, Map<String, List<String>> columns) {
        dict.properties().forEach(field -> {
            String name = path + field.getKey();
            if (field.getValue().isObject()) {
                add(name + ".", field.getValue(), rows, row, columns);
            } else {
                columns.computeIfAbsent(name, none -> new ArrayList<>(java.util.Collections.nCopies(rows, "")))
                        .set(row, text(field.getValue()));
            }
        });
    }

    private static String text(JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        if (value.isNumber()) {
            return Double.isFinite(value.doubleValue()) ? value.decimalValue().toPlainString() : "NaN";
        }
        return value.isTextual() ? value.textValue() : value.toString();
    }

    @Override
    public List<String> hyperparameters(Sheet sheet) {
        return sheet.header().stream()
                .filter(column -> column.startsWith(CONFIG) && !column.startsWith(CONFIG + "_"))
                .toList();
    }

    @Override
    public Optional<String> stateColumn(Sheet sheet) {
        return Optional.empty();
    }

    @Override
    public List<String> nameColumns() {
        return List.of("name");
    }
}
