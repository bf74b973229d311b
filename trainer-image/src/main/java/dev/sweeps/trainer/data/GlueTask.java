package dev.sweeps.trainer.data;

import dev.sweeps.trainer.ExitCode;
import dev.sweeps.trainer.TrainingException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A GLUE task and the layout of its files, as transformers' {@code data/processors/glue.py} reads them.
 *
 * @param labels the classes in the order of their index
 * @param columns of a row; the sentences are in {@code first} and {@code second}, the label in the last one
 */
public record GlueTask(String name, List<String> labels, int columns, int first, int second) {
    public static final GlueTask RTE = new GlueTask("rte", List.of("entailment", "not_entailment"), 4, 1, 2);

    /** One row before it is tokenised. */
    public record Pair(String first, String second, int label) {}

    /** The task with this name. */
    public static GlueTask named(String name) {
        if (!name.equals(RTE.name)) {
            throw new TrainingException(
                    ExitCode.USAGE, "--task_name is \"" + name + "\"; this version trains RTE, use --task_name RTE");
        }
        return RTE;
    }

    /**
     * The rows of a file of the task. Quotes mean nothing in it (Python's csv.QUOTE_NONE), and the first line is a header.
     *
     * @throws TrainingException if the file is missing, empty, or a row of it is not a row of the task
     */
    public List<Pair> read(Path folder, String file) {
        if (!Files.isDirectory(folder)) {
            throw TrainingException.badInput("--data_dir " + folder + " is not a folder (in "
                    + Path.of("").toAbsolutePath() + "); mount the data there or correct --data_dir");
        }
        Path path = folder.resolve(file);
        List<String> lines;
        try {
            lines = Files.readAllLines(path);
        } catch (MalformedInputException e) {
            throw TrainingException.badInput(path + " is not UTF-8 text; get the file anew");
        } catch (IOException e) {
            throw TrainingException.badInput(
                    path + " cannot be read; --data_dir must be a folder with train.tsv and dev.tsv of " + name);
        }
        List<Pair> pairs = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            pairs.add(pair(path + " line " + (i + 1), lines.get(i)));
        }
        if (pairs.isEmpty()) {
            throw TrainingException.badInput(path + " has no rows; get the file anew");
        }
        return pairs;
    }

    private Pair pair(String where, String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length < columns) {
            throw TrainingException.badInput(where + " has " + cells.length + " columns, and a row of " + name + " has "
                    + columns + " separated by tabs; the file may be torn, get it anew");
        }
        int label = labels.indexOf(cells[columns - 1]);
        if (label < 0) {
            throw TrainingException.badInput(where + " has the label \"" + cells[columns - 1] + "\", and " + name
                    + " knows " + String.join(", ", labels) + "; correct the row");
        }
        return new Pair(cells[first], cells[second], label);
    }
}
