"""Fine-tunes as run_glue does with PyTorch and transformers, for so many steps, and prints figures as JSON. For measuring only.

usage: peer.py MODEL RTE_DIR BATCH STEPS max|none|group-by-length

max pads every batch to 128 tokens as run_glue does, none to the longest of the batch, and group-by-length also puts examples of like
length together, which changes the order of the data. Attention is PyTorch's fused one, and so is AdamW.
"""
import csv
import json
import os
import sys
import time

import torch
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer
from transformers.trainer_pt_utils import get_length_grouped_indices

MAX_LENGTH, WARM_UP = 128, 3
folder, data, batch_size, steps, padding = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]

torch.set_num_threads(os.cpu_count())
torch.manual_seed(42)
config = AutoConfig.from_pretrained(folder, num_labels=2)
model = AutoModelForSequenceClassification.from_pretrained(folder, config=config, attn_implementation="sdpa").train()
tokenizer = AutoTokenizer.from_pretrained(folder)
with open(data + "/train.tsv", encoding="utf8") as file:
    rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
encoded = tokenizer([row[1] for row in rows], [row[2] for row in rows], truncation=True, max_length=MAX_LENGTH)
examples = [(ids, types, int(row[3] != "entailment")) for ids, types, row in zip(encoded["input_ids"], encoded["token_type_ids"], rows)]
if padding == "group-by-length":
    order = get_length_grouped_indices([len(ids) for ids, _, _ in examples], batch_size)
    # It begins with the longest; of a few steps that stand for an epoch, the lengths must be the epoch's.
    batches = [order[i:i + batch_size] for i in range(0, len(order) - batch_size + 1, batch_size)]
    order = [example for i in torch.randperm(len(batches)).tolist() for example in batches[i]]
else:
    order = torch.randperm(len(examples)).tolist()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: max(0.0, (steps - step) / steps))


def flops(length):
    """Of the matrix products, forward and backward; EncoderConfig.trainingFlops counts the same."""
    hidden, inner = config.hidden_size, config.intermediate_size
    return 3 * config.num_hidden_layers * (2 * length * (4 * hidden**2 + 2 * hidden * inner) + 4 * length**2 * hidden)


seconds, work, to_first_step = [], [], 0.0
with open("/proc/self/stat") as stat, open("/proc/uptime") as uptime:
    started = time.time() - float(uptime.read().split()[0]) + int(stat.read().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
for step in range(steps):
    begin = time.perf_counter()
    chosen = [examples[order[(step * batch_size + i) % len(order)]] for i in range(batch_size)]
    length = MAX_LENGTH if padding == "max" else max(len(ids) for ids, _, _ in chosen)
    pad = lambda values: values + [0] * (length - len(values))
    loss = model(
        input_ids=torch.tensor([pad(ids) for ids, _, _ in chosen]),
        token_type_ids=torch.tensor([pad(types) for _, types, _ in chosen]),
        attention_mask=torch.tensor([pad([1] * len(ids)) for ids, _, _ in chosen]),
        labels=torch.tensor([label for _, _, label in chosen]),
    ).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    schedule.step()
    optimizer.zero_grad()
    loss.item()
    seconds.append(time.perf_counter() - begin)
    work.append(batch_size * flops(length))
    if step == 0:
        to_first_step = time.time() - started
print(json.dumps({
    "samples_per_second": batch_size * (steps - WARM_UP) / sum(seconds[WARM_UP:]),
    "gflops": sum(work[WARM_UP:]) / sum(seconds[WARM_UP:]) / 1e9,
    "start_to_first_step_s": to_first_step,
}))
