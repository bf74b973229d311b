package dev.sweeps.api.v1alpha1;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Version;

/** One point of a {@link Sweep}. The operator creates it and keeps it as the record of the result after its Job and Pod are gone. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("Trial")
@Categories("ml")
@AdditionalPrinterColumn(name = "SWEEP", jsonPath = ".metadata.labels.sweeps\\.dev/sweep")
@AdditionalPrinterColumn(name = "STATE", jsonPath = ".status.state")
@AdditionalPrinterColumn(name = "REASON", jsonPath = ".status.reason")
@AdditionalPrinterColumn(name = "VALUE", jsonPath = ".status.columns.value")
@AdditionalPrinterColumn(name = "PARAMETERS", jsonPath = ".status.columns.parameters")
@AdditionalPrinterColumn(name = "NODE", jsonPath = ".status.node", priority = 1)
@AdditionalPrinterColumn(name = "MESSAGE", jsonPath = ".status.message", priority = 1)
@AdditionalPrinterColumn(
        name = "AGE",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@JsonDeserialize(using = Trial.Deserializer.class)
public class Trial extends CustomResource<TrialSpec, TrialStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    /** A spec or status that cannot be read is null. */
    static final class Deserializer extends LenientDeserializer<Trial, TrialSpec, TrialStatus> {
        private static final long serialVersionUID = 1L;

        Deserializer() {
            super(Trial.class, Trial::new, TrialSpec.class, TrialStatus.class);
        }
    }

    /** Returns the state. A trial without a status is Pending. */
    public TrialStatus.State state() {
        return getStatus() == null || getStatus().state() == null
                ? TrialStatus.State.PENDING
                : getStatus().state();
    }

    /** Whether the trial has ended. */
    public boolean hasEnded() {
        return state().ended();
    }

    @Override
    protected TrialSpec initSpec() {
        return null;
    }

    @Override
    protected TrialStatus initStatus() {
        return null;
    }
}
