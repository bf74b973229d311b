package dev.sweeps.operator.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.api.v1alpha1.Api;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeletedPodsTest {
    private static final ResourceID TRIAL = new ResourceID("rte-0", "default");

    private final DeletedPods deleted = new DeletedPods();

    @Test
    void aDeletedPodIsStillOneOfItsTrial() {
        deleted.add(pod("first", "rte-0", "Succeeded"));
        deleted.add(pod("second", "rte-0", "Succeeded"));
        deleted.add(pod("other", "rte-1", "Succeeded"));
        assertThat(deleted.and(TRIAL, List.of(pod("third", "rte-0", "Running"))))
                .extracting(pod -> pod.getMetadata().getUid())
                .containsExactlyInAnyOrder("first", "second", "third");
    }

    @Test
    void aPodThatIsThereIsPreferred() {
        deleted.add(pod("first", "rte-0", "Failed"));
        assertThat(deleted.and(TRIAL, List.of(pod("first", "rte-0", "Running"))))
                .extracting(pod -> pod.getStatus().getPhase())
                .containsExactly("Running");
    }

    private static Pod pod(String uid, String trial, String phase) {
        return new PodBuilder()
                .withNewMetadata()
                .withUid(uid)
                .withNamespace("default")
                .addToLabels(Api.TRIAL_LABEL, trial)
                .endMetadata()
                .withNewStatus()
                .withPhase(phase)
                .endStatus()
                .build();
    }
}
