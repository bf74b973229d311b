package dev.sweeps.trainer;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The command line of {@code run_glue.py} (transformers 2.9, May 2020): the same flags with the same defaults. A flag is written
 * {@code --name value} or {@code --name=value}; one that is true or false also {@code --name} alone.
 */
public final class Arguments {

    private enum Kind {
        TEXT,
        BOOLEAN,
        WHOLE,
        DECIMAL
    }

    /**
     * @param fallback what holds when the flag is not given; null for a flag that must be given
     */
    private record Flag(String name, Kind kind, String fallback, String help) {}

    private static final Map<String, Flag> FLAGS = List.of(
                    new Flag("model_name_or_path", Kind.TEXT, null, "folder of the model, in Hugging Face layout"),
                    new Flag("tokenizer_name", Kind.TEXT, "", "folder of the tokenizer, if it is not the model's"),
                    new Flag("task_name", Kind.TEXT, null, "the GLUE task: RTE"),
                    new Flag("data_dir", Kind.TEXT, null, "folder with train.tsv and dev.tsv of the task"),
                    new Flag("output_dir", Kind.TEXT, null, "folder for eval_results"),
                    new Flag("overwrite_output_dir", Kind.BOOLEAN, "false", "use output_dir although it is not empty"),
                    new Flag("max_seq_length", Kind.WHOLE, "128", "tokens of a pair; longer ones are truncated"),
                    new Flag("do_train", Kind.BOOLEAN, "false", "train"),
                    new Flag("do_eval", Kind.BOOLEAN, "false", "evaluate on dev.tsv"),
                    new Flag("evaluate_during_training", Kind.BOOLEAN, "false", "evaluate every logging_steps too"),
                    new Flag("per_gpu_train_batch_size", Kind.WHOLE, "8", "examples in a training step"),
                    new Flag("per_gpu_eval_batch_size", Kind.WHOLE, "8", "examples in an evaluation step"),
                    new Flag("learning_rate", Kind.DECIMAL, "5e-5", "learning rate at the start"),
                    new Flag("weight_decay", Kind.DECIMAL, "0", "decay of weights other than biases and LayerNorms"),
                    new Flag("adam_epsilon", Kind.DECIMAL, "1e-8", "epsilon of AdamW"),
                    new Flag("max_grad_norm", Kind.DECIMAL, "1.0", "the gradient's norm is clipped to it"),
                    new Flag("num_train_epochs", Kind.DECIMAL, "3", "passes over the training data"),
                    new Flag("max_steps", Kind.WHOLE, "-1", "if above 0, steps instead of epochs"),
                    new Flag("warmup_steps", Kind.WHOLE, "0", "steps over which the learning rate rises from 0"),
                    new Flag("logging_steps", Kind.WHOLE, "500", "a line of metrics every so many steps"),
                    new Flag("seed", Kind.WHOLE, "42", "seed of new weights, dropout and the order of the data"),
                    new Flag("no_cuda", Kind.BOOLEAN, "false", "train on the CPU although there is a GPU"))
            .stream()
            .collect(Collectors.toMap(Flag::name, flag -> flag, (first, second) -> first, LinkedHashMap::new));

    /** Later versions of run_glue.py renamed these. */
    private static final Map<String, String> ALIASES = Map.of(
            "per_device_train_batch_size", "per_gpu_train_batch_size",
            "per_device_eval_batch_size", "per_gpu_eval_batch_size");

    private final Map<String, String> given;

    private Arguments(Map<String, String> given) {
        this.given = given;
    }

    /**
     * Reads a command line.
     *
     * @throws TrainingException with {@link ExitCode#USAGE} if a flag is unknown, missing or has a wrong value
     */
    public static Arguments parse(List<String> words) {
        Map<String, String> given = new LinkedHashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("--")) {
                throw usage("\"" + word + "\" belongs to no flag; flags are written --name value or --name=value");
            }
            int equals = word.indexOf('=');
            Flag flag = flag(word.substring(2, equals < 0 ? word.length() : equals));
            String value;
            if (equals >= 0) {
                value = word.substring(equals + 1);
            } else if (flag.kind == Kind.BOOLEAN) {
                value = "true";
            } else if (i + 1 < words.size()) {
                value = words.get(++i);
            } else {
                throw usage("--" + flag.name + " needs a value: " + flag.help);
            }
            given.put(flag.name, checked(flag, value));
        }
        FLAGS.values().stream()
                .filter(flag -> flag.fallback == null && !given.containsKey(flag.name))
                .findFirst()
                .ifPresent(flag -> {
                    throw usage("--" + flag.name + " is missing: " + flag.help);
                });
        return new Arguments(given).checked();
    }

    /** The flags with their defaults, for people. */
    public static String help() {
        return FLAGS.values().stream()
                .map(flag -> String.format(
                        "  --%-28s %s%s",
                        flag.name,
                        flag.help,
                        flag.fallback == null
                                ? " (required)"
                                : flag.fallback.isEmpty() ? "" : " (" + flag.fallback + ")"))
                .collect(Collectors.joining(
                        "\n", "usage: RunGlue --model_name_or_path DIR --task_name RTE ...\n\n", "\n"));
    }

    public Path modelDirectory() {
        return Path.of(text("model_name_or_path"));
    }

    public Path tokenizerDirectory() {
        return text("tokenizer_name").isEmpty() ? modelDirectory() : Path.of(text("tokenizer_name"));
    }

    public String taskName() {
        return text("task_name").toLowerCase(Locale.ROOT);
    }

    public Path dataDirectory() {
        return Path.of(text("data_dir"));
    }

    public Path outputDirectory() {
        return Path.of(text("output_dir"));
    }

    public boolean overwriteOutputDirectory() {
        return is("overwrite_output_dir");
    }

    public int maxSequenceLength() {
        return whole("max_seq_length");
    }

    public boolean train() {
        return is("do_train");
    }

    public boolean evaluate() {
        return is("do_eval");
    }

    public boolean evaluateDuringTraining() {
        return is("evaluate_during_training");
    }

    public int trainBatchSize() {
        return whole("per_gpu_train_batch_size");
    }

    public int evalBatchSize() {
        return whole("per_gpu_eval_batch_size");
    }

    public double learningRate() {
        return decimal("learning_rate");
    }

    public double weightDecay() {
        return decimal("weight_decay");
    }

    public double adamEpsilon() {
        return decimal("adam_epsilon");
    }

    public double maxGradNorm() {
        return decimal("max_grad_norm");
    }

    public double epochs() {
        return decimal("num_train_epochs");
    }

    /** Steps to train, or 0 if {@link #epochs()} says how long. */
    public int maxSteps() {
        return Math.max(0, whole("max_steps"));
    }

    public int warmupSteps() {
        return whole("warmup_steps");
    }

    public int loggingSteps() {
        return whole("logging_steps");
    }

    public int seed() {
        return whole("seed");
    }

    public boolean noCuda() {
        return is("no_cuda");
    }

    private Arguments checked() {
        for (String positive :
                List.of("max_seq_length", "per_gpu_train_batch_size", "per_gpu_eval_batch_size", "logging_steps")) {
            if (whole(positive) < 1) {
                throw usage("--" + positive + " is " + whole(positive) + "; use 1 or more");
            }
        }
        if (maxSequenceLength() < 3) {
            throw usage("--max_seq_length is " + maxSequenceLength()
                    + ", which leaves no room between [CLS] and two [SEP]; use 8 or more");
        }
        for (String positive : List.of("learning_rate", "num_train_epochs", "max_grad_norm", "adam_epsilon")) {
            if (!(decimal(positive) > 0)) {
                throw usage("--" + positive + " is " + text(positive) + "; use a number above 0");
            }
        }
        if (!train() && !evaluate()) {
            throw usage("neither --do_train nor --do_eval is given, so there is nothing to do; give one or both");
        }
        return this;
    }

    private static Flag flag(String name) {
        String known = ALIASES.getOrDefault(name, name);
        Flag flag = FLAGS.get(known);
        if (flag == null) {
            String nearest = FLAGS.keySet().stream()
                    .min(Comparator.comparingInt(candidate -> editDistance(name, candidate)))
                    .orElseThrow();
            throw usage("--" + name + " is not a flag of this trainer; the nearest is --" + nearest
                    + ", and --help lists all");
        }
        return flag;
    }

    private static String checked(Flag flag, String value) {
        try {
            switch (flag.kind) {
                case WHOLE -> Integer.parseInt(value);
                case DECIMAL -> {
                    if (!Double.isFinite(Double.parseDouble(value))) {
                        throw new NumberFormatException();
                    }
                }
                case BOOLEAN -> {
                    if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
                        throw new NumberFormatException();
                    }
                }
                case TEXT -> {
                    if (value.isEmpty() && flag.fallback == null) {
                        throw usage("--" + flag.name + " is empty: " + flag.help);
                    }
                }
            }
        } catch (NumberFormatException e) {
            String rule =
                    switch (flag.kind) {
                        case WHOLE -> "a whole number";
                        case DECIMAL -> "a number, such as 5e-5";
                        default -> "True or False";
                    };
            throw usage("--" + flag.name + " is \"" + value + "\"; use " + rule);
        }
        return value;
    }

    private String text(String name) {
        return given.getOrDefault(name, FLAGS.get(name).fallback);
    }

    private boolean is(String name) {
        return Boolean.parseBoolean(text(name));
    }

    private int whole(String name) {
        return Integer.parseInt(text(name));
    }

    private double decimal(String name) {
        return Double.parseDouble(text(name));
    }

    private static TrainingException usage(String sentence) {
        return new TrainingException(ExitCode.USAGE, sentence);
    }

    /** Levenshtein's distance: insertions, deletions and replacements that make one of the other. */
    private static int editDistance(String left, String right) {
        int[] previous = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int[] current = new int[right.length() + 1];
            current[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replace = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[right.length()];
    }
}
