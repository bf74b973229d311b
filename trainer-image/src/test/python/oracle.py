"""What PyTorch and transformers make of tiny models, for FidelityTest. Run, with torch, transformers and safetensors: python oracle.py ../resources/reference

For BERT and DistilBERT, each with two outputs and as a regression: logits, loss and gradients of a batch of different lengths, and the weights
after 20 steps with clipping, weight decay and a schedule, by the AdamW of transformers 2.9 and by torch.optim.AdamW.
"""
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    DistilBertConfig,
    DistilBertForSequenceClassification,
    get_constant_schedule_with_warmup,
    get_cosine_schedule_with_warmup,
    get_linear_schedule_with_warmup,
)

from adamw import AdamWOfTransformers29

OUT = Path(sys.argv[1])
LENGTHS = [6, 8, 5, 20, 7, 7, 7, 7, 31, 3, 9]
LEARNING_RATE, WEIGHT_DECAY, EPSILON, STEPS, WARMUP = 0.01, 0.1, 1e-6, 20, 3


def examples(vocabulary):
    generator = torch.Generator().manual_seed(1)
    made = []
    for number, length in enumerate(LENGTHS):
        ids = torch.randint(5, vocabulary, (length,), generator=generator).tolist()
        ids[0], ids[length // 2], ids[-1] = 2, 3, 3
        made.append({"ids": ids, "types": [int(i > length // 2) for i in range(length)], "label": number % 2, "score": number * 0.5})
    return made


def batch(made, bert, regression):
    longest = max(LENGTHS)
    pad = lambda values: values + [0] * (longest - len(values))
    inputs = {
        "input_ids": torch.tensor([pad(one["ids"]) for one in made]),
        "attention_mask": torch.tensor([pad([1] * len(one["ids"])) for one in made]),
        "labels": torch.tensor([one["score"] if regression else one["label"] for one in made], dtype=torch.float if regression else torch.long),
    }
    if bert:
        inputs["token_type_ids"] = torch.tensor([pad(one["types"]) for one in made])
    return inputs


def optimizer_of(variant, model):
    undecayed = ("bias", "LayerNorm.weight")
    groups = [
        {"params": [p for n, p in model.named_parameters() if not any(u in n for u in undecayed)], "weight_decay": WEIGHT_DECAY},
        {"params": [p for n, p in model.named_parameters() if any(u in n for u in undecayed)], "weight_decay": 0.0},
    ]
    kind = AdamWOfTransformers29 if variant == "adamw_hf" else torch.optim.AdamW
    return kind(groups, lr=LEARNING_RATE, eps=EPSILON, weight_decay=0.0)


def schedule_of(kind, optimizer):
    if kind == "constant":
        return get_constant_schedule_with_warmup(optimizer, WARMUP)
    make = get_linear_schedule_with_warmup if kind == "linear" else get_cosine_schedule_with_warmup
    return make(optimizer, WARMUP, STEPS)


def model_of(kind, regression):
    torch.manual_seed(0)
    sizes = dict(vocab_size=30, max_position_embeddings=32, initializer_range=0.2, num_labels=1 if regression else 2)
    if kind == "bert":
        config = BertConfig(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, **sizes)
        model = BertForSequenceClassification(config)
    else:
        config = DistilBertConfig(dim=16, n_layers=2, n_heads=2, hidden_dim=32, dropout=0.0, attention_dropout=0.0, seq_classif_dropout=0.0, **sizes)
        model = DistilBertForSequenceClassification(config)
    with torch.no_grad():  # What would be 0 or 1 in a new model hides a mistake.
        for name, parameter in model.named_parameters():
            if "LayerNorm" in name or "layer_norm" in name or name.endswith("bias"):
                parameter.add_(torch.randn_like(parameter), alpha=0.1)
    return model


for kind in ("bert", "distilbert"):
    for regression in (False, True):
        folder = OUT / (kind + ("-regression" if regression else ""))
        folder.mkdir(parents=True, exist_ok=True)
        model = model_of(kind, regression)
        (folder / "config.json").write_text(json.dumps({k: v for k, v in model.config.to_dict().items() if v is not None}, indent=1) + "\n")
        save_file(model.state_dict(), folder / "model.safetensors")
        inputs = batch(examples(30), kind == "bert", regression)
        output = model.train()(**inputs)
        output.loss.backward()
        save_file({name: parameter.grad for name, parameter in model.named_parameters()}, folder / "gradients.safetensors")
        expected = {"examples": examples(30), "logits": output.logits.tolist(), "loss": output.loss.item(), "training": []}
        for variant, schedule in (("adamw_hf", "linear"), ("adamw_torch", "cosine"), ("adamw_hf", "constant")):
            if regression and schedule != "linear":
                continue
            model = model_of(kind, regression).train()
            optimizer = optimizer_of(variant, model)
            scheduler = schedule_of(schedule, optimizer)
            losses, norms, rates = [], [], []
            for _ in range(STEPS):
                loss = model(**inputs).loss
                loss.backward()
                norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item())
                losses.append(loss.item())
                rates.append(scheduler.get_last_lr()[0])
                optimizer.step()
                scheduler.step()
                optimizer.zero_grad()
            save_file(model.state_dict(), folder / f"{variant}-{schedule}.safetensors")
            expected["training"].append({"optimizer": variant, "schedule": schedule, "losses": losses, "norms": norms, "learningRates": rates})
        (folder / "expected.json").write_text(json.dumps(expected) + "\n")
