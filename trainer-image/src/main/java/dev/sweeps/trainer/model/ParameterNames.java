package dev.sweeps.trainer.model;

/** Names of the parameters of BERT and DistilBERT in Hugging Face checkpoints, by their common role. */
interface ParameterNames {
    /** Prefix of all parameters except those of the head. */
    String prefix();

    String layer(int index);

    String query();

    String key();

    String value();

    String attentionOutput();

    String attentionNorm();

    String feedForwardIn();

    String feedForwardOut();

    String feedForwardNorm();

    /** The layer between the encoder and the classifier. */
    String beforeClassifier();

    static ParameterNames of(EncoderConfig.Type type) {
        return type == EncoderConfig.Type.BERT
                ? new Names(
                        "bert.",
                        "bert.encoder.layer.",
                        "attention.self.query",
                        "attention.self.key",
                        "attention.self.value",
                        "attention.output.dense",
                        "attention.output.LayerNorm",
                        "intermediate.dense",
                        "output.dense",
                        "output.LayerNorm",
                        "bert.pooler.dense")
                : new Names(
                        "distilbert.",
                        "distilbert.transformer.layer.",
                        "attention.q_lin",
                        "attention.k_lin",
                        "attention.v_lin",
                        "attention.out_lin",
                        "sa_layer_norm",
                        "ffn.lin1",
                        "ffn.lin2",
                        "output_layer_norm",
                        "pre_classifier");
    }

    /** Names as data. */
    record Names(
            String prefix,
            String layers,
            String query,
            String key,
            String value,
            String attentionOutput,
            String attentionNorm,
            String feedForwardIn,
            String feedForwardOut,
            String feedForwardNorm,
            String beforeClassifier)
            implements ParameterNames {
        @Override
        public String layer(int index) {
            return layers + index + ".";
        }
    }
}
