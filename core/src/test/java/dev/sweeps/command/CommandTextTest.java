package dev.sweeps.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeps.Specs;
import dev.sweeps.api.v1alpha1.ParameterValue;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandTextTest {
    @Test
    void aLineCanBePastedIntoAShell() {
        assertThat(CommandText.of(
                        Specs.of(
                                """
                                method: grid
                                metric: {name: acc}
                                program: train.py
                                command: ["${interpreter}", "${program}", "--it's", "${args}"]
                                parameters: {lr: {value: 1}, text: {value: x}}
                                """),
                        Map.of("lr", ParameterValue.number("3e-5"), "text", ParameterValue.text("a $b"))))
                .isEqualTo("python train.py '--it'\\''s' --lr=0.00003 '--text=a $b'");
    }

    @Test
    void parametersThatTheCommandDoesNotNameStandInTheEnvironment() {
        assertThat(CommandText.of(
                        Specs.of(
                                """
                                method: grid
                                metric: {name: acc}
                                command: [sh, -c, 'train --lr=$SWEEP_PARAM_LR']
                                parameters: {lr: {value: 1}, text: {value: x}}
                                """),
                        Map.of("lr", ParameterValue.number("3e-5"), "text", ParameterValue.text("a b"))))
                .isEqualTo("SWEEP_PARAM_LR=0.00003 SWEEP_PARAM_TEXT='a b' sh -c 'train --lr=$SWEEP_PARAM_LR'");
    }
}
