package dev.sweeps.results.table;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A table that does not mark its hyperparameters: they are the columns that are neither the tool's own nor measurements.
 *
 * @param signs tells it from other tables
 * @param own columns of the tool, as a pattern for their whole names
 */
record OtherColumns(
        String name,
        Predicate<Sheet> signs,
        Pattern own,
        Optional<String> state,
        List<String> nameColumns,
        Optional<String> metricColumn)
        implements TableFormat {

    /** Names of measurements, as opposed to choices made before a run. */
    private static final Pattern MEASURED = Pattern.compile(
            "_.*|(train|trainer|training|eval|evaluation|val|valid|validation|test|dev|best|final|mean|system|gpu|perf|time|timing|rollout"
                    + "|parameters|gradients|lr_scheduler)[/.].*"
                    + "|(eval|val|valid|validation|test|dev|best)[_ -](?!(.*_)?(size|split|fraction|frac|ratio|steps|every)$).*"
                    + "|.*(loss|acc|accuracy|auc|f1|mcc|bleu|rouge|perplexity|runtime|per_second|samples_per_sec|reward|score)"
                    + "|(.*[_ -])?(rmse|mse|mae|mape|r2|r2_score|recall|specificity|sensitivity|m?ap(@?[0-9].*)?|m?iou|dice|wer|cer|ppl"
                    + "|psnr|ssim|fid|nll|elbo|ndcg(@?[0-9]+)?|mrr|hits@?[0-9]+|auroc|auprc|f1[_ -].*|top[_ -]?[1-9][0-9]?|error_rate)"
                    + "|(mean|std|avg|average|total|elapsed|fit|wall)[_ -].*time|std[_ -].*"
                    + "|(global_)?step|epoch|iteration|iter|grad_norm|total_flos|eval_samples|metrics\\..*",
            Pattern.CASE_INSENSITIVE);

    /** Columns in which replicates differ. */
    private static final Pattern REPLICATE = Pattern.compile(
            "(random[_ -]?)?seed|random[_ -]?state|(cv[_ -]?)?fold|repeat|replicate", Pattern.CASE_INSENSITIVE);

    @Override
    public boolean matches(Sheet sheet) {
        return signs.test(sheet);
    }

    @Override
    public List<String> hyperparameters(Sheet sheet) {
        return sheet.header().stream()
                .filter(column -> !column.isBlank()
                        && !own.matcher(column).matches()
                        && !own.matcher(words(column)).matches()
                        && !REPLICATE.matcher(words(column)).matches()
                        && !isMeasured(words(column), sheet)
                        && !column.startsWith("Unnamed:")) // An index of pandas.
                .toList();
    }

    /** {@code trialJobId} as {@code trial_Job_Id}. */
    private static String words(String column) {
        return column.replaceAll("(?<=[a-z])(?=[A-Z])", "_");
    }

    /** A column {@code precision} is the number format of the weights, unless there is a recall beside it. */
    private static boolean isMeasured(String column, Sheet sheet) {
        boolean isPrecision = column.toLowerCase(Locale.ROOT).endsWith("precision");
        return MEASURED.matcher(column).matches()
                || isPrecision
                        && sheet.header().stream().anyMatch(other -> other.toLowerCase(Locale.ROOT)
                                .endsWith("recall"));
    }

    @Override
    public Optional<String> stateColumn(Sheet sheet) {
        return state.filter(sheet::has);
    }
}
