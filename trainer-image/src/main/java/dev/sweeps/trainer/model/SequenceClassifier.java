package dev.sweeps.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.sweeps.trainer.TrainingException;
import dev.sweeps.trainer.data.PackedBatch;
import dev.sweeps.trainer.torch.TorchMemory;
import dev.sweeps.trainer.torch.TorchScript;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * BERT (Devlin et al. 2018, arXiv:1810.04805) and DistilBERT (Sanh et al. 2019, arXiv:1910.01108) with a classifier on the first token:
 * {@code BertForSequenceClassification} and {@code DistilBertForSequenceClassification} of transformers. Parameters have the names that
 * these give them; what is computed with them is in {@code encoder.py}.
 */
public final class SequenceClassifier implements AutoCloseable {
    private final List<String> fresh = new ArrayList<>();
    private final EncoderConfig config;
    private final ParameterNames names;
    private final int outputs;
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();
    private final TorchScript encoder;

    private SequenceClassifier(EncoderConfig config, int outputs, boolean bf16) {
        this.config = config;
        this.outputs = outputs;
        this.names = ParameterNames.of(config.type());
        this.encoder = TorchScript.load("encoder.py", constants(bf16));
        declareParameters();
    }

    /**
     * The encoder of a checkpoint; its classifier too if it has one, else a new one.
     *
     * @param manager holds the parameters
     * @param outputs numbers that the classifier answers
     * @throws TrainingException if a tensor of the encoder is missing or one has another shape, tensor by tensor
     */
    public static SequenceClassifier load(
            NDManager manager, EncoderConfig config, Safetensors checkpoint, int outputs) {
        return load(manager, config, checkpoint, outputs, false);
    }

    /**
     * The same.
     *
     * @param bf16 whether the layers' matrix products are computed in bfloat16
     */
    public static SequenceClassifier load(
            NDManager manager, EncoderConfig config, Safetensors checkpoint, int outputs, boolean bf16) {
        SequenceClassifier model = new SequenceClassifier(config, outputs, bf16);
        List<String> misfits = new ArrayList<>();
        model.shapes.forEach((name, shape) -> {
            String stored = storedName(checkpoint, name, model.names.prefix());
            if (stored != null && !new Shape(checkpoint.shape(stored)).equals(shape)) {
                misfits.add(name + " has shape " + new Shape(checkpoint.shape(stored)) + " in the checkpoint and "
                        + shape
                        + (model.isHead(name)
                                ? " for this task: it was trained for another one. Use a checkpoint of this task, or one without "
                                        + name
                                : " by config.json"));
            } else if (stored == null && !model.isHead(name)) {
                misfits.add(name + " " + shape + " is not in the checkpoint");
            } else if (misfits.isEmpty()) {
                NDArray array = stored == null
                        ? model.drawn(manager, name, shape)
                        : TorchMemory.floats(manager, checkpoint.floats(stored), shape);
                if (stored == null) {
                    model.fresh.add(name);
                }
                array.setRequiresGradient(true);
                array.setName("w[]");
                model.parameters.put(name, array);
            }
        });
        if (!misfits.isEmpty()) {
            model.close();
            throw TrainingException.badInput("the checkpoint does not fit: " + String.join("; ", misfits));
        }
        return model;
    }

    public EncoderConfig config() {
        return config;
    }

    /** Names of the parameters that the checkpoint does not have: the head of an encoder that was trained for no task. */
    public List<String> freshParameters() {
        return Collections.unmodifiableList(fresh);
    }

    /** All parameters by their Hugging Face name, in the order of the model. */
    public Map<String, NDArray> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /** {@code [batch, outputs]}, in the order of the batch; dropout works only while training. */
    public NDArray logits(PackedBatch batch, boolean training) {
        NDList inputs = new NDList(batch.ids(), batch.types(), batch.positions(), batch.starts(), batch.groups());
        batch.slots().forEach(slots -> inputs.add(named(slots, "slots[]")));
        batch.masks().forEach(mask -> inputs.add(named(mask, "masks[]")));
        inputs.addAll(new NDList(parameters.values()));
        if (training) {
            inputs.add(named(batch.ids().getManager().zeros(new Shape(1)), "module_method:training_forward"));
        }
        return encoder.forward(inputs, training).head();
    }

    /** The gradients of a scalar by all parameters, in the order of {@link #parameters}; they belong to its manager. */
    public NDList gradients(NDArray loss) {
        NDList inputs = new NDList(loss);
        inputs.addAll(new NDList(parameters.values()));
        inputs.add(named(loss.getManager().zeros(new Shape(1)), "module_method:gradients"));
        return encoder.forward(inputs, true);
    }

    @Override
    public void close() {
        encoder.close();
    }

    /** For tests of its methods. */
    TorchScript encoder() {
        return encoder;
    }

    private static NDArray named(NDArray array, String name) {
        array.setName(name);
        return array;
    }

    private Map<String, Object> constants(boolean bf16) {
        boolean bert = config.type() == EncoderConfig.Type.BERT;
        return Map.ofEntries(
                Map.entry("BF16", bf16 ? "True" : "False"),
                Map.entry("LAYERS", config.layers()),
                Map.entry("HIDDEN", config.hidden()),
                Map.entry("HEADS", config.heads()),
                Map.entry("WIDTH", config.hidden() / config.heads()),
                Map.entry("SCALE", 1 / Math.sqrt((double) config.hidden() / config.heads())),
                Map.entry("TOKEN_TYPES", config.tokenTypes()),
                Map.entry("LAYER_NORM_EPSILON", config.layerNormEpsilon()),
                Map.entry("ACTIVATION", config.activation().name().toLowerCase(Locale.ROOT)),
                Map.entry("HEAD_ACTIVATION", bert ? "tanh" : "relu"),
                Map.entry("DROPOUT", config.dropout()),
                Map.entry("ATTENTION_DROPOUT", config.attentionDropout()),
                // DistilBERT has no dropout between its attention and the sum.
                Map.entry("ATTENTION_OUTPUT_DROPOUT", bert ? config.dropout() : 0.0),
                Map.entry("HEAD_DROPOUT", config.headDropout()));
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
        declareLinear("classifier", outputs, config.hidden());
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
        shapes.put(name, new Shape(shape));
    }

    /** Whether a parameter is missing in the checkpoint of a bare encoder. */
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

    private NDArray drawn(NDManager manager, String name, Shape shape) {
        return name.endsWith(".bias")
                ? manager.zeros(shape)
                : manager.randomNormal(0f, config.initializerRange(), shape, DataType.FLOAT32);
    }
}
