package dev.sweeps.trainer.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import dev.sweeps.trainer.TrainingException;
import dev.sweeps.trainer.data.Batch;
import dev.sweeps.trainer.torch.TorchMemory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * BERT (Devlin et al. 2018, arXiv:1810.04805) and DistilBERT (Sanh et al. 2019, arXiv:1910.01108) with a classifier on the first token:
 * {@code BertForSequenceClassification} and {@code DistilBertForSequenceClassification} of transformers. Parameters have the names that
 * these give them.
 */
public final class SequenceClassifier extends AbstractBlock {
    private final EncoderConfig config;
    private final ParameterNames names;
    private final int labels;
    private final Map<String, Parameter> byName = new LinkedHashMap<>();

    private SequenceClassifier(EncoderConfig config, int labels) {
        super((byte) 1);
        this.config = config;
        this.labels = labels;
        this.names = ParameterNames.of(config.type());
        declareParameters();
    }

    /**
     * The encoder of a checkpoint with a new classifier.
     *
     * @param manager holds the parameters
     * @throws TrainingException if a tensor of the encoder is missing or has another shape, tensor by tensor
     */
    public static SequenceClassifier load(NDManager manager, EncoderConfig config, Safetensors checkpoint, int labels) {
        SequenceClassifier model = new SequenceClassifier(config, labels);
        List<String> misfits = new ArrayList<>();
        model.byName.forEach((name, parameter) -> {
            String stored = storedName(checkpoint, name, model.names.prefix());
            Shape shape = parameter.getShape();
            if (stored != null && !new Shape(checkpoint.shape(stored)).equals(shape)) {
                misfits.add(name + " has shape " + new Shape(checkpoint.shape(stored)) + " in the checkpoint and "
                        + shape + " by config.json");
            } else if (stored == null && !model.isHead(name)) {
                misfits.add(name + " " + shape + " is not in the checkpoint");
            } else {
                NDArray array = stored == null
                        ? model.fresh(manager, name, shape)
                        : TorchMemory.floats(manager, checkpoint.floats(stored), shape);
                array.setRequiresGradient(true);
                parameter.setShape(null); // Else setArray refuses: DJL takes a shape for a promise to initialise.
                parameter.setArray(array);
            }
        });
        if (!misfits.isEmpty()) {
            throw TrainingException.badInput("the checkpoint does not fit config.json: " + String.join("; ", misfits));
        }
        Shape any = new Shape(1, 8);
        model.initialize(manager, DataType.FLOAT32, any, any, any);
        return model;
    }

    /** All parameters by their Hugging Face name, in the order of the model. */
    public Map<String, NDArray> parameters() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        byName.forEach((name, parameter) -> arrays.put(name, parameter.getArray()));
        return Collections.unmodifiableMap(arrays);
    }

    /** Logits {@code [batch, labels]}; dropout works only while training. */
    public NDArray logits(Batch batch, boolean training) {
        ParameterStore store = new ParameterStore(batch.ids().getManager(), false);
        return forward(store, new NDList(batch.ids(), batch.types(), batch.mask()), training)
                .head();
    }

    /** What the encoder makes of each token, {@code [batch, seq, hidden]}, without dropout. */
    NDArray hiddenStates(Batch batch) {
        ParameterStore store = new ParameterStore(batch.ids().getManager(), false);
        return new Pass(store, batch.ids().getDevice(), false).encode(batch.ids(), batch.types(), batch.mask());
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        return new NDList(new Pass(store, inputs.head().getDevice(), training)
                .logits(inputs.get(0), inputs.get(1), inputs.get(2)));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {new Shape(inputShapes[0].get(0), labels)};
    }

    /** One forward pass. */
    private final class Pass {
        private final ParameterStore store;
        private final Device device;
        private final boolean training;

        Pass(ParameterStore store, Device device, boolean training) {
            this.store = store;
            this.device = device;
            this.training = training;
        }

        /** ids and types [batch, seq] int64, mask [batch, seq] float32 → [batch, labels]. */
        NDArray logits(NDArray ids, NDArray types, NDArray mask) {
            return head(encode(ids, types, mask).get(new NDIndex(":, 0"))); // [batch, hidden] of [CLS]
        }

        /** → [batch, seq, hidden]. */
        NDArray encode(NDArray ids, NDArray types, NDArray mask) {
            NDArray padding = mask.expandDims(1).expandDims(1); // [batch, 1, 1, seq]: 0, or -1e9 for padding
            NDArray x = embeddings(ids, types); // [batch, seq, hidden]
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
            return dropout(layerNorm(x, embeddings + "LayerNorm"), config.dropout());
        }

        /** x [batch, seq, hidden], padding [batch, 1, 1, seq] → [batch, seq, hidden]. */
        private NDArray layer(String layer, NDArray x, NDArray padding) {
            NDArray attended = linear(attention(layer, x, padding), layer + names.attentionOutput());
            NDArray y = layerNorm(dropout(attended, attentionOutputDropout()).add(x), layer + names.attentionNorm());
            NDArray wide = activation(linear(y, layer + names.feedForwardIn())); // [batch, seq, intermediate]
            NDArray narrow = dropout(linear(wide, layer + names.feedForwardOut()), config.dropout());
            return layerNorm(narrow.add(y), layer + names.feedForwardNorm());
        }

        /** x [batch, seq, hidden] → [batch, seq, hidden], the heads side by side. */
        private NDArray attention(String layer, NDArray x, NDArray padding) {
            NDArray scale = TorchMemory.scalar(x.getManager(), 1 / Math.sqrt(headWidth()));
            NDArray query = heads(linear(x, layer + names.query())).mul(scale);
            NDArray key = heads(linear(x, layer + names.key()));
            NDArray value = heads(linear(x, layer + names.value()));
            NDArray scores = query.matMul(key.transpose(0, 1, 3, 2)).add(padding); // [batch, heads, seq, seq]
            NDArray weights = dropout(scores.softmax(-1), config.attentionDropout());
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
            return linear(dropout(activated, config.headDropout()), "classifier");
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

        private NDArray dropout(NDArray x, float probability) {
            return training && probability > 0
                    ? x.getNDArrayInternal().dropout(x, probability, true).head()
                    : x;
        }

        private NDArray parameter(String name) {
            return store.getValue(byName.get(name), device, training);
        }
    }

    /** DistilBERT has no dropout between its attention and the sum. */
    private float attentionOutputDropout() {
        return config.type() == EncoderConfig.Type.BERT ? config.dropout() : 0;
    }

    private int headWidth() {
        return config.hidden() / config.heads();
    }

    private void declareParameters() {
        String embeddings = names.prefix() + "embeddings.";
        declare(embeddings + "word_embeddings.weight", config.vocabulary(), config.hidden());
        declare(embeddings + "position_embeddings.weight", config.positions(), config.hidden());
        if (config.tokenTypes() > 0) {
            declare(embeddings + "token_type_embeddings.weight", config.tokenTypes(), config.hidden());
        }
        declareNorm(embeddings + "LayerNorm");
        for (int i = 0; i < config.layers(); i++) {
            String layer = names.layer(i);
            declareLinear(layer + names.query(), config.hidden(), config.hidden());
            declareLinear(layer + names.key(), config.hidden(), config.hidden());
            declareLinear(layer + names.value(), config.hidden(), config.hidden());
            declareLinear(layer + names.attentionOutput(), config.hidden(), config.hidden());
            declareNorm(layer + names.attentionNorm());
            declareLinear(layer + names.feedForwardIn(), config.intermediate(), config.hidden());
            declareLinear(layer + names.feedForwardOut(), config.hidden(), config.intermediate());
            declareNorm(layer + names.feedForwardNorm());
        }
        declareLinear(names.beforeClassifier(), config.hidden(), config.hidden());
        declareLinear("classifier", labels, config.hidden());
    }

    private void declareLinear(String name, int out, int in) {
        declare(name + ".weight", out, in);
        declare(name + ".bias", out);
    }

    private void declareNorm(String name) {
        declare(name + ".weight", config.hidden());
        declare(name + ".bias", config.hidden());
    }

    private void declare(String name, long... shape) {
        // The initializer is never used: every array is set when the checkpoint is loaded.
        byName.put(
                name,
                addParameter(Parameter.builder()
                        .setName(name)
                        .setType(Parameter.Type.OTHER)
                        .optShape(new Shape(shape))
                        .optInitializer(Initializer.ZEROS)
                        .build()));
    }

    /** What a checkpoint of an encoder alone does not have. */
    private boolean isHead(String name) {
        return name.startsWith(names.beforeClassifier() + ".") || name.startsWith("classifier.");
    }

    /**
     * The name of a parameter in a checkpoint, null if it is not there. Checkpoints of an encoder alone leave the prefix out, and those
     * that came from TensorFlow, such as bert-base-uncased, call weight and bias of a LayerNorm gamma and beta.
     */
    private static String storedName(Safetensors checkpoint, String name, String prefix) {
        String bare = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        return Stream.of(name, bare)
                .flatMap(known -> Stream.of(known, asTensorFlow(known)))
                .filter(checkpoint.names()::contains)
                .findFirst()
                .orElse(null);
    }

    private static String asTensorFlow(String name) {
        return name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
    }

    private NDArray fresh(NDManager manager, String name, Shape shape) {
        return name.endsWith(".bias")
                ? manager.zeros(shape)
                : manager.randomNormal(0f, config.initializerRange(), shape, DataType.FLOAT32);
    }
}
