package dev.sweeps.metrics;

import dev.sweeps.api.v1alpha1.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * All forms in which metrics are read, in their order. The first form that finds the watched metric in a line is the one that counts. If none
 * finds it, the other metrics of the first form that finds any are kept. {@link WandbSummaryForm} comes after all others and fills in what they
 * did not find in the whole log.
 */
final class MetricForms {
    private final List<MetricForm> forms;
    private final String watched;

    private MetricForms(List<MetricForm> forms, String watched) {
        this.forms = forms;
        this.watched = watched;
    }

    /** Returns the forms for one log. A pattern in the sweep replaces all others. */
    static MetricForms of(Metric metric) {
        String watched = metric.name();
        if (metric.pattern() != null) {
            return new MetricForms(List.of(new PatternForm(MetricPattern.of(metric.pattern()), watched)), watched);
        }
        MetricName name = new MetricName(watched);
        List<MetricForm> objects = List.of(new JsonForm(), new PythonDictForm());
        List<MetricForm> text = List.of(
                new MeterForm(name),
                new PairsForm(watched),
                new KerasForm(name),
                new BoostingRoundForm(name),
                new CatBoostForm(name),
                new MmengineForm(name),
                new ColumnsForm(watched),
                new StableBaselinesForm(watched),
                new UltralyticsForm(watched),
                new DetectronForm(watched),
                new NamedValueForm(name));
        List<MetricForm> all = new ArrayList<>(objects);
        List<MetricForm> ofMessages = new ArrayList<>(objects);
        ofMessages.addAll(text);
        all.add(new LogRecordForm(ofMessages));
        all.add(new LogfmtMessageForm(ofMessages));
        all.addAll(text);
        return new MetricForms(all, watched);
    }

    /** Returns the reports in a line, in order. */
    List<Metrics> read(String line) {
        return read(forms, line, metrics -> metrics.names(watched));
    }

    static List<Metrics> read(List<MetricForm> forms, String line, Predicate<Metrics> isWatched) {
        List<Metrics> first = List.of();
        for (MetricForm form : forms) {
            List<Metrics> reports = form.read(line);
            if (reports.stream().anyMatch(isWatched)) {
                return reports;
            }
            first = first.isEmpty() ? reports : first;
        }
        return first;
    }
}
