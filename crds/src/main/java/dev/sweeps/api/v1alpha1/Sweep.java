package dev.sweeps.api.v1alpha1;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A hyperparameter sweep: one {@link Trial} per point of its search space, and the answer in its status. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("Sweep")
@ShortNames("sw")
@Categories("ml")
@AdditionalPrinterColumn(name = "METHOD", jsonPath = ".spec.method")
@AdditionalPrinterColumn(name = "STATE", jsonPath = ".status.state")
@AdditionalPrinterColumn(name = "TRIALS", jsonPath = ".status.columns.trials")
@AdditionalPrinterColumn(
        name = "FAILED",
        jsonPath = ".status.trials.failed",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "METRIC", jsonPath = ".spec.metric.name")
@AdditionalPrinterColumn(name = "BEST", jsonPath = ".status.columns.best")
@AdditionalPrinterColumn(name = "BEST PARAMETERS", jsonPath = ".status.columns.bestParameters")
@AdditionalPrinterColumn(
        name = "AGE",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
        value = "size(self.metadata.name) <= 52",
        message =
                "metadata.name: has more than 52 characters; use at most 52, so that the names of its Trials, Jobs and labels"
                        + " (the name and 11 characters more) fit into 63")
@ValidationRule(
        value = Sweep.NOTHING_HAS_RUN + "self.spec.method == oldSelf.spec.method",
        message =
                "method cannot be changed, because points of two methods would be mixed; delete the Sweep, or apply it under another name")
@ValidationRule(
        value = Sweep.NOTHING_HAS_RUN + "self.spec.metric == oldSelf.spec.metric",
        message =
                "metric cannot be changed, because results of two metrics would be mixed; delete the Sweep, or apply it under another name")
@ValidationRule(
        value =
                Sweep.NOTHING_HAS_RUN
                        + "has(self.spec.program) == has(oldSelf.spec.program) && (!has(self.spec.program) || self.spec.program == oldSelf.spec.program)",
        message =
                "program cannot be changed, because results of two programs would be mixed; delete the Sweep, or apply it under another name")
@ValidationRule(
        value =
                Sweep.NOTHING_HAS_RUN
                        + "has(self.spec.command) == has(oldSelf.spec.command) && (!has(self.spec.command) || self.spec.command == oldSelf.spec.command)",
        message =
                "command cannot be changed, because results of two commands would be mixed; delete the Sweep, or apply it under another name")
@JsonDeserialize(using = Sweep.Deserializer.class)
public class Sweep extends CustomResource<SweepSpec, SweepStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    /** Condition that exempts a sweep that was never accepted, which may be corrected in any way. */
    static final String NOTHING_HAS_RUN = "has(oldSelf.status) && has(oldSelf.status.state) && oldSelf.status.state =="
            + " 'Rejected' && !has(oldSelf.status.trials) || ";

    /** A spec or status that cannot be read is null. */
    static final class Deserializer extends LenientDeserializer<Sweep, SweepSpec, SweepStatus> {
        private static final long serialVersionUID = 1L;

        Deserializer() {
            super(Sweep.class, Sweep::new, SweepSpec.class, SweepStatus.class);
        }
    }

    @Override
    protected SweepSpec initSpec() {
        return null;
    }

    @Override
    protected SweepStatus initStatus() {
        return null;
    }
}
