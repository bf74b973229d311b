package dev.sweeps.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.sweeps.trainer.TinyModel;
import dev.sweeps.trainer.torch.TorchScript;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cheap dropout of {@code encoder.py} is as random as PyTorch's: four elements share a draw, and do not show it. */
class DropoutTest {
    private static final int ELEMENTS = 1_000_003;

    @TempDir
    private Path folder;

    private NDManager manager;
    private SequenceClassifier model;

    @BeforeEach
    void load() throws IOException {
        Path tiny = TinyModel.write(folder, "bert", 0.2f);
        manager = NDManager.newBaseManager();
        model = SequenceClassifier.load(manager, EncoderConfig.load(tiny), Safetensors.open(tiny), 2);
        Engine.getInstance().setRandomSeed(42);
    }

    @AfterEach
    void close() {
        model.close();
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.2, 0.5})
    void asManyAreDroppedAsAskedForAndTheSumStays(double probability) {
        float[] kept = dropout(probability);
        double share = Math.round(probability * 65536) / 65536.0;
        double deviation = Math.sqrt(share * (1 - share) / ELEMENTS);
        int dropped = 0;
        for (float one : kept) {
            if (one == 0) {
                dropped++;
            } else {
                assertThat(one).isEqualTo((float) (1 / (1 - share)));
            }
        }
        assertThat((double) dropped / ELEMENTS).isCloseTo(share, within(4 * deviation));
    }

    /** One in 65,536 is expected of a million: 15. */
    @Test
    void probabilitiesBelowItsPrecisionAreTheNearestThatItHas() {
        float[] nearlyNone = dropout(1e-6);
        float[] nearlyAll = dropout(1 - 1e-6);
        int dropped = 0;
        int kept = 0;
        for (int i = 0; i < ELEMENTS; i++) {
            dropped += nearlyNone[i] == 0 ? 1 : 0;
            kept += nearlyAll[i] == 0 ? 0 : 1;
        }
        assertThat(dropped).isBetween(1, 40);
        assertThat(kept).isBetween(1, 40);
    }

    /** Of what is dropped at distances within a draw and beyond. */
    @Test
    void neighboursAreIndependent() {
        float[] kept = dropout(0.1);
        double share = 6554 / 65536.0;
        for (int distance = 1; distance <= 9; distance++) {
            double product = 0;
            for (int i = distance; i < ELEMENTS; i++) {
                product += ((kept[i] == 0 ? 1 : 0) - share) * ((kept[i - distance] == 0 ? 1 : 0) - share);
            }
            assertThat(product / (ELEMENTS - distance) / (share * (1 - share)))
                    .as("correlation at distance " + distance)
                    .isCloseTo(0, within(4 / Math.sqrt(ELEMENTS)));
        }
    }

    @Test
    void theSeedDecidesAndEachCallIsAnother() {
        float[] first = dropout(0.1);
        assertThat(dropout(0.1)).isNotEqualTo(first);
        Engine.getInstance().setRandomSeed(42);
        assertThat(dropout(0.1)).isEqualTo(first);
    }

    /** Of ones. */
    private float[] dropout(double probability) {
        TorchScript script = model.encoder();
        try (NDArray ones = manager.ones(new Shape(ELEMENTS));
                IValue x = IValue.from((PtNDArray) ones);
                IValue p = IValue.from(probability);
                IValue train = IValue.from(true);
                IValue result = script.call("dropout", x, p, train)) {
            return result.toTensor((PtNDManager) manager).toFloatArray();
        }
    }
}
