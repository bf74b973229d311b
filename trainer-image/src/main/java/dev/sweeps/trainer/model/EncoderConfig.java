package dev.sweeps.trainer.model;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.sweeps.trainer.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The sizes and the arithmetic of an encoder, from {@code config.json}. A field that changes the numbers is obeyed or refused.
 *
 * @param type which names the parameters have, and which head the encoder gets
 * @param hidden width of a token's vector
 * @param intermediate width between the two layers of a feed-forward block
 * @param activation between these two layers
 * @param dropout of hidden states
 * @param attentionDropout of attention probabilities
 * @param headDropout before the classifier
 * @param layerNormEpsilon added to the variance
 * @param initializerRange standard deviation of new weights
 */
public record EncoderConfig(
        Type type,
        int vocabulary,
        int positions,
        int tokenTypes,
        int layers,
        int hidden,
        int heads,
        int intermediate,
        ActivationFunction activation,
        float dropout,
        float attentionDropout,
        float headDropout,
        float layerNormEpsilon,
        float initializerRange) {

    /** Default of transformers if {@code config.json} has no value, and the fixed value of DistilBERT. */
    private static final float LAYER_NORM_EPSILON = 1e-12f;

    private static final float INITIALIZER_RANGE = 0.02f;

    /** Fields that would change the numbers, with the only values under which they do not. */
    private static final Map<String, List<String>> ONLY = new TreeMap<>(Map.of(
            "position_embedding_type", List.of("\"absolute\""),
            "is_decoder", List.of("false"),
            "add_cross_attention", List.of("false"),
            "pruned_heads", List.of("{}"),
            "quantization_config", List.of(),
            "sinusoidal_pos_embds", List.of("false")));

    /** Kinds of encoder. */
    public enum Type {
        BERT,
        DISTILBERT
    }

    /** Activation functions of the feed-forward block, by the name that transformers gives them. */
    public enum ActivationFunction {
        /** GELU with the error function, not the approximation with tanh. */
        GELU,
        RELU
    }

    /**
     * What training keeps of an example for the backward pass, in bytes, about: in each layer some 18 vectors of a token of the hidden size
     * and 2 of the intermediate one, and the attention weights of all heads before and after dropout with its mask.
     *
     * @param length of the example, in tokens
     */
    public long activationBytes(int length) {
        long vectors = (long) length * (18L * hidden + 2L * intermediate);
        long weights = 4L * heads * length * length;
        return Float.BYTES * layers * (vectors + weights);
    }

    /**
     * Floating-point operations of the matrix products of an example, forward and backward: 2 for each multiplication and addition, three
     * times (result, gradient of the input, gradient of the weight).
     *
     * @param length of the example, in tokens
     */
    public double trainingFlops(int length) {
        double linear = 2.0 * length * (4.0 * hidden * hidden + 2.0 * hidden * intermediate);
        double attention = 2.0 * 2 * length * length * hidden;
        return 3 * layers * (linear + attention);
    }

    /**
     * Reads {@code config.json} in a model's folder.
     *
     * @throws TrainingException if the folder or the file is missing, or describes what is not computed here
     */
    public static EncoderConfig load(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw TrainingException.badInput("--model_name_or_path " + folder + " is not a folder (in "
                    + Path.of("").toAbsolutePath()
                    + "); mount the model there, a folder with config.json, tokenizer.json or"
                    + " vocab.txt, and model.safetensors");
        }
        Path file = folder.resolve("config.json");
        try {
            Fields fields = new Fields(file, new Gson().fromJson(Files.readString(file), JsonObject.class));
            return of(fields);
        } catch (IOException e) {
            throw TrainingException.badInput(file + " cannot be read; a model's folder has config.json, copy it there");
        } catch (JsonParseException e) {
            throw TrainingException.badInput(file + " is not JSON; copy it anew from where the model came from");
        }
    }

    private static EncoderConfig of(Fields config) {
        String type = config.text("model_type", null);
        ONLY.forEach(config::only);
        EncoderConfig encoder =
                switch (type) {
                    case "bert" -> bert(config);
                    case "distilbert" -> distilBert(config);
                    default ->
                        throw config.wrong(
                                "model_type", "\"" + type + "\"", "this trainer fine-tunes bert and distilbert");
                };
        if (encoder.hidden % encoder.heads != 0) {
            throw config.wrong(
                    type.equals("bert") ? "num_attention_heads" : "n_heads",
                    Integer.toString(encoder.heads),
                    "the hidden size, " + encoder.hidden + ", is no multiple of it");
        }
        return encoder;
    }

    private static EncoderConfig bert(Fields config) {
        float dropout = config.share("hidden_dropout_prob", 0.1f);
        return new EncoderConfig(
                Type.BERT,
                config.size("vocab_size"),
                config.size("max_position_embeddings"),
                config.has("type_vocab_size") ? config.size("type_vocab_size") : 2,
                config.size("num_hidden_layers"),
                config.size("hidden_size"),
                config.size("num_attention_heads"),
                config.size("intermediate_size"),
                config.activation("hidden_act"),
                dropout,
                config.share("attention_probs_dropout_prob", 0.1f),
                config.share("classifier_dropout", dropout),
                config.positive("layer_norm_eps", LAYER_NORM_EPSILON),
                config.positive("initializer_range", INITIALIZER_RANGE));
    }

    private static EncoderConfig distilBert(Fields config) {
        return new EncoderConfig(
                Type.DISTILBERT,
                config.size("vocab_size"),
                config.size("max_position_embeddings"),
                0,
                config.size("n_layers"),
                config.size("dim"),
                config.size("n_heads"),
                config.size("hidden_dim"),
                config.activation("activation"),
                config.share("dropout", 0.1f),
                config.share("attention_dropout", 0.1f),
                config.share("seq_classif_dropout", 0.2f),
                LAYER_NORM_EPSILON,
                config.positive("initializer_range", INITIALIZER_RANGE));
    }

    /** The fields of a {@code config.json}, judged when they are read. A field that is null counts as not given. */
    private record Fields(Path file, JsonObject json) {
        Fields {
            if (json == null) {
                throw new JsonParseException("empty");
            }
        }

        boolean has(String name) {
            return json.has(name) && !json.get(name).isJsonNull();
        }

        /** A whole number from 1. */
        int size(String name) {
            double size = number(name, "a whole number of 1 or more");
            if (size < 1 || size > Integer.MAX_VALUE || size != Math.rint(size)) {
                throw wrong(name, json.get(name).toString(), "it has to be a whole number of 1 or more");
            }
            return (int) size;
        }

        /** A probability below 1. */
        float share(String name, float fallback) {
            double share = has(name) ? number(name, "a probability") : fallback;
            if (!(share >= 0 && share < 1)) {
                throw wrong(name, json.get(name).toString(), "it has to be a probability, from 0 to below 1");
            }
            return (float) share;
        }

        float positive(String name, float fallback) {
            double value = has(name) ? number(name, "a number above 0") : fallback;
            if (!(value > 0 && value < Float.MAX_VALUE)) {
                throw wrong(name, json.get(name).toString(), "it has to be a number above 0");
            }
            return (float) value;
        }

        String text(String name, String fallback) {
            if (!has(name)) {
                if (fallback == null) {
                    throw missing(name, "a text");
                }
                return fallback;
            }
            JsonElement value = json.get(name);
            return value.isJsonPrimitive() ? value.getAsString() : value.toString();
        }

        ActivationFunction activation(String name) {
            String activation = text(name, "gelu");
            return Arrays.stream(ActivationFunction.values())
                    .filter(function -> function.name().equalsIgnoreCase(activation))
                    .findFirst()
                    .orElseThrow(() -> wrong(name, "\"" + activation + "\"", "this trainer computes gelu and relu"));
        }

        /** Refuses a field that is given and has none of these values. */
        void only(String name, List<String> values) {
            if (has(name) && !values.contains(json.get(name).toString())) {
                String rule = values.isEmpty()
                        ? "this trainer does not compute with it; use a checkpoint without it"
                        : values.stream().collect(Collectors.joining(" or ", "this trainer computes only ", ""));
                throw wrong(name, json.get(name).toString(), rule);
            }
        }

        TrainingException wrong(String name, String value, String rule) {
            return TrainingException.badInput(file + ": " + name + " is " + value + "; " + rule
                    + ", so choose another model or correct the file");
        }

        private double number(String name, String what) {
            if (!has(name)) {
                throw missing(name, what);
            }
            try {
                return json.get(name).getAsDouble();
            } catch (NumberFormatException | UnsupportedOperationException | IllegalStateException e) {
                throw wrong(name, json.get(name).toString(), "it has to be " + what);
            }
        }

        private TrainingException missing(String name, String what) {
            return TrainingException.badInput(file + ": " + name + " is missing, " + what
                    + "; copy the file anew from where the model came from");
        }
    }
}
