package dev.sweeps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sweeps.api.v1alpha1.SweepSpec;

/** Specs as a user writes them. */
public final class Specs {
    private static final YAMLMapper YAML = new YAMLMapper();

    /** The tutorial of 2020. */
    public static final String TUTORIAL =
            """
            program: run_glue.py
            command: ["${env}", "${interpreter}", "${program}", --do_train, --do_eval, "${args}"]
            method: grid
            metric: {name: eval_acc, goal: maximize}
            parameters:
              learning_rate: {values: [0.0003, 0.0001, 0.00005, 0.00003]}
              per_gpu_train_batch_size: {values: [8, 16, 32, 64, 128]}
              model_name_or_path: {values: [distilbert-base-uncased, bert-base-uncased]}
              task_name: {value: RTE}
              weight_decay: {value: .01}
            parallelism: 8
            groupBy: [model_name_or_path]
            """;

    private Specs() {}

    public static SweepSpec of(String yaml) {
        try {
            return YAML.readValue(yaml, SweepSpec.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A small valid spec with some lines more. */
    public static SweepSpec with(String yaml) {
        return of("method: grid\nmetric: {name: eval_acc}\n" + yaml);
    }
}
