package dev.sweeps.metrics;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of the {@code AverageMeter} and {@code ProgressMeter} of PyTorch's ImageNet example, which timm, torchvision's references and Swin
 * have too: {@code Test: [10/98]  Time 0.2 (0.3)  Loss 0.9 (1.1)  Acc@1 78.12 (76.90)}. The first number is that of one batch or of the last
 * few. The number in parentheses is the average over all batches so far, and is the one that counts.
 */
final class MeterForm implements MetricForm {
    private static final String NUMBER = "[-+]?(?:[0-9]+\\.?[0-9]*(?:[eE][-+]?[0-9]+)?|nan|inf)";

    /** Number of the batch, also at the end of {@code Epoch: [3][10/500]}. {@code Epoch [3/10]} counts epochs. */
    private static final Pattern BATCHES = Pattern.compile(
            "(?<!epoch |epoch|epoch:|epoch: )\\[\\s*\\d+/\\s*\\d+\\s*(?:\\(\\s*\\d+%\\))?\\]",
            Pattern.CASE_INSENSITIVE);

    /** Start of the line that torchvision's references print at the end of an epoch. */
    private static final String AVERAGES = "Averaged stats:";

    private static final Pattern METER = Pattern.compile(
            "(?<=[\\s:=])" + NUMBER + "\\s?\\(\\s*(" + NUMBER + ")\\)(?=\\s|$|[,;|])", Pattern.CASE_INSENSITIVE);

    private final MetricName watched;

    MeterForm(MetricName watched) {
        this.watched = watched;
    }

    @Override
    public List<Metrics> read(String line) {
        boolean isAtTheEnd = line.startsWith(AVERAGES);
        if (!watched.isIn(line) || !isAtTheEnd && !BATCHES.matcher(line).find()) {
            return List.of();
        }
        Matcher meters = METER.matcher(line);
        boolean areMeters = meters.find() && (isAtTheEnd || meters.find());
        Metrics found = areMeters ? watched.find(meters.replaceAll("$1")) : Metrics.NONE;
        return found.isEmpty() ? List.of() : List.of(TrainingStep.in(line).with(found));
    }
}
