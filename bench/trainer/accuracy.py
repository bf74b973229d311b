"""Accuracy after fine-tuning, over seeds: our trainer beside run_glue's training in PyTorch, by turns. They draw other dropout and other new
weights from the same seed, so that single runs differ and the means must not.

usage: accuracy.py DATA CLASSPATH NATIVES MODEL [--model FOLDER] [--data FOLDER] [--seeds N] [--epochs N] [--batch N] [--learning_rate X] [--max_length N] [--bf16]

DATA is in RTE's layout. With --bf16 it is ours in bfloat16 beside ours in float32.
"""
import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer, get_linear_schedule_with_warmup

import ours

sys.path.insert(0, str(Path(__file__).parents[2] / "trainer-image/src/test/python"))
from adamw import AdamWOfTransformers29, training_step

parser = argparse.ArgumentParser()
for name in ("data", "classpath", "natives", "model"):
    parser.add_argument("default_" + name if name in ("data", "model") else name)
parser.add_argument("--model")
parser.add_argument("--data")
for name, default in {"seeds": 10, "epochs": 3, "batch": 16, "learning_rate": 3e-5, "max_length": 128}.items():
    parser.add_argument("--" + name, type=type(default), default=default)
parser.add_argument("--bf16", action="store_true")
options = parser.parse_args()
model, data = options.model or options.default_model, options.data or options.default_data


def djl(seed, *more):
    """Accuracy, and the mean loss of the second half of the steps."""
    with tempfile.TemporaryDirectory() as out:
        run = subprocess.run(
            ours.command(
                options.classpath, f"--model_name_or_path={model}", "--task_name=RTE", f"--data_dir={data}", f"--output_dir={out}", "--do_train",
                "--do_eval", "--no_cuda", f"--per_gpu_train_batch_size={options.batch}", f"--learning_rate={options.learning_rate}",
                f"--num_train_epochs={options.epochs}", f"--max_seq_length={options.max_length}", f"--seed={seed}", "--logging_steps=1", *more,
            ), env=ours.environment(options.natives), capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"RunGlue exits with {run.returncode}:\n{run.stderr[-3000:]}")
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    losses = [line["loss"] for line in lines if "loss" in line]
    return lines[-1]["eval_acc"], statistics.mean(losses[len(losses) // 2:])


def read(file):
    with open(f"{data}/{file}", encoding="utf8") as lines:
        return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


def pytorch(seed):
    """The same of transformers, padded to the longest of a batch, which changes no number but the last digits."""
    torch.set_num_threads(os.cpu_count())
    torch.manual_seed(seed)
    tokenizer = AutoTokenizer.from_pretrained(model)
    config = AutoConfig.from_pretrained(model, num_labels=2)
    classifier = AutoModelForSequenceClassification.from_pretrained(model, config=config).train()

    def batch(rows):
        encoded = tokenizer([row[1] for row in rows], [row[2] for row in rows], truncation=True, max_length=options.max_length, padding=True, return_tensors="pt")
        return encoded | {"labels": torch.tensor([int(row[3] != "entailment") for row in rows])}

    rows, dev = read("train.tsv"), read("dev.tsv")
    optimizer = AdamWOfTransformers29(classifier.parameters(), lr=options.learning_rate, eps=1e-8, weight_decay=0.0)
    steps = options.epochs * -(-len(rows) // options.batch)
    schedule = get_linear_schedule_with_warmup(optimizer, 0, steps)
    losses = []
    torch.manual_seed(seed)
    for _ in range(options.epochs):
        order = torch.randperm(len(rows)).tolist()
        for begin in range(0, len(rows), options.batch):
            losses.append(training_step(classifier, batch([rows[i] for i in order[begin:begin + options.batch]]), optimizer, schedule))
    classifier.eval()
    right = 0
    with torch.no_grad():
        for begin in range(0, len(dev), 32):
            encoded = batch(dev[begin:begin + 32])
            right += int((classifier(**encoded).logits.argmax(1) == encoded["labels"]).sum())
    return right / len(dev), statistics.mean(losses[len(losses) // 2:])


one, other = ("ours", "ours, bf16") if options.bf16 else ("ours", "PyTorch")
print(f"seed  {one:>22}  {other:>22}   accuracy, loss", flush=True)
results = []
for seed in range(1, options.seeds + 1):
    pair = djl(seed), djl(seed, "--bf16") if options.bf16 else pytorch(seed)
    results.append(pair)
    print(f"{seed:4}" + "".join(f"  {accuracy:13.4f} {loss:8.4f}" for accuracy, loss in pair), flush=True)
for figure, name in enumerate(("accuracy", "loss")):
    left, right = ([pair[side][figure] for pair in results] for side in (0, 1))
    error = (statistics.variance(left) / len(left) + statistics.variance(right) / len(right)) ** 0.5
    print(f"{name}: {one} {statistics.mean(left):.4f} ± {statistics.stdev(left):.4f}, {other} {statistics.mean(right):.4f} ± {statistics.stdev(right):.4f}, difference {statistics.mean(left) - statistics.mean(right):+.4f} with standard error {error:.4f}")
