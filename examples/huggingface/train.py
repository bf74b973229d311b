"""The Trainer of Hugging Face, on a small BERT without pretraining: is the token 7 among the eight?"""
import argparse

import torch
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments, set_seed

parser = argparse.ArgumentParser()
parser.add_argument("--learning_rate", type=float)
parser.add_argument("--per_device_train_batch_size", type=int)
parser.add_argument("--num_train_epochs", type=int)
parser.add_argument("--seed", type=int, default=42)
arguments = parser.parse_args()

set_seed(arguments.seed)


def examples(count):
    tokens = torch.randint(8, 20, (count, 8))
    labels = torch.arange(count) % 2
    there = labels == 1
    tokens[there, torch.randint(0, 8, (count,))[there]] = 7
    return [{"input_ids": row, "labels": label} for row, label in zip(tokens, labels)]


model = BertForSequenceClassification(BertConfig(vocab_size=20, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0))
trainer = Trainer(
    model,
    TrainingArguments(
        output_dir="/tmp/huggingface-example", save_strategy="no", eval_strategy="epoch", logging_strategy="epoch", report_to=[], disable_tqdm=True, use_cpu=True,
        learning_rate=arguments.learning_rate, per_device_train_batch_size=arguments.per_device_train_batch_size, num_train_epochs=arguments.num_train_epochs, seed=arguments.seed,
    ),
    train_dataset=examples(2000),
    eval_dataset=examples(400),
    compute_metrics=lambda result: {"accuracy": (result.predictions.argmax(1) == result.label_ids).mean()},
)
trainer.train()
