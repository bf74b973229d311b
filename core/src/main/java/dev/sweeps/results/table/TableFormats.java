package dev.sweeps.results.table;

import dev.sweeps.api.v1alpha1.Metric.Goal;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The tables that are recognised, in the order in which they are tried. The last one takes any table. */
final class TableFormats {
    /** Columns that no tool means as hyperparameters. */
    private static final Pattern BOOKKEEPING = Pattern.compile(
            "trial|trial[ _-]?name|trial[ _-]?id|((trial|run)[ _-])?job[ _-]?id|sequence[ _-]?id|intermediate[ _-]?count|uu?id"
                    + "|run|run[ _-]?name|run[ _-]?id|name|id|number|index|((trial|run|job)[ _-]?)?(state|status)|reason|notes|user|tags|created|createdat"
                    + "|updated|start(ed)?|end(ed)?|(start|end)[ _]time|date|time|timestamp|runtime|duration|sweep|group|job[ _]type|hostname|host"
                    + "|pid|node|node[ _-]?ip|commit|github|git.*|datetime_(start|complete)|attempts|artifact_uri|experiment[ _-]?(id|name)?|logdir|source"
                    + "([ _].*)?|version|time_.*|user_attrs_.*|system_attrs_.*|tags\\..*|seed_?name|rank|error|message|url|path",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern STATE =
            Pattern.compile("((trial|run|job)[ _-]?)?(state|status)", Pattern.CASE_INSENSITIVE);

    private static final Pattern WANDB = Pattern.compile(
            "Name|ID|State|Notes|User|Tags|Created|Runtime|Sweep|Group|Job Type|Hostname|Commit|GitHub|GitHub/.*|Host|OS|Python.*|End Time|Start Time"
                    + "|Updated|Report|Agent|GPU.*|Duration|Description|Heartbeat|Url|Project|Entity",
            Pattern.CASE_INSENSITIVE);

    /** W&B's page: the table of runs of a project or sweep, exported as CSV. Columns of the config and of the summary look alike. */
    private static final TableFormat WANDB_RUNS = new OtherColumns(
            "an export of Weights & Biases",
            sheet -> sheet.has("Name") && sheet.has("State"),
            WANDB,
            Optional.of("State"),
            List.of("Name", "ID"),
            Optional.empty());

    /** {@code mlflow experiments csv} and {@code mlflow.search_runs()}. */
    private static final TableFormat MLFLOW = new MarkedColumns(
            "an export of MLflow",
            sheet -> sheet.has("run_id") && hasPrefix(sheet, "metrics.", "params."),
            List.of("params."),
            Optional.of("status"),
            List.of("tags.mlflow.runName", "run_id"),
            Optional.empty());

    /** The page of MLflow: Download CSV. Parameters and metrics look alike. */
    private static final TableFormat MLFLOW_PAGE = new OtherColumns(
            "an export of MLflow's page",
            sheet -> sheet.has("Run ID") && sheet.has("Start Time") && sheet.has("Status"),
            Pattern.compile(
                    "Run ID|Start Time|Duration|Name|Source.*|User|Status|Version|Models|Dataset|Created|mlflow\\..*"),
            Optional.of("Status"),
            List.of("Name", "Run ID"),
            Optional.empty());

    /** {@code study.trials_dataframe()}, and the CSV of Optuna Dashboard. */
    private static final TableFormat OPTUNA = new MarkedColumns(
            "an export of Optuna",
            sheet -> sheet.has("number")
                    && (sheet.has("value") || sheet.has("values") || sheet.has("values_0"))
                    && hasPrefix(sheet, "params_", "datetime_"),
            List.of("params_"),
            Optional.of("state"),
            List.of("number"),
            Optional.of("value"));

    private static final TableFormat OPTUNA_DASHBOARD = new MarkedColumns(
            "an export of Optuna Dashboard",
            sheet -> sheet.has("Number") && sheet.has("State") && hasPrefix(sheet, "Param "),
            List.of("Param "),
            Optional.of("State"),
            List.of("Number"),
            Optional.of("Value"));

    /** {@code ResultGrid.get_dataframe()} of Ray Tune. Ray has no state in it; {@code done} is false for a trial that has not ended. */
    static final TableFormat RAY = new MarkedColumns(
            "an export of Ray Tune",
            sheet -> sheet.has("trial_id") && hasPrefix(sheet, "config/", "config."),
            List.of("config/", "config."),
            Optional.of("done"),
            List.of("trial_id"),
            Optional.empty());

    /** The results of an experiment on Katib's page. Metrics stand before parameters, and no column is marked. */
    private static final TableFormat KATIB = new OtherColumns(
            "an export of Katib",
            sheet -> (sheet.has("trialName") || sheet.has("Trial name")) && sheet.has("Status"),
            Pattern.compile("trial ?name|Status|KFP run", Pattern.CASE_INSENSITIVE),
            Optional.of("Status"),
            List.of("trialName", "Trial name"),
            Optional.empty());

    /**
     * {@code cv_results_} of scikit-learn's searches. A failed fit has NaN. More is always better: scikit-learn negates errors, as in
     * {@code neg_mean_squared_error}.
     */
    private static final TableFormat SCIKIT_LEARN = new MarkedColumns(
            "cv_results_ of scikit-learn",
            sheet -> hasPrefix(sheet, "param_")
                    && sheet.header().stream().anyMatch(column -> column.startsWith("mean_test_")),
            List.of("param_"),
            Optional.empty(),
            List.of(),
            Optional.of("mean_test_score"),
            Optional.of(Goal.MAXIMIZE));

    /** {@code get_trials_data_frame()} of Ax. Metrics and parameters look alike. */
    private static final TableFormat AX = new OtherColumns(
            "an export of Ax",
            sheet -> sheet.has("trial_index") && sheet.has("arm_name"),
            Pattern.compile("trial_index|arm_name|trial_status|generation_(method|node)|is_feasible|.*_sem|reason"),
            Optional.of("trial_status"),
            List.of("arm_name", "trial_index"),
            Optional.empty());

    private TableFormats() {}

    static TableFormat of(Sheet sheet) {
        return List.of(
                        new OwnTable(),
                        new WandbChart(),
                        new WandbProject(),
                        WANDB_RUNS,
                        MLFLOW,
                        MLFLOW_PAGE,
                        OPTUNA,
                        OPTUNA_DASHBOARD,
                        RAY,
                        new Hyperopt(),
                        new SageMaker(),
                        SCIKIT_LEARN,
                        AX,
                        KATIB)
                .stream()
                .filter(format -> format.matches(sheet))
                .findFirst()
                .orElseGet(() -> any(sheet));
    }

    /** A table of nobody we know: hyperparameters by their prefix if some have one, otherwise by their names. */
    private static TableFormat any(Sheet sheet) {
        List<String> prefixes = List.of(
                "config/",
                "config.",
                "params.",
                "params_",
                "param_",
                "params/",
                "hparams/",
                "hparams.",
                "hyperparameters.");
        List<String> nameColumns =
                List.of("Name", "name", "run_name", "run", "trial_name", "trial", "ID", "id", "trial_id", "trialJobId");
        Optional<String> state = sheet.header().stream()
                .filter(column -> STATE.matcher(column).matches())
                .filter(column -> saysStates(sheet, column))
                .findFirst();
        Predicate<Sheet> always = other -> true;
        return prefixes.stream().anyMatch(prefix -> hasPrefix(sheet, prefix))
                ? new MarkedColumns(
                        "a table with marked hyperparameters", always, prefixes, state, nameColumns, Optional.empty())
                : new OtherColumns(
                        "a table of no tool that is known", always, BOOKKEEPING, state, nameColumns, Optional.empty());
    }

    /** Whether most cells of a column are words for states; the others are then those of runs that did not finish. */
    private static boolean saysStates(Sheet sheet, String column) {
        List<String> words = sheet.rows().stream()
                .map(row -> sheet.cell(row, column))
                .filter(cell -> !cell.isEmpty())
                .toList();
        long known =
                words.stream().filter(word -> RunState.of(word).isPresent()).count();
        return known > 0 && 2 * known >= words.size();
    }

    private static boolean hasPrefix(Sheet sheet, String... prefixes) {
        return sheet.header().stream()
                .anyMatch(column -> List.of(prefixes).stream().anyMatch(column::startsWith));
    }
}
