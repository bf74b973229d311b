package dev.sweeps.trainer.data;

import dev.sweeps.trainer.ExitCode;
import dev.sweeps.trainer.TrainingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The GLUE tasks (Wang et al. 2018, arXiv:1804.07461) and the layout of their files, as {@code data/processors/glue.py} of transformers 2.9 reads them. */
public enum GlueTask {
    COLA("cola", Score.MATTHEWS, List.of("0", "1"), new Layout(false, 3, -1, 1), List.of("dev.tsv")),
    SST2("sst-2", Score.ACCURACY, List.of("0", "1"), new Layout(true, 0, -1, 1), List.of("dev.tsv")),
    MRPC("mrpc", Score.ACCURACY_AND_F1, List.of("0", "1"), new Layout(true, 3, 4, 0), List.of("dev.tsv")),
    STSB("sts-b", Score.CORRELATION, List.of(), new Layout(true, 7, 8, Layout.LAST), List.of("dev.tsv")),
    QQP("qqp", Score.ACCURACY_AND_F1, List.of("0", "1"), new Layout(true, 3, 4, 5), List.of("dev.tsv")),
    MNLI(
            "mnli",
            Score.ACCURACY,
            List.of("contradiction", "entailment", "neutral"),
            new Layout(true, 8, 9, Layout.LAST),
            List.of("dev_matched.tsv", "dev_mismatched.tsv")),
    QNLI(
            "qnli",
            Score.ACCURACY,
            List.of("entailment", "not_entailment"),
            new Layout(true, 1, 2, Layout.LAST),
            List.of("dev.tsv")),
    RTE(
            "rte",
            Score.ACCURACY,
            List.of("entailment", "not_entailment"),
            new Layout(true, 1, 2, Layout.LAST),
            List.of("dev.tsv")),
    WNLI("wnli", Score.ACCURACY, List.of("0", "1"), new Layout(true, 1, 2, Layout.LAST), List.of("dev.tsv"));

    /** Metrics of a task. */
    public enum Score {
        ACCURACY,
        ACCURACY_AND_F1,
        /** Matthews correlation of a binary classification. */
        MATTHEWS,
        /** Pearson and Spearman of a regression. */
        CORRELATION
    }

    /**
     * Columns from 0.
     *
     * @param header whether the first line is one
     * @param second -1 where an example is a single sentence
     */
    private record Layout(boolean header, int first, int second, int label) {
        /** Index that stands for the last column of each row. */
        private static final int LAST = -1;

        /** Returns the minimum number of columns of a row. */
        int columns() {
            int last = Math.max(first, second);
            return label == LAST ? last + 2 : Math.max(last, label) + 1;
        }
    }

    /**
     * One row before it is tokenised.
     *
     * @param second null where an example is a single sentence
     * @param label index of the class, or the score of a regression
     */
    public record Row(String first, String second, float label) {
        int characters() {
            return first.length() + (second == null ? 0 : second.length());
        }
    }

    private static final String TRAIN = "train.tsv";

    private final String name;
    private final Score score;
    private final List<String> labels;
    private final Layout layout;
    private final List<String> devFiles;

    GlueTask(String name, Score score, List<String> labels, Layout layout, List<String> devFiles) {
        this.name = name;
        this.score = score;
        this.labels = labels;
        this.layout = layout;
        this.devFiles = devFiles;
    }

    /** Returns the task with this name, in lower case. */
    public static GlueTask named(String name) {
        return Arrays.stream(values())
                .filter(task -> task.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new TrainingException(
                        ExitCode.USAGE,
                        "--task_name is \"" + name + "\"; use "
                                + Arrays.stream(values())
                                        .map(GlueTask::taskName)
                                        .collect(Collectors.joining(", "))));
    }

    /** Returns the name in run_glue: {@code rte}, {@code sst-2}. */
    public String taskName() {
        return name;
    }

    /** Returns the name of the folder in the archives of GLUE: {@code RTE}, {@code CoLA}. */
    public String folderName() {
        return this == COLA ? "CoLA" : name.toUpperCase(Locale.ROOT);
    }

    public Score score() {
        return score;
    }

    /** Returns the classes in the order of their index; empty for a regression. */
    public List<String> labels() {
        return labels;
    }

    /** Whether a number is predicted and not a class. */
    public boolean isRegression() {
        return labels.isEmpty();
    }

    /** Returns the number of outputs of a model for an example. */
    public int outputs() {
        return isRegression() ? 1 : labels.size();
    }

    /**
     * The rows to train on.
     *
     * @param each takes them one by one
     * @throws TrainingException if the file is missing, empty, or a row of it is not a row of the task
     */
    public void train(Path folder, Consumer<Row> each) {
        read(folder, TRAIN, each);
    }

    /** Reads the rows of the dev set, like {@link #train}; for MNLI the matched ones. */
    public void dev(Path folder, Consumer<Row> each) {
        read(folder, devFiles.get(0), each);
    }

    /** Reads the rows of MNLI's mismatched dev set; no rows for other tasks. */
    public void devMismatched(Path folder, Consumer<Row> each) {
        if (devFiles.size() > 1) {
            read(folder, devFiles.get(1), each);
        }
    }

    /** Reads lines as Python's csv.QUOTE_NONE does, in which quotes have no meaning. */
    private void read(Path folder, String file, Consumer<Row> each) {
        if (!Files.isDirectory(folder)) {
            throw TrainingException.badInput("--data_dir " + folder + " is not a folder (in "
                    + Path.of("").toAbsolutePath() + "); mount the data there or correct --data_dir");
        }
        Path path = folder.resolve(file);
        int rows = 0;
        try (BufferedReader lines = Files.newBufferedReader(path)) {
            int number = 0;
            int blank = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (number == 1) {
                    line = line.startsWith("\uFEFF") ? line.substring(1) : line;
                    if (layout.header) {
                        checkHeader(path, line);
                        continue;
                    }
                }
                if (line.isBlank()) {
                    blank = blank == 0 ? number : blank;
                    continue; // Only at the end.
                }
                if (blank > 0) {
                    throw TrainingException.badInput(
                            path + " line " + blank + " is blank, and rows follow; remove the line");
                }
                Row row = row(path, number, line);
                if (row != null) {
                    rows++;
                    each.accept(row);
                }
            }
        } catch (CharacterCodingException e) {
            throw TrainingException.badInput(path + " is not UTF-8 text; get the file anew");
        } catch (IOException e) {
            throw TrainingException.badInput(path + " cannot be read; --data_dir must be a folder with " + TRAIN
                    + " and " + String.join(", ", devFiles) + " of " + name);
        }
        if (rows == 0) {
            throw TrainingException.badInput(path + " has no rows; get the file anew");
        }
    }

    /** Checks the header. Without one, the first row would be lost. */
    private void checkHeader(Path path, String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length < layout.columns()) {
            return;
        }
        String label = cells[layout.label == Layout.LAST ? cells.length - 1 : layout.label].strip();
        if (labels.contains(label) || isRegression() && label.matches("[0-9.]+")) {
            throw TrainingException.badInput(
                    path + " line 1 is a row with the label \"" + label + "\", and the first line of " + name
                            + " names the columns; put a header before it, or this row would be lost");
        }
    }

    private String tooFew(Path path, int number, String line, int cells) {
        String found = path + " line " + number + " has " + cells + (cells == 1 ? " column" : " columns")
                + ", and a row of " + name + " has " + layout.columns() + " or more, separated by tabs; ";
        if (line.chars().filter(c -> c == '"').count() % 2 == 1) {
            return found
                    + "it has a quote that is not closed in this line. Quotes mean nothing in GLUE's files, and a field ends with its line:"
                    + " write the file without quotes and line breaks (in pandas quoting=csv.QUOTE_NONE)";
        }
        if (cells == layout.columns() - 1 && (layout.label == Layout.LAST || layout.label == cells)) {
            return found
                    + "the label is missing, as in a test set; add the column, or name a folder with labelled files";
        }
        return found + "the file may be torn, get it anew";
    }

    /** Returns null for a row to skip. A few rows of QQP are broken, and run_glue skips them. */
    private Row row(Path path, int number, String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length < layout.columns()) {
            if (this == QQP) {
                return null;
            }
            throw TrainingException.badInput(tooFew(path, number, line, cells.length));
        }
        String label = cells[layout.label == Layout.LAST ? cells.length - 1 : layout.label];
        return new Row(
                cells[layout.first],
                layout.second < 0 ? null : cells[layout.second],
                isRegression() ? score(path, number, label) : index(path, number, label));
    }

    private int index(Path path, int number, String label) {
        int index = labels.indexOf(label);
        if (index < 0) {
            throw TrainingException.badInput(path + " line " + number + " has the label \"" + label + "\", and " + name
                    + " knows " + String.join(", ", labels) + "; correct the row");
        }
        return index;
    }

    private float score(Path path, int number, String label) {
        try {
            float score = Float.parseFloat(label);
            if (Float.isFinite(score)) {
                return score;
            }
        } catch (NumberFormatException e) {
            // The exception below names it.
        }
        throw TrainingException.badInput(
                path + " line " + number + " has the score \"" + label + "\", which is not a number; correct the row");
    }
}
