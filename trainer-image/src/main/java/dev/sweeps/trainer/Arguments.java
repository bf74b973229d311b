package dev.sweeps.trainer;

import dev.sweeps.trainer.optim.AdamW;
import dev.sweeps.trainer.optim.Schedule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
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

    private record Group(String name, List<Flag> flags) {}

    private static final List<Group> GROUPS = List.of(
            new Group(
                    "Model",
                    List.of(
                            new Flag(
                                    "model_name_or_path",
                                    Kind.TEXT,
                                    null,
                                    "folder of the model, or its id on the Hugging Face Hub"),
                            new Flag(
                                    "tokenizer_name",
                                    Kind.TEXT,
                                    "",
                                    "folder or id of the tokenizer, if it is not the model's"),
                            new Flag("revision", Kind.TEXT, "main", "branch, tag or commit of a model of the Hub"),
                            new Flag(
                                    "cache_dir",
                                    Kind.TEXT,
                                    "",
                                    "folder for models of the Hub, else HF_HOME says which"))),
            new Group(
                    "Data",
                    List.of(
                            new Flag(
                                    "task_name",
                                    Kind.TEXT,
                                    null,
                                    "the GLUE task: CoLA, SST-2, MRPC, STS-B, QQP, MNLI, QNLI, RTE or WNLI"),
                            new Flag("data_dir", Kind.TEXT, null, "folder with train.tsv and dev.tsv of the task"),
                            new Flag(
                                    "max_seq_length",
                                    Kind.WHOLE,
                                    "128",
                                    "tokens of an example; longer ones are truncated"),
                            new Flag(
                                    "pad_to_max_length",
                                    Kind.BOOLEAN,
                                    "false",
                                    "compute padding too, as run_glue does: the same numbers, later"))),
            new Group(
                    "Training",
                    List.of(
                            new Flag("do_train", Kind.BOOLEAN, "false", "train"),
                            new Flag("per_gpu_train_batch_size", Kind.WHOLE, "8", "examples of a batch"),
                            new Flag(
                                    "gradient_accumulation_steps",
                                    Kind.WHOLE,
                                    "1",
                                    "batches whose gradients make one step"),
                            new Flag(
                                    "micro_batch_size",
                                    Kind.TEXT,
                                    "auto",
                                    "examples of a batch that are computed at a time: the same numbers in less memory"),
                            new Flag("num_train_epochs", Kind.DECIMAL, "3", "passes over the training data"),
                            new Flag("max_steps", Kind.WHOLE, "-1", "if above 0, steps instead of epochs"),
                            new Flag(
                                    "seed",
                                    Kind.WHOLE,
                                    "42",
                                    "seed of new weights, dropout and the order of the data"))),
            new Group(
                    "Optimizer",
                    List.of(
                            new Flag(
                                    "optimizer",
                                    Kind.TEXT,
                                    "adamw_hf",
                                    "adamw_hf as in transformers 2.9, or adamw_torch"),
                            new Flag("learning_rate", Kind.DECIMAL, "5e-5", "learning rate at its highest"),
                            new Flag(
                                    "lr_scheduler_type",
                                    Kind.TEXT,
                                    "linear",
                                    "linear, cosine or constant, after the warm-up"),
                            new Flag(
                                    "warmup_steps", Kind.WHOLE, "0", "steps over which the learning rate rises from 0"),
                            new Flag(
                                    "warmup_ratio",
                                    Kind.DECIMAL,
                                    "0",
                                    "the same as a share of all steps, if warmup_steps is 0"),
                            new Flag(
                                    "weight_decay",
                                    Kind.DECIMAL,
                                    "0",
                                    "decay of weights other than biases and LayerNorms"),
                            new Flag("adam_epsilon", Kind.DECIMAL, "1e-8", "epsilon of AdamW"),
                            new Flag("max_grad_norm", Kind.DECIMAL, "1.0", "the gradient's norm is clipped to it"))),
            new Group(
                    "Evaluation and reports",
                    List.of(
                            new Flag("do_eval", Kind.BOOLEAN, "false", "evaluate at the end"),
                            new Flag(
                                    "per_gpu_eval_batch_size",
                                    Kind.WHOLE,
                                    "8",
                                    "examples over which eval_loss is averaged first"),
                            new Flag(
                                    "evaluate_during_training",
                                    Kind.BOOLEAN,
                                    "false",
                                    "evaluate every logging_steps too"),
                            new Flag("logging_steps", Kind.WHOLE, "500", "a line of metrics every so many steps"),
                            new Flag("logging_first_step", Kind.BOOLEAN, "false", "and one after the first step"),
                            new Flag("output_dir", Kind.TEXT, null, "folder for eval_results"),
                            new Flag(
                                    "overwrite_output_dir",
                                    Kind.BOOLEAN,
                                    "false",
                                    "use output_dir although it is not empty"),
                            new Flag(
                                    "save_model",
                                    Kind.BOOLEAN,
                                    "false",
                                    "keep the trained model in output_dir, as transformers reads it"),
                            new Flag("profile", Kind.BOOLEAN, "false", "tell where the time of the training went"))),
            new Group(
                    "Checkpoints",
                    List.of(
                            new Flag("checkpoint_dir", Kind.TEXT, "", "folder to go on from after a stop"),
                            new Flag(
                                    "save_steps",
                                    Kind.WHOLE,
                                    "500",
                                    "a checkpoint every so many steps, if there is a checkpoint_dir"))),
            new Group(
                    "Machine",
                    List.of(
                            new Flag("no_cuda", Kind.BOOLEAN, "false", "train on the CPU although there is a GPU"),
                            new Flag(
                                    "bf16",
                                    Kind.BOOLEAN,
                                    "false",
                                    "matrix products in bfloat16, on a processor or GPU that has it"))));

    private static final Map<String, Flag> FLAGS = GROUPS.stream()
            .flatMap(group -> group.flags.stream())
            .collect(Collectors.toMap(Flag::name, flag -> flag, (first, second) -> first, LinkedHashMap::new));

    /** Flags of run_glue.py that have nothing to do here: there is no cache of features, no TensorBoard, no apex. */
    private static final Map<String, Kind> WITHOUT_EFFECT = Map.of(
            "overwrite_cache", Kind.BOOLEAN,
            "logging_dir", Kind.TEXT,
            "save_total_limit", Kind.WHOLE,
            "fp16_opt_level", Kind.TEXT);

    /** Later versions of run_glue.py renamed these. */
    private static final Map<String, String> ALIASES = Map.of(
            "per_device_train_batch_size", "per_gpu_train_batch_size",
            "per_device_eval_batch_size", "per_gpu_eval_batch_size");

    /** Flags that change no number of the training. */
    private static final Set<String> WITHOUT_INFLUENCE = Set.of(
            "do_eval",
            "per_gpu_eval_batch_size",
            "evaluate_during_training",
            "output_dir",
            "overwrite_output_dir",
            "cache_dir",
            "checkpoint_dir",
            "profile",
            "save_model",
            "save_steps");

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

    /** The flags by group with their defaults, for people. */
    public static String help() {
        return GROUPS.stream()
                .map(group -> group.flags.stream()
                        .map(Arguments::help)
                        .collect(Collectors.joining("", group.name + ":\n", "\n")))
                .collect(Collectors.joining("", "usage: RunGlue --model_name_or_path DIR --task_name RTE ...\n\n", ""));
    }

    private static String help(Flag flag) {
        String fallback =
                flag.fallback == null ? " (required)" : flag.fallback.isEmpty() ? "" : " (" + flag.fallback + ")";
        return "  --%-28s %s%s%n".formatted(flag.name, flag.help, fallback);
    }

    /** A folder, or an id of the Hub. */
    public String model() {
        return text("model_name_or_path");
    }

    /** Returns the tokenizer, a folder or an id like {@link #model}; empty for that of the model. */
    public Optional<String> tokenizer() {
        return Optional.of(text("tokenizer_name")).filter(name -> !name.isEmpty());
    }

    /** Branch, tag or commit of a model of the Hub. */
    public String revision() {
        return text("revision");
    }

    /** Returns the cache of models of the Hub; empty if the environment decides. */
    public Optional<Path> cacheDirectory() {
        return Optional.of(text("cache_dir"))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of);
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

    /** Batches whose gradients make one step. */
    public int gradientAccumulationSteps() {
        return whole("gradient_accumulation_steps");
    }

    /** Examples that are computed at a time; empty where as many as memory allows. */
    public OptionalInt microBatchSize() {
        String size = text("micro_batch_size");
        return size.equals("auto") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(size));
    }

    public AdamW.Variant optimizer() {
        return AdamW.Variant.named(text("optimizer")).orElseThrow();
    }

    public Schedule.Type schedulerType() {
        return Schedule.Type.named(text("lr_scheduler_type")).orElseThrow();
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

    /**
     * @param steps of the whole training
     */
    public int warmupSteps(int steps) {
        return whole("warmup_steps") > 0 ? whole("warmup_steps") : (int) Math.ceil(steps * decimal("warmup_ratio"));
    }

    /** Whether there is a line of metrics after so many steps. */
    public boolean logsAfter(int steps) {
        return steps % loggingSteps() == 0 || steps == 1 && is("logging_first_step");
    }

    /** After how many steps the line of metrics before that of so many steps is; 0 if there is none. */
    public int logBefore(int steps) {
        int before = (steps - 1) / loggingSteps() * loggingSteps();
        return before == 0 && steps > 1 && is("logging_first_step") ? 1 : before;
    }

    public int loggingSteps() {
        return whole("logging_steps");
    }

    /** Returns the directory of checkpoints; empty if none are written. */
    public Optional<Path> checkpointDirectory() {
        return Optional.of(text("checkpoint_dir"))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of);
    }

    /** Returns a text that is equal for two command lines that train to the same numbers. */
    public String fingerprint() {
        String deciding = FLAGS.keySet().stream()
                .filter(name -> !WITHOUT_INFLUENCE.contains(name))
                .map(name -> name + "=" + text(name))
                .collect(Collectors.joining("\n"));
        // Not a checksum of 32 bits: among the 10,000 trials of a sweep two would have the same, now and then.
        return "run-" + UUID.nameUUIDFromBytes(deciding.getBytes(StandardCharsets.UTF_8));
    }

    public int saveSteps() {
        return whole("save_steps");
    }

    public boolean saveModel() {
        return is("save_model");
    }

    /** Whether to tell where the time went. */
    public boolean profile() {
        return is("profile");
    }

    public boolean padToMaxLength() {
        return is("pad_to_max_length");
    }

    public int seed() {
        return whole("seed");
    }

    public boolean bf16() {
        return is("bf16");
    }

    public boolean noCuda() {
        return is("no_cuda");
    }

    private Arguments checked() {
        for (String positive : List.of(
                "max_seq_length",
                "per_gpu_train_batch_size",
                "per_gpu_eval_batch_size",
                "gradient_accumulation_steps",
                "logging_steps",
                "save_steps")) {
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
        choice("optimizer", AdamW.Variant.named(text("optimizer")), AdamW.Variant.values());
        choice("lr_scheduler_type", Schedule.Type.named(text("lr_scheduler_type")), Schedule.Type.values());
        if (!text("micro_batch_size").matches("auto|[1-9][0-9]{0,8}")) {
            throw usage("--micro_batch_size is \"" + text("micro_batch_size")
                    + "\"; use auto or a whole number of 1 or more");
        }
        if (!(decimal("warmup_ratio") >= 0 && decimal("warmup_ratio") <= 1)) {
            throw usage("--warmup_ratio is " + text("warmup_ratio") + "; use a share of the steps, from 0 to 1");
        }
        for (String share : List.of("weight_decay", "warmup_steps")) {
            if (decimal(share) < 0) {
                throw usage("--" + share + " is " + text(share) + "; use 0 or more");
            }
        }
        if (!train() && !evaluate()) {
            throw usage("neither --do_train nor --do_eval is given, so there is nothing to do; give one or both");
        }
        return this;
    }

    private void choice(String name, Optional<?> chosen, Object[] choices) {
        if (chosen.isEmpty()) {
            throw usage("--" + name + " is \"" + text(name) + "\"; use "
                    + Arrays.stream(choices).map(Object::toString).collect(Collectors.joining(" or ")));
        }
    }

    private static Flag flag(String name) {
        if (WITHOUT_EFFECT.containsKey(name)) {
            return new Flag(name, WITHOUT_EFFECT.get(name), "", "");
        }
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
