package dev.sweeps.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class TrainingExceptionTest {
    /** More than any machine has, so that PyTorch says itself how it fails. */
    @Test
    void aFailureForLackOfMemoryNamesTheBatchSizeToTry() {
        EngineException failure;
        try (NDManager manager = NDManager.newBaseManager()) {
            assertThat(Engine.getInstance().getEngineName()).isEqualTo("PyTorch");
            failure = catchThrowableOfType(EngineException.class, () -> manager.zeros(new Shape(1L << 31, 1L << 20)));
        }
        assertThat(TrainingException.outOfMemory(failure, 16)).get().satisfies(problem -> {
            assertThat(problem.exitCode()).isEqualTo(ExitCode.OUT_OF_MEMORY);
            assertThat(problem)
                    .hasMessage(
                            "there is no memory for 16 examples at a time; use --micro_batch_size 8, which gives the same numbers in less memory");
        });
        assertThat(TrainingException.outOfMemory(failure, 1).orElseThrow())
                .hasMessageContaining("use a smaller --max_seq_length or model");
        assertThat(TrainingException.outOfMemory(new EngineException("shape '[2]' is invalid"), 16))
                .isEmpty();
    }
}
