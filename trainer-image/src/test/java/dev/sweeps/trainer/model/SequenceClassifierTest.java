package dev.sweeps.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.sweeps.trainer.GarbageCollections;
import dev.sweeps.trainer.TinyModel;
import dev.sweeps.trainer.data.Example;
import dev.sweeps.trainer.data.PackedBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceClassifierTest {
    /** Of different lengths, and enough for several groups, one of which needs no padding. */
    private static final List<Example> EXAMPLES = Stream.of(6, 8, 5, 20, 7, 7, 7, 7, 31, 3, 9)
            .map(SequenceClassifierTest::example)
            .toList();

    @TempDir
    private Path folder;

    /**
     * Autograd keeps what the backward pass needs, but Java does not know of it: whatever of it lay in memory of Java's would be freed and
     * used again between the two passes.
     */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "distilbert"})
    void aCollectionBetweenForwardAndBackwardChangesNoGradient(String type) throws IOException {
        Path model = TinyModel.write(folder, type, 0.2f);
        Map<String, float[]> undisturbed = gradients(model);
        Map<String, float[]> disturbed =
                gradients(model, (classifier, batch) -> classifier.logits(batch, true), GarbageCollections::once);
        assertThat(undisturbed.values())
                .allSatisfy(gradient -> assertThat(sumOfMagnitudes(gradient)).isFinite());
        assertThat(undisturbed).anySatisfy((name, gradient) -> {
            assertThat(name).containsAnyOf("query.weight", "q_lin.weight");
            assertThat(sumOfMagnitudes(gradient)).isPositive();
        });
        assertThat(disturbed.keySet()).isEqualTo(undisturbed.keySet());
        disturbed.forEach((name, gradient) -> assertThat(gradient).as(name).containsExactly(undisturbed.get(name)));
    }

    /** bert-base-uncased on the Hub: gamma and beta of TensorFlow, and the heads of pre-training. */
    @Test
    void aCheckpointWithTensorFlowsNamesAndOtherHeadsIsTheSameModel() throws IOException {
        Path model = TinyModel.write(folder.resolve("ours"), "bert", 0.2f);
        Path hub = TinyModel.write(folder.resolve("hub"), "bert", 0.2f);
        Map<String, Tensor> renamed = new LinkedHashMap<>();
        TinyModel.weights("bert", 0.2f)
                .forEach((name, tensor) -> renamed.put(
                        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"),
                        tensor));
        renamed.put("cls.predictions.bias", new Tensor(new long[] {11}, new float[11]));
        renamed.put("cls.predictions.transform.LayerNorm.gamma", new Tensor(new long[] {16}, new float[16]));
        renamed.put("cls.seq_relationship.weight", new Tensor(new long[] {2, 16}, new float[32]));
        assertThat(renamed).containsKey("bert.encoder.layer.0.attention.output.LayerNorm.gamma");
        SafetensorsWriter.write(hub.resolve("model.safetensors"), renamed);
        Map<String, float[]> expected = gradients(model);
        gradients(hub).forEach((name, gradient) -> assertThat(gradient).as(name).containsExactly(expected.get(name)));
    }

    /** distilbert-base-uncased on the Hub: its own names, and the head of pre-training. */
    @Test
    void theHeadOfDistilBertsPreTrainingIsLeftOut() throws IOException {
        Path model = TinyModel.write(folder, "distilbert", 0.2f);
        Map<String, Tensor> hub = TinyModel.weights("distilbert", 0.2f);
        hub.put("vocab_projector.bias", new Tensor(new long[] {11}, new float[11]));
        hub.put("vocab_layer_norm.weight", new Tensor(new long[] {16}, new float[16]));
        hub.put("vocab_transform.weight", new Tensor(new long[] {16, 16}, new float[256]));
        SafetensorsWriter.write(model.resolve("model.safetensors"), hub);
        assertThat(gradients(model)).containsKey("pre_classifier.weight").doesNotContainKey("vocab_transform.weight");
    }

    /** TorchScript over packed tokens, and DJL's operations over padded ones. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "distilbert"})
    void packedTokensGiveTheNumbersOfPaddedOnes(String type) throws IOException {
        Path folder = TinyModel.write(this.folder, type, 0.2f);
        EncoderConfig config = EncoderConfig.load(folder);
        try (NDManager manager = NDManager.newBaseManager();
                SequenceClassifier model = SequenceClassifier.load(manager, config, Safetensors.open(folder), 2)) {
            PackedBatch batch = PackedBatch.of(manager, EXAMPLES, false);
            float[] padded = new PlainClassifier(config, model.parameters())
                    .logits(manager, batch.examples())
                    .toFloatArray();
            assertThat(model.logits(batch, false).toFloatArray()).containsExactly(padded, within(1e-6f));
            assertThat(model.logits(batch, true).toFloatArray()).containsExactly(padded, within(1e-6f));
        }
        Map<String, float[]> padded = gradients(
                folder,
                (model, batch) -> new PlainClassifier(config, model.parameters())
                        .logits(batch.ids().getManager(), batch.examples()),
                () -> {});
        gradients(folder, (model, batch) -> model.logits(batch, true), () -> {})
                .forEach((name, gradient) ->
                        assertThat(gradient).as(name).containsExactly(padded.get(name), within(1e-6f)));
    }

    /** bfloat16 has 8 bits of precision. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "distilbert"})
    void bfloat16IsNearFloat32(String type) throws IOException {
        Path folder = TinyModel.write(this.folder, type, 0.2f);
        EncoderConfig config = EncoderConfig.load(folder);
        Safetensors checkpoint = Safetensors.open(folder);
        float[][] logits = new float[2][];
        for (boolean bf16 : new boolean[] {false, true}) {
            Engine.getInstance().setRandomSeed(42);
            try (NDManager manager = NDManager.newBaseManager();
                    SequenceClassifier model = SequenceClassifier.load(manager, config, checkpoint, 2, bf16)) {
                logits[bf16 ? 1 : 0] = model.logits(PackedBatch.of(manager, EXAMPLES, false), true)
                        .toFloatArray();
            }
        }
        assertThat(logits[1]).isNotEqualTo(logits[0]).containsExactly(logits[0], within(0.02f));
    }

    /** The gradients of one batch by the name of the parameter. */
    private static Map<String, float[]> gradients(Path folder) {
        return gradients(folder, (model, batch) -> model.logits(batch, true), () -> {});
    }

    /** With something done between the two passes. */
    @SuppressWarnings("try") // Autograd looks on while there is a collector.
    private static Map<String, float[]> gradients(
            Path folder, BiFunction<SequenceClassifier, PackedBatch, NDArray> logits, Runnable between) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        Engine.getInstance().setRandomSeed(42);
        try (NDManager manager = NDManager.newBaseManager();
                SequenceClassifier model =
                        SequenceClassifier.load(manager, EncoderConfig.load(folder), Safetensors.open(folder), 2)) {
            try (NDManager scratch = manager.newSubManager();
                    GradientCollector watching = Engine.getInstance().newGradientCollector()) {
                PackedBatch batch = PackedBatch.of(scratch, EXAMPLES, false);
                NDArray loss = crossEntropy(logits.apply(model, batch), batch.labels());
                between.run();
                NDList found = model.gradients(loss);
                int i = 0;
                for (String name : model.parameters().keySet()) {
                    gradients.put(name, found.get(i++).toFloatArray());
                }
            }
        }
        return gradients;
    }

    /** {@code [CLS] ... [SEP] ... [SEP]} of this length. */
    private static Example example(int length) {
        int[] ids = new Random(length).ints(length, 5, 11).toArray();
        ids[0] = 2;
        ids[length / 2] = 3;
        ids[length - 1] = 3;
        return new Example(ids, length / 2 + 1, length % 2);
    }

    private static NDArray crossEntropy(NDArray logits, NDArray labels) {
        return logits.logSoftmax(-1).gather(labels.expandDims(1), 1).neg().mean();
    }

    private static double sumOfMagnitudes(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += Math.abs(value);
        }
        return sum;
    }
}
