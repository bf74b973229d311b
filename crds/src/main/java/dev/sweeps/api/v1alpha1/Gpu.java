package dev.sweeps.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;

/** The accelerators that each trial requests. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Gpu(
        @Default("1")
                @Min(0)
                @Max(1_024)
                @JsonPropertyDescription(
                        "Number of accelerators that a trial requests, 0 to 1024. Use 0 for a trial on the CPU.")
                Integer count,
        @Default("nvidia.com/gpu")
                @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$")
                @JsonPropertyDescription(
                        "Extended resource of the node: nvidia.com/gpu, amd.com/gpu, or a MIG profile such as "
                                + "nvidia.com/mig-1g.10gb.")
                String resourceName) {

    public static final Gpu DEFAULT = new Gpu(null, null);

    public Gpu {
        count = count == null ? 1 : count;
        resourceName = resourceName == null ? "nvidia.com/gpu" : resourceName;
    }
}
