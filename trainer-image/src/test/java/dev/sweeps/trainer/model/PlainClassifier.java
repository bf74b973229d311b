package dev.sweeps.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import dev.sweeps.trainer.data.Example;
import dev.sweeps.trainer.torch.TorchMemory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The same model as {@code encoder.py} a second time: in Java, of DJL's operations, over padded batches, without dropout. */
final class PlainClassifier {
    private final EncoderConfig config;
    private final ParameterNames names;
    private final Map<String, NDArray> parameters;

    PlainClassifier(EncoderConfig config, Map<String, NDArray> parameters) {
        this.config = config;
        this.names = ParameterNames.of(config.type());
        this.parameters = parameters;
    }

    /** {@code [batch, outputs]}. */
    NDArray logits(NDManager manager, List<Example> examples) {
        return head(hiddenStates(manager, examples).get(new NDIndex(":, 0"))); // [batch, hidden] of [CLS]
    }

    /** What the encoder makes of each token, {@code [batch, seq, hidden]}. */
    NDArray hiddenStates(NDManager manager, List<Example> examples) {
        int batch = examples.size();
        int seq = examples.stream().mapToInt(Example::length).max().orElseThrow();
        long[] ids = new long[batch * seq];
        long[] types = new long[batch * seq];
        float[] mask = new float[batch * seq];
        for (int i = 0; i < batch; i++) {
            Example example = examples.get(i);
            for (int j = 0; j < example.length(); j++) {
                ids[i * seq + j] = example.ids()[j];
            }
            System.arraycopy(example.types(), 0, types, i * seq, example.length());
            Arrays.fill(mask, i * seq + example.length(), (i + 1) * seq, -1e9f);
        }
        NDArray padding = TorchMemory.floats(manager, mask, new Shape(batch, 1, 1, seq));
        Shape shape = new Shape(batch, seq);
        NDArray x = embeddings(TorchMemory.longs(manager, ids, shape), TorchMemory.longs(manager, types, shape));
        for (int i = 0; i < config.layers(); i++) {
            x = layer(names.layer(i), x, padding);
        }
        return x;
    }

    /** → [batch, seq, hidden]. */
    private NDArray embeddings(NDArray ids, NDArray types) {
        String embeddings = names.prefix() + "embeddings.";
        NDArray positions = ids.getManager()
                .arange((int) ids.getShape().get(1))
                .toType(DataType.INT64, false)
                .expandDims(0);
        NDArray x = embedding(ids, embeddings + "word_embeddings")
                .add(embedding(positions, embeddings + "position_embeddings"));
        if (config.tokenTypes() > 0) {
            x = x.add(embedding(types, embeddings + "token_type_embeddings"));
        }
        return layerNorm(x, embeddings + "LayerNorm");
    }

    /** x [batch, seq, hidden], padding [batch, 1, 1, seq] → [batch, seq, hidden]. */
    private NDArray layer(String layer, NDArray x, NDArray padding) {
        NDArray attended = linear(attention(layer, x, padding), layer + names.attentionOutput());
        NDArray y = layerNorm(attended.add(x), layer + names.attentionNorm());
        NDArray wide = activation(linear(y, layer + names.feedForwardIn())); // [batch, seq, intermediate]
        NDArray narrow = linear(wide, layer + names.feedForwardOut());
        return layerNorm(narrow.add(y), layer + names.feedForwardNorm());
    }

    /** x [batch, seq, hidden] → [batch, seq, hidden], the heads side by side. */
    private NDArray attention(String layer, NDArray x, NDArray padding) {
        NDArray scale = TorchMemory.scalar(x.getManager(), 1 / Math.sqrt(headWidth()));
        NDArray query = heads(linear(x, layer + names.query())).mul(scale);
        NDArray key = heads(linear(x, layer + names.key()));
        NDArray value = heads(linear(x, layer + names.value()));
        NDArray scores = query.matMul(key.transpose(0, 1, 3, 2)).add(padding); // [batch, heads, seq, seq]
        NDArray weights = scores.softmax(-1);
        return weights.matMul(value).transpose(0, 2, 1, 3).reshape(x.getShape());
    }

    /** [batch, seq, hidden] → [batch, heads, seq, hidden / heads]. */
    private NDArray heads(NDArray x) {
        Shape shape = x.getShape();
        return x.reshape(shape.get(0), shape.get(1), config.heads(), headWidth())
                .transpose(0, 2, 1, 3);
    }

    /** [batch, hidden] → [batch, labels]. */
    private NDArray head(NDArray first) {
        NDArray dense = linear(first, names.beforeClassifier());
        NDArray activated = config.type() == EncoderConfig.Type.BERT ? dense.tanh() : Activation.relu(dense);
        return linear(activated, "classifier");
    }

    private NDArray activation(NDArray x) {
        return switch (config.activation()) {
            case GELU -> Activation.gelu(x);
            case RELU -> Activation.relu(x);
        };
    }

    private NDArray linear(NDArray x, String name) {
        return x.getNDArrayInternal()
                .linear(x, parameter(name + ".weight"), parameter(name + ".bias"))
                .head();
    }

    private NDArray layerNorm(NDArray x, String name) {
        return x.getNDArrayInternal()
                .layerNorm(
                        x,
                        new Shape(config.hidden()),
                        parameter(name + ".weight"),
                        parameter(name + ".bias"),
                        config.layerNormEpsilon())
                .head();
    }

    private NDArray embedding(NDArray ids, String name) {
        return ids.getNDArrayInternal()
                .embedding(ids, parameter(name + ".weight"), SparseFormat.DENSE)
                .head();
    }

    private NDArray parameter(String name) {
        return parameters.get(name);
    }

    private int headWidth() {
        return config.hidden() / config.heads();
    }
}
