package dev.sweeps.trainer.optim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What {@code FidelityTest} does not see. */
class AdamWTest {
    @Test
    void biasesAndLayerNormsDoNotDecayAndDistilBertsNormsDo() {
        assertThat(AdamW.decays("bert.encoder.layer.0.output.LayerNorm.weight")).isFalse();
        assertThat(AdamW.decays("classifier.bias")).isFalse();
        assertThat(AdamW.decays("distilbert.transformer.layer.0.sa_layer_norm.weight"))
                .isTrue();
    }

    @Test
    void theScheduleCountsFromZeroAndEndsAtZero() {
        Schedule schedule = new Schedule(Schedule.Type.LINEAR, 1, 2, 6);
        assertThat(new double[] {schedule.at(0), schedule.at(1), schedule.at(2), schedule.at(4), schedule.at(6)})
                .containsExactly(0, 0.5, 1, 0.5, 0);
    }
}
